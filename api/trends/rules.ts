import { addDays, type Day } from '../deadline.ts'

export const DIMENSIONS = ['source', 'topic', 'mood', 'district'] as const
export type Dimension = (typeof DIMENSIONS)[number]
/** flagged = own and watch and those without a suggestion. */
export const MEASURES = ['flagged', 'own', 'watch'] as const
export type Measure = (typeof MEASURES)[number]

export interface DayCount {
  day: Day
  value: string
  posts: number
}

export interface TrendRow {
  /** Value of the dimension; '' = the posts say nothing about it. */
  value: string
  /** Posts per day of the chart. */
  days: number[]
  total: number
  /** The last seven days of the chart, and the seven before. */
  week: number
  weekBefore: number
}

/** Every day from `from` to `to`, both included. */
export function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return days
}

/** Where counting must begin so that the week before the last one is in it. */
export const countFrom = (from: Day, to: Day): Day => {
  const twoWeeks = addDays(to, -13)
  return twoWeeks < from ? twoWeeks : from
}

/** Rows with something in them, largest first; then those without a value. */
export function trendRows(counts: readonly DayCount[], from: Day, to: Day): TrendRow[] {
  const days = daysBetween(from, to)
  const at = new Map(days.map((day, i) => [day, i]))
  const [lastWeek, weekBefore] = [addDays(to, -6), addDays(to, -13)]
  const rows = new Map<string, TrendRow>()
  for (const { day, value, posts } of counts) {
    const row = rows.get(value) ?? { value, days: days.map(() => 0), total: 0, week: 0, weekBefore: 0 }
    rows.set(value, row)
    const i = at.get(day)
    if (i !== undefined) {
      row.days[i] = (row.days[i] as number) + posts
      row.total += posts
    }
    if (day >= lastWeek && day <= to) row.week += posts
    else if (day >= weekBefore && day < lastWeek) row.weekBefore += posts
  }
  return [...rows.values()]
    .filter(({ total, week, weekBefore }) => total || week || weekBefore)
    .sort(
      (a, b) =>
        Number(a.value === '') - Number(b.value === '') ||
        b.total - a.total ||
        b.week - a.week ||
        (a.value < b.value ? -1 : 1),
    )
}

/** All rows together. */
export function sumRows(rows: readonly TrendRow[]): Omit<TrendRow, 'value'> {
  const sum = (of: (row: TrendRow) => number) => rows.reduce((total, row) => total + of(row), 0)
  return {
    days: rows[0] ? rows[0].days.map((_, i) => sum(row => row.days[i] as number)) : [],
    total: sum(row => row.total),
    week: sum(row => row.week),
    weekBefore: sum(row => row.weekBefore),
  }
}
