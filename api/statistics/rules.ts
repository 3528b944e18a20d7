/** 统计 (S-37): what each slip counts as, and on which day; every figure is a sum of these. Pure. */
import { type Calendar, type Day, shanghaiDay, workingDaysBetween } from '../deadline.ts'

/** Formula of each measure, as it stands under the figure. */
export const MEASURES = {
  received: '受理：期内提交研判的处理单',
  feedback: '有反馈：期内受理的处理单中，各帖均已回复或有不回复理由的',
  result: '有落实：期内受理的处理单中，已写明落实情况的',
  due: '应办：时限在期内、已回复或已过时限的处理单',
  onTime: '按时：应办中首轮在时限内回复的',
  late: '超期：应办中首轮迟于时限回复或至今未回复的',
  extended: '延期：应办中经同意延期的',
  answered: '已回复：首轮在期内回复完毕的处理单（平均用时按工作日）',
  private: '单独回复：期内以论坛短信等方式回复的处理单',
  secondRound: '再次回应：期内开启第二轮及以上回应的处理单',
} as const
export type Measure = keyof typeof MEASURES

export const RATES = {
  onTime: '按时率 = 按时 ÷ 应办',
  feedback: '反馈率 = 有反馈 ÷ 受理',
  result: '落实率 = 有落实 ÷ 受理',
} as const

export const GROUPS = { unit: '主办处室', level: '等级', source: '来源', month: '月份' } as const
export type Group = keyof typeof GROUPS

/** What the figures need to know of one slip that was handed in and not voided. */
export interface SlipFigures {
  slipId: number
  unitId: number
  level: string | null
  source: string
  submittedAt: number
  answeredAll: boolean
  hasResult: boolean
  /** Round 1; null = not judged yet. */
  clock: { foundAt: number; dueAt: number | null; stoppedAt: number | null } | null
  extended: boolean
  /** Epoch ms of its first private reply in the period; null = none. */
  privateAt: number | null
  /** When each further round was opened. */
  roundsAt: number[]
}

export interface Event {
  measure: Measure
  /** Shanghai day on which it counts. */
  day: Day
  /** answered: working days from 发现 to the last reply (requirements.md 4.3.17). */
  workingDays?: number
}

/** Everything that a slip counts as. A slip counts once per measure and period, however often it happened. */
export function eventsOf(calendar: Calendar, it: SlipFigures, now: number): Event[] {
  const submitted = shanghaiDay(it.submittedAt)
  const events: Event[] = [{ measure: 'received', day: submitted }]
  if (it.answeredAll) events.push({ measure: 'feedback', day: submitted })
  if (it.hasResult) events.push({ measure: 'result', day: submitted })
  const { clock } = it
  if (clock && clock.dueAt !== null && (clock.stoppedAt !== null || now >= clock.dueAt)) {
    // A deadline is 24:00 of its day: its last millisecond tells the day.
    const day = shanghaiDay(clock.dueAt - 1)
    const inTime = clock.stoppedAt !== null && clock.stoppedAt < clock.dueAt
    events.push({ measure: 'due', day }, { measure: inTime ? 'onTime' : 'late', day })
    if (it.extended) events.push({ measure: 'extended', day })
  }
  if (clock?.stoppedAt != null) {
    const day = shanghaiDay(clock.stoppedAt)
    const workingDays = workingDaysBetween(calendar, shanghaiDay(clock.foundAt), day)
    events.push({ measure: 'answered', day, workingDays })
  }
  if (it.privateAt !== null) events.push({ measure: 'private', day: shanghaiDay(it.privateAt) })
  for (const at of it.roundsAt) events.push({ measure: 'secondRound', day: shanghaiDay(at) })
  return events
}

export interface Figures {
  counts: Record<Measure, number>
  /** null = nothing to divide by. */
  onTimeRate: number | null
  feedbackRate: number | null
  resultRate: number | null
  /** Mean working days of what was answered. */
  averageDays: number | null
}

export interface GroupedEvent extends Event {
  slipId: number
  key: string
}

/** Events of a period with the group they fall under. */
export function eventsIn(
  calendar: Calendar,
  slips: readonly SlipFigures[],
  period: { from: Day; to: Day },
  group: Group,
  now: number,
): GroupedEvent[] {
  return slips.flatMap(slip =>
    eventsOf(calendar, slip, now)
      .filter(({ day }) => period.from <= day && day <= period.to)
      .map(event => ({ ...event, slipId: slip.slipId, key: keyOf(group, slip, event) })),
  )
}

function keyOf(group: Group, slip: SlipFigures, { day }: Event): string {
  if (group === 'month') return day.slice(0, 7)
  if (group === 'unit') return String(slip.unitId)
  return group === 'level' ? (slip.level ?? '') : slip.source
}

export function figuresOf(events: readonly GroupedEvent[]): Figures {
  const slips = new Map<Measure, Set<number>>()
  let [days, answered] = [0, 0]
  for (const { measure, slipId, workingDays } of events) {
    slips.set(measure, (slips.get(measure) ?? new Set()).add(slipId))
    if (workingDays === undefined) continue
    days += workingDays
    answered++
  }
  const counts = Object.fromEntries(
    Object.keys(MEASURES).map(measure => [measure, slips.get(measure as Measure)?.size ?? 0]),
  ) as Record<Measure, number>
  const share = (part: Measure, whole: Measure) => (counts[whole] ? counts[part] / counts[whole] : null)
  return {
    counts,
    onTimeRate: share('onTime', 'due'),
    feedbackRate: share('feedback', 'received'),
    resultRate: share('result', 'received'),
    averageDays: answered ? days / answered : null,
  }
}
