/** How dates and times stand on paper (GB/T 9704: Arabic figures, written in full); Shanghai time. */
import { shanghaiDay } from '../deadline.ts'

const SHANGHAI_MS = 8 * 3_600_000

/** 2019年5月20日 */
export function paperDate(ms: number | null): string {
  if (ms === null) return ''
  const [year, month, day] = shanghaiDay(ms).split('-').map(Number) as [number, number, number]
  return `${year}年${month}月${day}日`
}

/** 2019年5月20日 09时20分 */
export function paperTime(ms: number | null): string {
  if (ms === null) return ''
  const clock = new Date(ms + SHANGHAI_MS).toISOString().slice(11, 16).split(':')
  return `${paperDate(ms)} ${clock[0]}时${clock[1]}分`
}

/** 24:00 of a day is the end of that day, not the beginning of the next. */
export function paperDeadline(ms: number | null): string {
  if (ms === null) return ''
  const isMidnight = (ms + SHANGHAI_MS) % 86_400_000 === 0
  return isMidnight ? `${paperDate(ms - 1)} 24时` : paperTime(ms)
}
