/** Hours of the day in which something rests, Shanghai time. Pure. */
import { shanghaiDay, startOfDay } from './deadline.ts'

const MINUTE = 60_000
const DAY_MS = 24 * 60 * MINUTE

export interface Quiet {
  /** HH:MM */
  from: string
  to: string
}

/** Minutes after midnight of `HH:MM`. */
const minutesOf = (clock: string): number => {
  const [hours, minutes] = clock.split(':').map(Number) as [number, number]
  return hours * 60 + minutes
}

export const isClock = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text)

/** The first instant from `at` on (epoch ms) that is not in quiet hours; from = to is none. */
export function afterQuiet(at: number, { from, to }: Quiet): number {
  const start = minutesOf(from)
  const end = minutesOf(to)
  if (start === end) return at
  const midnight = startOfDay(shanghaiDay(at))
  const now = (at - midnight) / MINUTE
  const isQuiet = start < end ? now >= start && now < end : now >= start || now < end
  if (!isQuiet) return at
  const ends = midnight + end * MINUTE
  return ends > at ? ends : ends + DAY_MS
}
