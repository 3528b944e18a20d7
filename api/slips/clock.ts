import {
  addDays,
  type Calendar,
  type Day,
  type DeadlineStep,
  dueDate,
  endOfDay,
  isWorkday,
  shanghaiDay,
  startOfDay,
  workdayFrom,
  workingDaysBetween,
} from '../deadline.ts'
import type { Settings } from '../settings/rules.ts'
import type { Level } from '../vocabulary.ts'
import type { ClockRow } from './store.ts'

export interface ClockHistory {
  at: number
  dueAt: number | null
  reason: string
  by: string
}

/** What days are counted by: the calendar as it is now, the switches as they were on the day of discovery. */
export interface Counting {
  calendar: Calendar
  settings: Settings
}

/** Working days of a level (S-14, S-19); 重大 has none, 办公室 types an instant (S-23). */
export function levelDays(level: Level, settings: Settings): number | null {
  const { general, complex } = settings['sentiment.days']
  return { general, complex, major: null }[level]
}

/** Minutes after midnight of `HH:MM`, in milliseconds. */
export const millisOf = (clock: string): number => {
  const [hours, minutes] = clock.split(':').map(Number) as [number, number]
  return (hours * 60 + minutes) * 60_000
}

/** 24:00 of the last day, or the close of the office. */
export const dueInstant = (settings: Settings, day: Day): number =>
  settings['sentiment.dueTime'] === '24:00'
    ? endOfDay(day)
    : startOfDay(day) + millisOf(settings['office.hours'].afternoon.to)

/** design §5.3: the Shanghai date of 发现; by switch the next working day where the office had closed. */
export function dayZero(calendar: Calendar, settings: Settings, foundAt: number): Day {
  const day = shanghaiDay(foundAt)
  if (!settings['sentiment.afterHoursRollsOver']) return day
  const closed = foundAt >= startOfDay(day) + millisOf(settings['office.hours'].afternoon.to)
  return closed && isWorkday(calendar, day) ? workdayFrom(calendar, addDays(day, 1)) : day
}

/**
 * S-14, S-19: the level's working days from the Shanghai date of 发现, which is not counted, to 24:00 of the last one.
 * 重大 (S-23) runs to the instant that 办公室 typed from the order; `until` is the day of a granted extension.
 */
export function runClock(
  { calendar, settings }: Counting,
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
  const days = levelDays(input.level, settings)
  const found = dayZero(calendar, settings, input.foundAt)
  const until = input.until ?? null
  const count = until === null ? days : workingDaysBetween(calendar, found, until)
  const due = count === null ? null : dueDate(calendar, found, count)
  const dueAt =
    until !== null ? dueInstant(settings, until) : due ? dueInstant(settings, due.day) : input.orderedAt
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
    // Counted anew, reminded anew: of what lies ahead.
    remind_at: 0,
    armed: before?.armed ?? 0,
    armed_at: change.at,
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
export const longestDay = ({ calendar, settings }: Counting, foundAt: number): Day =>
  dueDate(calendar, dayZero(calendar, settings, foundAt), settings['sentiment.days'].longest).day

/** S-29: initial response by day 2. */
export const initialDueAt = ({ calendar, settings }: Counting, foundAt: number): number =>
  dueInstant(
    settings,
    dueDate(calendar, dayZero(calendar, settings, foundAt), settings['sentiment.days'].initial).day,
  )

export const stepsOf = (clock: ClockRow): DeadlineStep[] => JSON.parse(clock.steps) as DeadlineStep[]

/** Answered in time, late, or (open) late already; null while it runs in time or has no end. */
export function onTime(clock: Pick<ClockRow, 'due_at' | 'stopped_at'>, now: number): boolean | null {
  if (clock.due_at === null) return null
  if (clock.stopped_at !== null) return clock.stopped_at < clock.due_at
  return now >= clock.due_at ? false : null
}
