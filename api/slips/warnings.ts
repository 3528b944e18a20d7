/** What a slip warns of on its page (strength W of requirements.md): nothing is refused for it. Pure. */
import {
  addDays,
  type Calendar,
  type Day,
  endOfDay,
  isWorkday,
  shanghaiDay,
  startOfDay,
  workdayFrom,
  workingDaysBetween,
} from '../deadline.ts'
import type { StoredEvidence } from '../evidence/store.ts'
import type { OriginalView } from '../posts/routes.ts'
import type { Settings } from '../settings/rules.ts'
import { DISMISS_REASONS, SLIP_STATES } from '../vocabulary.ts'
import { type Counting, millisOf, onTime } from './clock.ts'
import { withoutProof } from './completeness.ts'
import { activeEntries, clockOf, type WholeSlip } from './store.ts'

const HOUR_MS = 3_600_000

/** Milliseconds of office hours between two instants: two spans of every working day. */
export function officeTime(calendar: Calendar, settings: Settings, from: number, to: number): number {
  const { morning, afternoon } = settings['office.hours']
  let spent = 0
  for (let day = shanghaiDay(from); startOfDay(day) < to; day = addDays(day, 1)) {
    if (!isWorkday(calendar, day)) continue
    for (const span of [morning, afternoon]) {
      const [opens, shuts] = [span.from, span.to].map(each => startOfDay(day) + millisOf(each)) as [
        number,
        number,
      ]
      spent += Math.max(0, Math.min(shuts, to) - Math.max(opens, from))
    }
  }
  return spent
}

/** S-15: the working days after the answer on which somebody looks; 05-08 answered: 05-09, 05-10, 05-13. */
export function trackingDays({ calendar, settings }: Counting, repliedAt: number): Day[] {
  const days: Day[] = []
  for (let day = shanghaiDay(repliedAt); days.length < settings['sentiment.trackingWorkdays']; ) {
    day = workdayFrom(calendar, addDays(day, 1))
    days.push(day)
  }
  return days
}

/** Of those days, which have passed without an entry. */
function untracked(whole: WholeSlip, counting: Counting, now: number): Day[] {
  const { slip, replies, tracking } = whole
  const answers = replies.filter(({ round, kind }) => round === slip.round && kind === 'reply')
  if (slip.status !== 'tracking' || !answers.length) return []
  const seen = new Set(tracking.map(({ at }) => shanghaiDay(at)))
  const since = Math.max(...answers.map(({ replied_at }) => replied_at))
  return trackingDays(counting, since).filter(day => endOfDay(day) <= now && !seen.has(day))
}

const inWords = (day: Day): string => `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`

/** S-10, S-15, S-34: what the office or the unit is slow with; how long each may take are switches. */
function slow(whole: WholeSlip, counting: Counting, postsGone: boolean, now: number): string[] {
  const { slip } = whole
  const { calendar, settings } = counting
  const [hours, archiveDays] = [settings['sentiment.judgeHours'], settings['sentiment.archiveWarnWorkdays']]
  const waits = slip.status === 'judging' && slip.submitted_at !== null
  const unfiled = slip.status === 'finished' && slip.finished_at !== null
  const missed = postsGone ? [] : untracked(whole, counting, now)
  return [
    ...(waits && officeTime(calendar, settings, slip.submitted_at as number, now) > hours * HOUR_MS
      ? [`提交后超过 ${hours} 个办公小时还没有研判`] // S-10
      : []),
    ...(missed.length ? [`回复后应逐日跟踪，缺 ${missed.map(inWords).join('、')}`] : []), // S-15
    ...(unfiled &&
    workingDaysBetween(calendar, shanghaiDay(slip.finished_at as number), shanghaiDay(now)) > archiveDays
      ? [`办结后超过 ${archiveDays} 个工作日还没有移交`] // S-34
      : []),
  ]
}

/** S-9: the matter of a post on this slip is, or was, handled elsewhere already. */
export function repeatWarnings(whole: WholeSlip, originals: ReadonlyMap<number, OriginalView>): string[] {
  if (['archived', 'void'].includes(whole.slip.status)) return []
  const found = activeEntries(whole).flatMap(({ post_id }) => originals.get(post_id ?? 0) ?? [])
  return [
    ...new Set(
      found.flatMap(({ source, title, slips, dismissed }) => {
        const name = `${source}「${title}」`
        return [
          ...slips.map(
            ({ number, status }) =>
              `同样的内容已在处理单${number ?? ''}（${SLIP_STATES[status]}）上：${name}，请核对是否并入该单`,
          ),
          ...(dismissed
            ? [
                `同样的内容已标为不予处理（${DISMISS_REASONS[dismissed.reason]}${dismissed.by ? `，${dismissed.by}` : ''}）：${name}，请核对`,
              ]
            : []),
        ]
      }),
    ),
  ]
}

export function warningsOf(
  whole: WholeSlip,
  counting: Counting,
  facts: { evidence: StoredEvidence[]; postsGone: boolean },
  now: number,
): string[] {
  const { slip, replies } = whole
  const clock = clockOf(whole)
  const verified = (state: string) => replies.filter(({ verify }) => verify === state)
  return [
    ...(clock && onTime(clock, now) === false ? ['已超过答复时限'] : []),
    ...(clock?.provisional ? ['时限所在年份的放假安排尚未公布，为暂定'] : []),
    ...slow(whole, counting, facts.postsGone, now),
    ...(whole.transfers.filter(({ state }) => state === 'done').length > 1 ? ['已转办两次以上'] : []),
    ...(slip.level !== 'general' && replies.some(({ mode }) => mode === 'private')
      ? ['本级舆情一般应公开回复，已采用单独回复']
      : []),
    ...(whole.extensions.some(each => each.state === 'granted' && each.beyond_seven === 1)
      ? ['延期超过 7 个工作日，经主要领导批准']
      : []),
    ...(slip.pending_judgement ? ['定为重大，待办公室主任确认'] : []),
    ...verified('notFound').map(() => '多次回看页面没有找到回复，请核对网址（待核验）'),
    ...verified('different').map(() => '页面上的回复与审核同意的文稿有出入'),
    ...verified('gone').map(() => '核验过的回复在页面上已看不到'),
    // S-27: 待佐证.
    ...(withoutProof(whole, facts.evidence).length ? ['回复待佐证：没有截图，页面也未核验到'] : []),
  ]
}
