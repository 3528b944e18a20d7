import { type Calendar, type Day, type DeadlineStep, dueDate, endOfDay, shanghaiDay } from '../deadline.ts'
import type { Level } from '../vocabulary.ts'
import { LEVEL_DAYS, LONGEST_DAYS } from './rules.ts'
import type { ClockRow } from './store.ts'

export interface ClockHistory {
  at: number
  dueAt: number | null
  reason: string
  by: string
}

/**
 * S-14, S-19: the level's working days from the Shanghai date of 发现, which is not counted, to 24:00 of the last one.
 * 重大 (S-23) runs to the instant that 办公室 typed from the order. An extended or ordered end stays as it is.
 */
export function runClock(
  calendar: Calendar,
  input: { slipId: number; round: number; foundAt: number; level: Level; orderedAt: number | null },
  before: ClockRow | null,
  change: { at: number; reason: string; by: string },
): ClockRow {
  const days = LEVEL_DAYS[input.level]
  const due = days === null ? null : dueDate(calendar, shanghaiDay(input.foundAt), days)
  const dueAt = due ? endOfDay(due.day) : input.orderedAt
  const history: ClockHistory[] = [
    ...(before ? (JSON.parse(before.history) as ClockHistory[]) : []),
    { at: change.at, dueAt, reason: change.reason, by: change.by },
  ]
  return {
    slip_id: input.slipId,
    round: input.round,
    found_at: input.foundAt,
    due_at: dueAt,
    days,
    provisional: due?.provisional ? 1 : 0,
    steps: JSON.stringify(due?.steps ?? []),
    calendar_version: calendar.version,
    fixed: 0,
    stopped_at: before?.stopped_at ?? null,
    on_time: null,
    history: JSON.stringify(history),
  }
}

/** S-30: the last day that an extension may reach without 主要领导. */
export const longestDay = (calendar: Calendar, foundAt: number): Day =>
  dueDate(calendar, shanghaiDay(foundAt), LONGEST_DAYS).day

/** S-29: initial response by day 2, 24:00. */
export const initialDueAt = (calendar: Calendar, foundAt: number): number =>
  endOfDay(dueDate(calendar, shanghaiDay(foundAt), 2).day)

export const stepsOf = (clock: ClockRow): DeadlineStep[] => JSON.parse(clock.steps) as DeadlineStep[]

/** Answered in time, late, or (open) late already; null while it runs in time or has no end. */
export function onTime(clock: Pick<ClockRow, 'due_at' | 'stopped_at'>, now: number): boolean | null {
  if (clock.due_at === null) return null
  if (clock.stopped_at !== null) return clock.stopped_at < clock.due_at
  return now >= clock.due_at ? false : null
}
