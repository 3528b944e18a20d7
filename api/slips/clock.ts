import {
  type Calendar,
  type Day,
  type DeadlineStep,
  dueDate,
  endOfDay,
  shanghaiDay,
  workingDaysBetween,
} from '../deadline.ts'
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
 * 重大 (S-23) runs to the instant that 办公室 typed from the order; `until` is the day of a granted extension.
 */
export function runClock(
  calendar: Calendar,
  input: {
    slipId: number
    round: number
    foundAt: number
    level: Level
    orderedAt: number | null
    until?: Day | null
  },
  before: ClockRow | null,
  change: ClockChange,
): ClockRow {
  const days = LEVEL_DAYS[input.level]
  const found = shanghaiDay(input.foundAt)
  const until = input.until ?? null
  const count = until === null ? days : workingDaysBetween(calendar, found, until)
  const due = count === null ? null : dueDate(calendar, found, count)
  const dueAt = until !== null ? endOfDay(until) : due ? endOfDay(due.day) : input.orderedAt
  return {
    slip_id: input.slipId,
    round: input.round,
    found_at: input.foundAt,
    due_at: dueAt,
    days,
    provisional: due?.provisional ? 1 : 0,
    steps: JSON.stringify(due?.steps ?? []),
    calendar_version: calendar.version,
    fixed: until === null ? 0 : 1,
    stopped_at: before?.stopped_at ?? null,
    on_time: null,
    history: withChange(before, dueAt, change),
  }
}

/** Who changed a clock, when and why. */
export interface ClockChange {
  at: number
  reason: string
  by: string
}

/** JSON of the history with one more entry. */
export function withChange(before: ClockRow | null, dueAt: number | null, change: ClockChange): string {
  const known = before ? (JSON.parse(before.history) as ClockHistory[]) : []
  return JSON.stringify([...known, { at: change.at, dueAt, reason: change.reason, by: change.by }])
}

/** The day that a granted extension reaches; null where the clock runs by its level. */
export const extendedTo = (clock: ClockRow): Day | null =>
  clock.fixed === 1 && clock.due_at !== null ? shanghaiDay(clock.due_at - 1) : null

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
