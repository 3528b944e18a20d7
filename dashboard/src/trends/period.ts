const DAY_MS = 86_400_000

export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

interface Span {
  from: string
  to: string
}
/** The last seven days of a period and the seven before, as the server counts them. */
export interface Weeks {
  last: Span
  before: Span
}

export const weeksOf = (to: string): Weeks => ({
  last: { from: plusDays(to, -6), to },
  before: { from: plusDays(to, -13), to: plusDays(to, -7) },
})

/** `5月3日`, `5月3日至9日`, `4月28日至5月4日`. */
export function spanWords({ from, to }: Span): string {
  const [year, month, day] = from.split('-').map(Number)
  const [lastYear, lastMonth, lastDay] = to.split('-').map(Number)
  const start = `${month}月${day}日`
  if (from === to) return start
  if (year !== lastYear) return `${year}年${start}至${lastYear}年${lastMonth}月${lastDay}日`
  return `${start}至${month === lastMonth ? '' : `${lastMonth}月`}${lastDay}日`
}
