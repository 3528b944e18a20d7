/**
 * Dates as pages write them (sites.md §9): machine attribute first, then absolute, then relative text, on the
 * reference of the answer's time. Shanghai is +08:00 all year. Nothing is invented: what can't be read is null.
 */
import type { IsoInstant, Precision } from '../pipeline/post.ts'

export interface ReadDate {
  at: IsoInstant | null
  precision: Precision
}

const UNKNOWN: ReadDate = { at: null, precision: null }
const SHANGHAI_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
const UNITS = { 秒: 1_000, 分钟: 60_000, 小时: 3_600_000 } as const
const UNIT_PRECISION = { 秒: 'second', 分钟: 'minute', 小时: 'hour' } as const
/** Clocks of site and answer may differ a little. */
const SKEW_MS = 10 * 60_000

const normalise = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u00a0\u3000]/g, ' ')
    .replace(/^[\s[:]*(发表于|发布于|更新于|发布时间|发布日期|最后回复)?[\s:]*/, '')
    .replace(/\]\s*$/, '')
    .trim()

/** Wall time in Shanghai -> instant; null for a date that does not exist. */
function shanghai(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number | null {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const back = new Date(ms)
  const exists = back.getUTCMonth() === month - 1 && back.getUTCDate() === day
  return exists && hour < 24 && minute < 60 && second < 60 ? ms - SHANGHAI_MS : null
}

/** What a calendar holds; a page may say 99999999999999999999 小时前. */
const MOST_MS = 8.64e15

const answer = (ms: number | null, precision: Precision): ReadDate =>
  ms === null || !(Math.abs(ms) <= MOST_MS) ? UNKNOWN : { at: new Date(ms).toISOString(), precision }

const clockPrecision = (hour: string | undefined, second: string | undefined): Precision =>
  second !== undefined ? 'second' : hour !== undefined ? 'minute' : 'day'

function readAbsolute(text: string): ReadDate | null {
  const match =
    /^(\d{4})(?:-|\/|\.|年)(\d{1,2})(?:-|\/|\.|月)(\d{1,2})日?(?:\s+|T)?(?:(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(
      text,
    )
  if (!match) return null
  const [, year, month, day, hour, minute, second, zone] = match
  if (zone) {
    const ms = Date.parse(text.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
    return Number.isNaN(ms) ? UNKNOWN : answer(ms, clockPrecision(hour, second))
  }
  const parts = [year, month, day, hour ?? 0, minute ?? 0, second ?? 0].map(Number)
  const ms = shanghai(...(parts as [number, number, number, number, number, number]))
  return answer(ms, clockPrecision(hour, second))
}

/** `Mon, 23 Nov 2026 06:06:32 +0000` (RFC 822) and `Tue Mar 05 10:11:12 +0800 2024` (微博). */
function readEnglish(text: string): ReadDate | null {
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/.test(text) && !/^\d{1,2} [A-Z][a-z]{2} \d{4}/.test(text))
    return null
  const weibo = /^\w{3} (\w{3} \d{2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{4}) (\d{4})$/.exec(text)
  const written = weibo ? `${weibo[1]} ${weibo[4]} ${weibo[2]} ${weibo[3]}` : text
  const zoned = /(GMT|UTC|Z|[+-]\d{4})$/.test(written) ? written : `${written} +0800`
  const ms = Date.parse(zoned)
  return Number.isNaN(ms) ? UNKNOWN : answer(ms, 'second')
}

function readRelative(text: string, ref: number): ReadDate | null {
  if (text === '刚刚') return answer(ref, 'minute')
  if (text === '半小时前') return answer(ref - 30 * 60_000, 'hour')
  if (text === '半天前') return answer(ref - DAY_MS / 2, 'day')
  const units = /^(\d+)\s*(秒|分钟|小时)前$/.exec(text)
  if (units) {
    const unit = units[2] as keyof typeof UNITS
    return answer(ref - Number(units[1]) * UNITS[unit], UNIT_PRECISION[unit])
  }
  const today = new Date(ref + SHANGHAI_MS)
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth() + 1, today.getUTCDate()]
  const named = /^(今天|昨天|前天)\s*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text)
  if (named) {
    const back = ['今天', '昨天', '前天'].indexOf(named[1] as string)
    const midnight = (shanghai(year, month, day) as number) - back * DAY_MS
    const clock = (Number(named[2] ?? 0) * 3600 + Number(named[3] ?? 0) * 60 + Number(named[4] ?? 0)) * 1000
    return answer(midnight + clock, clockPrecision(named[2], named[4]))
  }
  const days = /^(\d+)\s*(天|周)前$/.exec(text)
  if (days) {
    const back = Number(days[1]) * (days[2] === '周' ? 7 : 1)
    return answer((shanghai(year, month, day) as number) - back * DAY_MS, 'day')
  }
  const longer = /^(\d+)\s*(个月|月|年)前$/.exec(text)
  if (!longer) return null
  const [count, inYears] = [Number(longer[1]), longer[2] === '年']
  const first = new Date(Date.UTC(year - (inYears ? count : 0), month - 1 - (inYears ? 0 : count), 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  const ms = shanghai(first.getUTCFullYear(), first.getUTCMonth() + 1, Math.min(day, last))
  return answer(ms, inYears ? 'year' : 'month')
}

/** Without a year or without a day: the nearest that is not in the future. */
function readShort(text: string, ref: number): ReadDate | null {
  const today = new Date(ref + SHANGHAI_MS)
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth() + 1, today.getUTCDate()]
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text)
  if (clock) {
    const ms = shanghai(year, month, day, Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0))
    return ms === null ? UNKNOWN : answer(ms > ref + SKEW_MS ? ms - DAY_MS : ms, clockPrecision('', clock[3]))
  }
  const date = /^(\d{1,2})(?:-|\/|月)(\d{1,2})日?(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text)
  if (!date) return null
  const [, m, d, hour, minute, second] = date
  const at = (y: number) =>
    shanghai(y, Number(m), Number(d), Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0))
  const same = at(year)
  const ms = same === null || same > ref + DAY_MS ? at(year - 1) : same
  return answer(ms, clockPrecision(hour, second))
}

/** `ref`: when the answer was received. An empty or unknown wording gives null with null precision. */
export function readDate(wording: string | null | undefined, ref: IsoInstant): ReadDate {
  const text = normalise(wording ?? '')
  if (!text) return UNKNOWN
  if (/^\d{10}$/.test(text)) return answer(Number(text) * 1000, 'second')
  if (/^\d{13}$/.test(text)) return answer(Number(text), 'second')
  const reference = Date.parse(ref)
  return (
    readAbsolute(text) ??
    readEnglish(text) ??
    readRelative(text, reference) ??
    readShort(text, reference) ??
    UNKNOWN
  )
}

const IN_TEXT =
  /\d{4}\s?(?:-|\/|\.|年)\s?\d{1,2}\s?(?:-|\/|\.|月)\s?\d{1,2}日?(?:T|\s*)(?:\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|\s?[+-]\d{2}:?\d{2})?)?|\d{1,2}月\d{1,2}日(?:\s*\d{1,2}:\d{2})?|(?:今天|昨天|前天)\s*\d{1,2}:\d{2}|\d{1,4}\s?(?:秒|分钟|小时|天)前/

/** The first date that stands in a longer text (`2021-01-05 10:20 来源：…`), as written there; null where there is none. */
export function findDate(text: string): string | null {
  const found = IN_TEXT.exec(text.normalize('NFKC').replace(/[\u00a0\u3000]/g, ' '))?.[0]
  return found ? found.replace(/(\d)\s?(-|\/|\.|年|月)\s?(?=\d)/g, '$1$2').trim() : null
}
