import type { Precision } from '../../pipeline/post.ts'

const parts = (ms: number) => {
  const d = new Date(ms + 8 * 3_600_000)
  const two = (n: number) => String(n).padStart(2, '0')
  return {
    date: `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`,
    time: `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`,
  }
}

/** Shanghai time, whatever the zone of the browser. */
export function dateTime(ms: number | null): string {
  if (ms === null) return '—'
  const { date, time } = parts(ms)
  return `${date} ${time}`
}

/** As fine as the page's own words were; unknown stays unknown. */
export function published(ms: number | null, precision: Precision): string {
  if (ms === null || precision === null) return '页面未显示'
  const { date, time } = parts(ms)
  if (precision === 'year') return `${date.slice(0, 4)}年`
  if (precision === 'month') return date.slice(0, 7)
  if (precision === 'day') return date
  return precision === 'hour' ? `${date} ${time.slice(0, 2)}时许` : `${date} ${time}`
}

/** 24:00 of a day is written so, not as 00:00 of the next. */
export function deadline(ms: number | null): string {
  if (ms === null) return '—'
  const { time } = parts(ms)
  return time === '00:00' ? `${parts(ms - 1).date} 24:00` : dateTime(ms)
}

/** `2026-11-24T10:30` of an input, taken as Shanghai time. */
export const fromInput = (value: string): number => Date.parse(`${value}:00+08:00`)
export const toInput = (ms: number): string => dateTime(ms).replace(' ', 'T')

export const shanghaiDay = (ms: number): string => parts(ms).date

/** `刚刚`, `12 分钟前`, `3 小时前`, else the date and time. */
export function ago(ms: number | null, now: number): string {
  if (ms === null) return '—'
  const minutes = Math.floor((now - ms) / 60_000)
  if (minutes < 1) return '刚刚'
  if (minutes < 60) return `${minutes} 分钟前`
  return minutes < 12 * 60 ? `${Math.floor(minutes / 60)} 小时前` : dateTime(ms)
}
