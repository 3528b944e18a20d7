/**
 * Working-day arithmetic (requirements.md §4): dates are Shanghai days, never UTC instants; day 0 is not counted;
 * a deadline is 24:00 of its day. Pure: the calendar is handed in, and nothing here asks what time it is.
 */

/** `YYYY-MM-DD`, a day in Shanghai. */
export type Day = string

export interface DayRule {
  workday: boolean
  /** Holiday's name, 调休上班, or the reason of a local override. */
  label: string
  from: 'notice' | 'override'
}

export interface Calendar {
  /** Changes whenever any rule changes; stored with every due date. */
  readonly version: string
  /** Days that are not what their weekday says; overrides already placed above notices. */
  readonly days: ReadonlyMap<Day, DayRule>
  /** Year -> number of its notice; null or missing = not published: provisional. */
  readonly notices: ReadonlyMap<number, string | null>
}

/** One day of the sum: 第1日 9月28日（星期日，调休上班）. */
export interface DeadlineStep {
  day: Day
  /** 0 = the day of discovery, not counted; null = a day off that is passed over. */
  number: number | null
  text: string
}

export interface Deadline {
  day: Day
  /** A day of the sum lies in a year whose notice is not entered yet. */
  provisional: boolean
  steps: DeadlineStep[]
}

const DAY_MS = 86_400_000
/** Shanghai has had no daylight saving time since 1991. */
const SHANGHAI_MS = 8 * 3_600_000
const WEEKDAYS = ['日', '一', '二', '三', '四', '五', '六'] as const
/** Fixed dates of 《全国年节及纪念日放假办法》, for years without a notice; lunar days need the notice. */
const STATUTORY: Readonly<Record<string, string>> = {
  '01-01': '元旦',
  '05-01': '劳动节',
  '05-02': '劳动节',
  '10-01': '国庆节',
  '10-02': '国庆节',
  '10-03': '国庆节',
}

const utc = (day: Day): number => Date.parse(`${day}T00:00:00Z`)
const fromUtc = (ms: number): Day => new Date(ms).toISOString().slice(0, 10)

/** True for a real date written `YYYY-MM-DD`, years 1900 to 2200. */
export function isDay(text: string): boolean {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false
  const ms = utc(text)
  return Number.isFinite(ms) && fromUtc(ms) === text
}

/** @throws RangeError when `day` is not a real date. */
export function addDays(day: Day, days: number): Day {
  if (!isDay(day)) throw new RangeError(`not a day: ${day}`)
  return fromUtc(utc(day) + days * DAY_MS)
}

/** The Shanghai day of an instant (epoch ms): 2025-10-09T16:30Z is 2025-10-10. */
export const shanghaiDay = (instant: number): Day => fromUtc(instant + SHANGHAI_MS)

/** 00:00 in Shanghai, epoch ms. */
export const startOfDay = (day: Day): number => utc(addDays(day, 0)) - SHANGHAI_MS

/** 24:00 in Shanghai, epoch ms: a reply at this instant or later is late. */
export const endOfDay = (day: Day): number => startOfDay(day) + DAY_MS

/** Answered before 24:00 of the last day (requirements.md 4.3.16). Both epoch ms. */
export const inTime = (answeredAt: number, dueAt: number): boolean => answeredAt < dueAt

const yearOf = (day: Day): number => Number(day.slice(0, 4))
const weekdayOf = (day: Day): number => new Date(utc(day)).getUTCDay()
export const isWeekend = (day: Day): boolean => weekdayOf(day) % 6 === 0
const statutory = (day: Day): string | undefined => STATUTORY[day.slice(5)]

/** The notice of that year is not entered, and no rule names the day itself. */
export function isProvisional(calendar: Calendar, day: Day): boolean {
  return !calendar.notices.get(yearOf(day)) && !calendar.days.has(day)
}

/** override, else notice, else weekday less the statutory days of a year without notice. */
export function isWorkday(calendar: Calendar, day: Day): boolean {
  const rule = calendar.days.get(day)
  if (rule) return rule.workday
  if (isWeekend(day)) return false
  return !(isProvisional(calendar, day) && statutory(day))
}

/** Why the day counts or does not: 调休上班, 国庆节放假, 周末, or '' for an ordinary working day. */
export function dayReason(calendar: Calendar, day: Day): string {
  const rule = calendar.days.get(day)
  if (rule) return rule.from === 'override' ? `本局调整：${rule.label}` : rule.label
  const fallback = isProvisional(calendar, day)
  const name = fallback ? statutory(day) : undefined
  const reason = name ? `${name}放假` : isWeekend(day) ? '周末' : ''
  const warning = fallback ? `${yearOf(day)}年放假安排未公布，暂定` : ''
  return [reason, warning].filter(Boolean).join('，')
}

function stepText(calendar: Calendar, day: Day, number: number | null, withYear: boolean): string {
  const [year, month, date] = day.split('-').map(Number)
  const inside = [`星期${WEEKDAYS[weekdayOf(day)]}`, dayReason(calendar, day)].filter(Boolean)
  const head = number === null ? '不计' : number === 0 ? '起算日' : `第${number}日`
  const tail = number === 0 ? '，当日不计' : ''
  return `${head} ${withYear ? `${year}年` : ''}${month}月${date}日（${inside.join('，')}${tail}）`
}

/**
 * The n-th working day after `day0`, which is not counted, with every day of the way explained (S-14, S-19, S-30).
 * `workingDays` 0 = the same day.
 * @throws RangeError for a day that does not exist, or when `workingDays` is not a whole number from 0 to 3660.
 */
export function dueDate(calendar: Calendar, day0: Day, workingDays: number): Deadline {
  if (!isDay(day0)) throw new RangeError(`not a day: ${day0}`)
  if (!Number.isInteger(workingDays) || workingDays < 0 || workingDays > 3660)
    throw new RangeError(`not a number of working days: ${workingDays}`)
  const steps: DeadlineStep[] = [{ day: day0, number: 0, text: stepText(calendar, day0, 0, false) }]
  let day = day0
  let counted = 0
  let provisional = workingDays === 0 && isProvisional(calendar, day0)
  while (counted < workingDays) {
    day = addDays(day, 1)
    provisional ||= isProvisional(calendar, day)
    const number = isWorkday(calendar, day) ? ++counted : null
    steps.push({ day, number, text: stepText(calendar, day, number, yearOf(day) !== yearOf(day0)) })
  }
  return { day, provisional, steps }
}

/** Working days after `from` up to and with `to` (requirements.md 4.3.17); 0 where `to` is not later. */
export function workingDaysBetween(calendar: Calendar, from: Day, to: Day): number {
  let count = 0
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) if (isWorkday(calendar, day)) count++
  return count
}

/** The first working day on or after `day`. */
export function workdayFrom(calendar: Calendar, day: Day): Day {
  let found = addDays(day, 0)
  while (!isWorkday(calendar, found)) found = addDays(found, 1)
  return found
}

/** The last working day before `day`: 提前一天 on working days, reminders (S-33). */
export function previousWorkday(calendar: Calendar, day: Day): Day {
  let found = addDays(day, -1)
  while (!isWorkday(calendar, found)) found = addDays(found, -1)
  return found
}

export interface MonthDeadline {
  /** Last day on which the act is in time. */
  day: Day
  /** Same day number of the later month, its last day where it has none. */
  nominal: Day
  provisional: boolean
}

/** 一个月内 (A-27): same day number of the next month, moved on where it falls on a day off. */
export function monthDeadline(calendar: Calendar, day: Day, months = 1): MonthDeadline {
  if (!isDay(day)) throw new RangeError(`not a day: ${day}`)
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  const nominal = fromUtc(Date.UTC(year, month - 1 + months, Math.min(date, last)))
  const due = workdayFrom(calendar, nominal)
  let provisional = false
  for (let each = nominal; each <= due; each = addDays(each, 1)) provisional ||= isProvisional(calendar, each)
  return { day: due, nominal, provisional }
}
