import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { shippedCalendar } from '../../../api/calendar/shipped.ts'
import { dueDate, isWorkday } from '../../../api/deadline.ts'

/**
 * Weekdays off and weekend days worked as another's library has them (Python chinesecalendar 1.11.0, MIT, which its
 * authors keep by hand from the same notices), and the plainest way to count: one day after the other.
 */
const facts = JSON.parse(readFileSync(new URL('independent.json', import.meta.url), 'utf8')) as Record<
  string,
  { off: string; work: string }
>
const daysOf = (kind: 'off' | 'work') =>
  new Set(
    Object.entries(facts).flatMap(([year, lists]) =>
      lists[kind].split(' ').map(text => `${year}-${text.slice(0, 2)}-${text.slice(2)}`),
    ),
  )
const [off, work] = [daysOf('off'), daysOf('work')]
const DAY_MS = 86_400_000
const LAST = '2026-12-31'
const textOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const works = (ms: number): boolean => {
  const [day, weekday] = [textOf(ms), new Date(ms).getUTCDay()]
  return weekday % 6 === 0 ? work.has(day) : !off.has(day)
}

function plainDue(start: number, days: number): string {
  let at = start
  for (let left = days; left > 0; ) {
    at += DAY_MS
    if (works(at)) left--
  }
  return textOf(at)
}

it('S-14, S-19, S-30: every start from 2007 on, 1, 2, 5, 7 and 10 days, due by 2026-12-31: as an independent calendar', () => {
  const calendar = shippedCalendar()
  const wrong: string[] = []
  let compared = 0
  for (let ms = Date.UTC(2007, 0, 1); textOf(ms) <= LAST; ms += DAY_MS) {
    const start = textOf(ms)
    if (isWorkday(calendar, start) !== works(ms)) wrong.push(`${start} itself`)
    for (const days of [1, 2, 5, 7, 10]) {
      const expected = plainDue(ms, days)
      if (expected > LAST) continue
      compared++
      const { day, provisional } = dueDate(calendar, start, days)
      if (day !== expected || provisional) wrong.push(`${start} + ${days}: ${day}, not ${expected}`)
    }
  }
  expect(wrong).toEqual([])
  expect(compared).toBeGreaterThan(36_000)
})
