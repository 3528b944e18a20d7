/** When whom to remind of a clock (S-33, S-23). Pure: the calendar and the switches are handed in. */
import { addDays, previousWorkday, shanghaiDay, startOfDay } from '../deadline.ts'
import type { Level } from '../vocabulary.ts'
import { type Counting, millisOf } from './clock.ts'

const HOUR_MS = 3_600_000

/**
 * before, morning, afternoon, overdue: S-33; soon, passed: 重大 by its ordered instant; shadowReport, shadowResponse:
 * the national rule beside it, which only warns.
 */
export type Stage =
  | 'before'
  | 'morning'
  | 'afternoon'
  | 'overdue'
  | 'soon'
  | 'passed'
  | 'shadowReport'
  | 'shadowResponse'

export interface Point {
  stage: Stage
  /** Epoch ms. */
  at: number
}

export interface Reminded {
  level: Level
  round: number
  foundAt: number
  judgedAt: number
  dueAt: number | null
  stoppedAt: number | null
  serious: boolean
  reportsOut: boolean
  /** The public has its answer, or the approved reason for none. */
  answered: boolean
}

/** S-33: the working day before 09:00, the day itself 09:00 and two hours before closing, the day after 09:00. */
function dayPoints({ calendar, settings }: Counting, dueAt: number): Point[] {
  const { morning, afternoon } = settings['office.hours']
  const open = millisOf(morning.from)
  const due = shanghaiDay(dueAt - 1)
  return [
    { stage: 'before', at: startOfDay(previousWorkday(calendar, due)) + open },
    { stage: 'morning', at: startOfDay(due) + open },
    { stage: 'afternoon', at: startOfDay(due) + millisOf(afternoon.to) - 2 * HOUR_MS },
    { stage: 'overdue', at: startOfDay(addDays(due, 1)) + open },
  ]
}

/** 重大 runs in real hours, nights and days off included. */
function majorPoints({ settings }: Counting, it: Reminded): Point[] {
  const { serious, other } = settings['sentiment.majorShadowHours']
  const points: Point[] = []
  if (it.dueAt !== null && it.stoppedAt === null)
    points.push({ stage: 'soon', at: it.dueAt - 2 * HOUR_MS }, { stage: 'passed', at: it.dueAt })
  if (it.round > 1) return points
  if (!it.reportsOut)
    points.push({ stage: 'shadowReport', at: startOfDay(addDays(shanghaiDay(it.judgedAt), 1)) })
  if (!it.answered)
    points.push({ stage: 'shadowResponse', at: it.foundAt + (it.serious ? serious : other) * HOUR_MS })
  return points
}

/** Every moment at which somebody has to hear of this clock, in order. */
export function pointsOf(counting: Counting, it: Reminded): Point[] {
  const points =
    it.level === 'major'
      ? majorPoints(counting, it)
      : it.dueAt === null || it.stoppedAt !== null
        ? []
        : dayPoints(counting, it.dueAt)
  return points.toSorted((a, b) => a.at - b.at)
}

/** The shadow clocks of 重大, as the slip shows them (S-23). */
export function shadowsOf(
  counting: Counting,
  it: Pick<Reminded, 'foundAt' | 'judgedAt' | 'serious'>,
): { reportBy: number; responseBy: number } {
  const { serious, other } = counting.settings['sentiment.majorShadowHours']
  return {
    reportBy: startOfDay(addDays(shanghaiDay(it.judgedAt), 1)),
    responseBy: it.foundAt + (it.serious ? serious : other) * HOUR_MS,
  }
}

/** After a return the last reminder that had come is due again, for whoever has the text now. */
export const rearmedAt = (points: readonly Point[], now: number): number =>
  points.findLast(({ at }) => at <= now)?.at ?? now

/** How often an unacknowledged reminder climbs, and by how much: head, leader in charge, 办公室主任 (§5.3.8). */
export const CLIMB_MS = 2 * HOUR_MS
export const LAST_RUNG = 3

export const STAGE_WORDS: Record<Stage, string> = {
  before: '下一工作日到期',
  morning: '今日到期',
  afternoon: '今日到期，距下班不足两小时',
  overdue: '已超过答复时限',
  soon: '两小时内到期',
  passed: '已超过上级要求的时限',
  shadowReport: '当日尚未完成上报',
  shadowResponse: '尚未对外回应，已到参考时限',
}
