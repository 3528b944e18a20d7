/** S-4, S-5: who went through the sources on which day, and what was left out. Pure. */
import { addDays, type Calendar, type Day, isWorkday, startOfDay } from '../deadline.ts'
import type { Settings } from '../settings/rules.ts'

const HOUR_MS = 3_600_000

/** Key sources that were not ticked; a source counts for a key that its name contains (微信公众号 for 公众号). */
export const missingKeys = (keys: readonly string[], ticked: readonly string[]): string[] =>
  keys.filter(key => !ticked.some(name => name.includes(key)))

/** Every calendar day; on days off only where 值班 patrols. */
export const isExpected = (calendar: Calendar, settings: Settings, day: Day): boolean =>
  settings['sentiment.patrolOnDaysOff'] || isWorkday(calendar, day)

/** The morning after, 09:00: from then on a missing log is a warning. */
export const warnAt = (day: Day): number => startOfDay(addDays(day, 1)) + 9 * HOUR_MS

/** Days of a month `YYYY-MM` up to and with `until`. */
export function daysOfMonth(month: string, until: Day): Day[] {
  const days: Day[] = []
  for (let day = `${month}-01`; day.startsWith(month) && day <= until; day = addDays(day, 1)) days.push(day)
  return days
}

export const isMonth = (text: string): boolean => /^20\d\d-(0[1-9]|1[0-2])$/.test(text)
