import { shanghaiDay } from '../format.ts'

export interface Period {
  from: string
  to: string
}

const two = (n: number) => String(n).padStart(2, '0')
/** Whole months: `first` counted from January of `year`, may run over it. */
function months(year: number, first: number, count: number): Period {
  const [start, last] = [new Date(Date.UTC(year, first, 1)), new Date(Date.UTC(year, first + count, 0))]
  const day = (date: Date) =>
    `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
  return { from: day(start), to: day(last) }
}
const today = (now: number) => shanghaiDay(now).split('-').map(Number) as [number, number, number]

export const PERIODS: readonly [Named, ...Named[]] = [
  { name: '本月', of: now => months(today(now)[0], today(now)[1] - 1, 1) },
  { name: '上月', of: now => months(today(now)[0], today(now)[1] - 2, 1) },
  { name: '本季', of: now => months(today(now)[0], Math.floor((today(now)[1] - 1) / 3) * 3, 3) },
  { name: '本年', of: now => months(today(now)[0], 0, 12) },
]

interface Named {
  name: string
  of(now: number): Period
}
