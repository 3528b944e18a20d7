import { createHash } from 'node:crypto'
import { parse } from 'yaml'
import { addDays, type Calendar, type Day, type DayRule, isDay, isWeekend } from '../deadline.ts'

/** The notice of one year: what it turns off and what it makes work. */
export interface YearNotice {
  year: number
  /** Number of the notice; null = not published yet. */
  notice: string | null
  sources: string[]
  off: { day: Day; name: string }[]
  work: Day[]
}

/** 本局调整: closing a working day or opening a day off, with its basis (requirements.md 4.3.20). */
export interface Override {
  day: Day
  workday: boolean
  reason: string
}

export class CalendarFileError extends Error {}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `2019-02-04` or `2019-02-04..2019-02-10`; null where it is neither. */
export function daysOfRange(text: string): Day[] | null {
  const [from, to = from, ...rest] = text.split('..').map(part => part.trim())
  if (!from || !to || rest.length || !isDay(from) || !isDay(to) || to < from) return null
  const days: Day[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  // A mistyped year would turn everything off: no notice has ever named a longer run.
  return days.length > 31 ? null : days
}

function readDays(value: unknown, where: string, problems: string[]): Day[] {
  if (!Array.isArray(value)) {
    problems.push(`${where} 应为日期清单。`)
    return []
  }
  return value.flatMap(item => {
    const days = daysOfRange(String(item))
    if (!days) problems.push(`${where} 的「${String(item)}」不是日期或「起..止」。`)
    return days ?? []
  })
}

function readYear(value: unknown, problems: string[]): YearNotice | null {
  if (!isRecord(value) || !Number.isInteger(value.year)) {
    problems.push('years 中有一段没有写 year（年份）。')
    return null
  }
  const year = Number(value.year)
  const off = isRecord(value.off) ? Object.entries(value.off) : []
  const notice = {
    year,
    notice: value.notice ? String(value.notice) : null,
    sources: Array.isArray(value.sources) ? value.sources.map(String) : [],
    off: off.flatMap(([name, days]) =>
      readDays(days, `${year}年 off ${name}`, problems).map(day => ({ day, name })),
    ),
    work: readDays(value.work ?? [], `${year}年 work`, problems),
  }
  problems.push(...noticeProblems(notice))
  return notice
}

/** What is wrong with a notice, in Chinese; empty = nothing. */
export function noticeProblems({ year, off, work }: YearNotice): string[] {
  const problems: string[] = []
  const offDays = off.map(item => item.day)
  const near = (day: Day) => Math.abs(Number(day.slice(0, 4)) - year) <= 1
  for (const day of [...offDays, ...work].filter(day => !near(day)))
    problems.push(`${day} 不在${year}年前后。`)
  for (const day of work.filter(day => offDays.includes(day))) problems.push(`${day} 既列为放假又列为上班。`)
  for (const list of [offDays, work])
    for (const day of list.filter((day, at) => list.indexOf(day) !== at)) problems.push(`${day} 重复列出。`)
  return problems
}

/** @throws CalendarFileError naming every problem, in Chinese. */
export function readCalendarFile(text: string): YearNotice[] {
  let parsed: unknown
  try {
    // `core` keeps dates as text.
    parsed = parse(text, { schema: 'core' })
  } catch (cause) {
    throw new CalendarFileError(`放假调休日历不是正确的 YAML：${(cause as Error).message}`)
  }
  const problems: string[] = []
  const list = isRecord(parsed) && Array.isArray(parsed.years) ? parsed.years : []
  if (!list.length) problems.push('缺少 years。')
  const years = list.map(item => readYear(item, problems)).filter(item => item !== null)
  if (new Set(years.map(item => item.year)).size < years.length) problems.push('同一年写了两段。')
  if (problems.length) throw new CalendarFileError(`放假调休日历有误：\n${problems.join('\n')}`)
  return years
}

/** Later notices win over earlier ones (December may stand in the next year's), overrides over all. */
export function makeCalendar(notices: readonly YearNotice[], overrides: readonly Override[] = []): Calendar {
  const days = new Map<Day, DayRule>()
  const years = notices.toSorted((a, b) => a.year - b.year)
  for (const { off, work } of years) {
    for (const { day, name } of off) days.set(day, { workday: false, label: `${name}放假`, from: 'notice' })
    // A notice may also name an ordinary weekday (2020-02-03): it works, but makes up for nothing.
    for (const day of work)
      days.set(day, { workday: true, label: isWeekend(day) ? '调休上班' : '', from: 'notice' })
  }
  for (const { day, workday, reason } of overrides)
    days.set(day, { workday, label: `${reason}，${workday ? '上班' : '放假'}`, from: 'override' })
  const content = JSON.stringify([
    years.map(({ year, notice }) => [year, notice]),
    [...days].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ])
  return {
    version: createHash('sha256').update(content).digest('hex').slice(0, 12),
    days,
    notices: new Map(years.map(({ year, notice }) => [year, notice])),
  }
}
