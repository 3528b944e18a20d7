/** Reads the wording of a year's notice on holidays, as it is pasted from the page. Pure. */
import { addDays, type Day, isDay } from '../deadline.ts'
import type { YearNotice } from './rules.ts'

export interface ReadNotice {
  /** As published: 国办发明电〔2025〕7号; null where the text does not say. */
  number: string | null
  off: YearNotice['off']
  work: Day[]
  /** What does not fit together, in Chinese; empty = nothing. */
  problems: string[]
}

const WEEKDAYS = '日一二三四五六'
const ITEM = /(?:^|[\n。；])\s*(?:[一二三四五六七八九十]+[、.．]|\d+[、.．])\s*([^：:\n]{2,12})[：:]/g
const DATE = /(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[（(]([^）)]*)[）)])?/g

interface Found {
  day: Day
  /** Position in the clause, and where the date's words end. */
  from: number
  to: number
}

/** The dates of a clause; year and month carry on from the date before. */
function datesIn(clause: string, year: number, problems: string[]): Found[] {
  const found: Found[] = []
  let [y, m] = [year, 0]
  for (const match of clause.matchAll(DATE)) {
    y = match[1] ? Number(match[1]) : y
    m = match[2] ? Number(match[2]) : m
    const day = `${y}-${String(m).padStart(2, '0')}-${String(match[3]).padStart(2, '0')}`
    if (!isDay(day)) {
      problems.push(`「${match[0]}」不是日期。`)
      continue
    }
    const named = /(?:周|星期)([日天一二三四五六])/.exec(match[4] ?? '')?.[1]?.replace('天', '日')
    const actual = WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]
    if (named && named !== actual) problems.push(`${day} 是星期${actual}，原文写作星期${named}，请核对年份。`)
    found.push({ day, from: match.index, to: match.index + match[0].length })
  }
  return found
}

/** Single days and 起至止 ranges, in order. */
function daysOf(clause: string, dates: readonly Found[], problems: string[]): Day[] {
  const days: Day[] = []
  for (let at = 0; at < dates.length; at++) {
    const { day, to } = dates[at] as Found
    const next = dates[at + 1]
    const isRange = next !== undefined && /^[至到—-]+$/.test(clause.slice(to, next.from).trim())
    if (!isRange) {
      days.push(day)
      continue
    }
    if (next.day < day || addDays(day, 31) < next.day) problems.push(`「${day} 至 ${next.day}」的起止不对。`)
    else for (let each = day; each <= next.day; each = addDays(each, 1)) days.push(each)
    at++
  }
  return days
}

/** @param year the year that the notice is for; dates without a year are of it. */
export function readNoticeText(text: string, year: number): ReadNotice {
  const problems: string[] = []
  const off: YearNotice['off'] = []
  const work: Day[] = []
  const clean = text.replace(/\r/g, '').replace(/[ \t\u3000]/g, '')
  const items = [...clean.matchAll(ITEM)]
  for (const [at, item] of items.entries()) {
    const name = item[1] as string
    const body = clean.slice(item.index + item[0].length, items[at + 1]?.index ?? clean.length)
    // The last item runs into the closing paragraph: its own lines end with an empty one or a new paragraph.
    for (const clause of (body.split('\n')[0] as string).split(/[。；;]/)) {
      const parts = clause.split(/[，,]/)
      let days: Day[] = []
      for (const part of parts) {
        const here = daysOf(part, datesIn(part, year, problems), problems)
        days = here.length ? here : days
        if (part.includes('上班')) work.push(...days)
        else if (/放假|调休|休息/.test(part) && here.length) off.push(...days.map(day => ({ day, name })))
        const count = /共(\d+)天/.exec(part)?.[1]
        if (count && Number(count) !== days.length)
          problems.push(`${name}：原文共 ${count} 天，读出 ${days.length} 天，请核对。`)
      }
    }
  }
  if (!off.length) problems.push('没有读出放假日期，请粘贴通知中「一、元旦：…」各条原文。')
  const number = /国办发明电〔\d{4}〕\d+号/.exec(clean)?.[0] ?? null
  return { number, off, work, problems }
}
