import { readFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { makeCalendar } from '../../../api/calendar/rules.ts'
import { shippedCalendar, shippedNotices } from '../../../api/calendar/shipped.ts'
import {
  dueDate,
  endOfDay,
  inTime,
  isWorkday,
  monthDeadline,
  previousWorkday,
  shanghaiDay,
  workingDaysBetween,
} from '../../../api/deadline.ts'
import { deadlineCommand } from '../../../api/deadline-command.ts'

const file = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
const calendar = shippedCalendar()

describe('working days of 2007-2026', () => {
  const spans = file('spans.json') as {
    id: string
    start: string
    days: number
    due: string
    startIsWorkday: boolean
    calendarDays: number
  }[]

  it('all public cases', () => {
    expect(spans.length).toBe(234)
    for (const { id, start, days, due, startIsWorkday } of spans) {
      expect([id, dueDate(calendar, start, days).day, isWorkday(calendar, start)]).toEqual([
        id,
        due,
        startIsWorkday,
      ])
      expect(workingDaysBetween(calendar, start, due)).toBe(days)
    }
  })

  const cases = file('working-days.json') as {
    addWorkdays: { day0: string; day0IsWorkday: boolean; plus: Record<string, string> }[]
  }

  it('all cases of workday_cases.json', () => {
    expect(cases.addWorkdays.length).toBeGreaterThan(10)
    for (const { day0, day0IsWorkday, plus } of cases.addWorkdays) {
      expect([day0, isWorkday(calendar, day0)]).toEqual([day0, day0IsWorkday])
      for (const [days, due] of Object.entries(plus))
        expect([day0, days, dueDate(calendar, day0, Number(days)).day]).toEqual([day0, days, due])
    }
  })
})

describe('the sum that is shown', () => {
  it('says why each day counts or not (S-14, S-19)', () => {
    const { steps, day, provisional } = dueDate(calendar, '2025-09-26', 2)
    expect(day).toBe('2025-09-29')
    expect(provisional).toBe(false)
    expect(steps.map(({ text }) => text)).toEqual([
      '起算日 9月26日（星期五，当日不计）',
      '不计 9月27日（星期六，周末）',
      '第1日 9月28日（星期日，调休上班）',
      '第2日 9月29日（星期一）',
    ])
  })

  it('2027 is provisional until its notice is entered', () => {
    const before = dueDate(calendar, '2026-12-30', 5)
    expect(before.provisional).toBe(true)
    expect(before.steps.some(({ text }) => text.includes('2027年放假安排未公布，暂定'))).toBe(true)
    const entered = makeCalendar([
      ...shippedNotices(),
      {
        year: 2027,
        notice: '国办发明电〔2026〕9号',
        sources: [],
        off: [{ day: '2027-01-01', name: '元旦' }],
        work: [],
      },
    ])
    expect(dueDate(entered, '2026-12-30', 5).provisional).toBe(false)
    expect(entered.version).not.toBe(calendar.version)
  })

  it('a local adjustment stands above the notice', () => {
    const closed = makeCalendar(shippedNotices(), [{ day: '2026-11-25', workday: false, reason: '台风停工' }])
    expect(dueDate(closed, '2026-11-24', 1).day).toBe('2026-11-26')
    expect(dueDate(calendar, '2026-11-24', 1).day).toBe('2026-11-25')
  })
})

describe('instants', () => {
  it('a deadline is 24:00 of its Shanghai day, whatever the zone of the machine', () => {
    expect(shanghaiDay(Date.parse('2025-10-09T16:30:00Z'))).toBe('2025-10-10')
    expect(new Date(endOfDay('2025-10-10')).toISOString()).toBe('2025-10-10T16:00:00.000Z')
    expect(inTime(endOfDay('2025-10-10') - 1, endOfDay('2025-10-10'))).toBe(true)
    expect(inTime(endOfDay('2025-10-10'), endOfDay('2025-10-10'))).toBe(false)
  })

  it('months: same day number, moved on where it falls on a day off (A-27)', () => {
    expect(monthDeadline(calendar, '2026-01-31')).toMatchObject({ nominal: '2026-02-28', day: '2026-02-28' })
    expect(previousWorkday(calendar, '2026-02-24')).toBe('2026-02-14')
  })

  it('a day that does not exist is refused', () => {
    expect(() => dueDate(calendar, '2026-02-30', 2)).toThrow(RangeError)
    expect(() => dueDate(calendar, '2026-02-20', 1.5)).toThrow(RangeError)
  })
})

it('the command answers line by line, and names a bad line', async () => {
  const written: string[] = []
  const errors: string[] = []
  const into = (list: string[]) =>
    new Writable({
      write(chunk, _encoding, done) {
        list.push(String(chunk))
        done()
      },
    })
  const input = Readable.from([
    '{"id":1,"start":"2025-09-26","days":2}\n\nnot json\n{"id":2,"start":"2025-09-31","days":1}\n',
  ])
  expect(await deadlineCommand(input, into(written), into(errors))).toBe(2)
  expect(written.map(line => JSON.parse(line)).map(({ id, due }) => [id, due])).toEqual([
    [1, '2025-09-29'],
    [null, undefined],
    [null, undefined],
  ])
  expect(errors).toHaveLength(2)
  expect(errors[1]).toContain('第4行')
})
