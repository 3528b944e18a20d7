import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CalendarYear, NoticeReading } from '../../../api/calendar/routes.ts'
import type { CalendarPreview } from '../../../api/deadlines/routes.ts'
import { warnMissingYear } from '../../../api/deadlines/warn.ts'
import { recountClocks } from '../../../api/slips/recount.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast } from '../slips/cast.ts'
import { at, Road } from '../slips/road.ts'

// Invented for this test: what the notice of 2027 may look like.
const TEXT = `国办发明电〔2026〕99号
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。`

describe.each(['sqlite', 'postgres'] as const)('calendar through the API on %s', kind => {
  let test: TestContext
  let road: Road
  beforeAll(async () => {
    test = await testContext(at('2026-10-30T09:00:00'), { open: () => freshDatabase(kind) })
    await addCast(test.context, '2026-10-30')
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  const yearOf = async (year: number): Promise<CalendarYear> =>
    (await test.as('clerk')('GET', `/api/calendar/${year}`)).json()
  async function judged(time: string, level: string) {
    test.clock.now = at(time)
    const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
    const sent = await road.go('ownduty', slip, 'submit')
    return road.go('officer', sent, 'judge', { level, ground: '需核实', leadUnitId: 2 })
  }
  const calendarNotices = () =>
    test.context.db
      .selectFrom('notice')
      .select(['title', 'created_at'])
      .where('topic', '=', 'calendar')
      .execute()

  it('from 1 November next year’s missing notice is told each week, until it is entered', async () => {
    expect(await warnMissingYear(test.context)).toBe(false)
    for (const [time, told] of [
      ['2026-11-01T09:00:00', true],
      ['2026-11-01T10:00:00', false],
      ['2026-11-02T09:00:00', true],
      ['2026-11-08T09:00:00', false],
    ] as const) {
      test.clock.now = at(time)
      expect(await warnMissingYear(test.context), time).toBe(told)
    }
    expect((await calendarNotices()).map(({ title }) => title)).toEqual(
      Array(2).fill('2027年放假安排尚未录入'),
    )
  })

  it('the pasted wording is read, its effect shown, and only then entered; open clocks move and say why', async () => {
    const slip = await judged('2026-12-29T10:00:00', 'complex')
    expect(slip.clocks[0]).toMatchObject({ dueAt: at('2027-01-07T00:00:00'), provisional: true })
    const reading: NoticeReading = (
      await test.as('officer')('POST', '/api/calendar/2027/read', { text: TEXT })
    ).json()
    expect([reading.notice, reading.problems, reading.off.length, reading.work]).toEqual([
      '国办发明电〔2026〕99号',
      [],
      10,
      ['2027-01-31', '2027-02-14'],
    ])
    const change = { year: 2027, notice: reading.notice, off: reading.off, work: reading.work }
    const preview: CalendarPreview = (
      await test.as('officer')('POST', '/api/deadlines/preview', change)
    ).json()
    // The same days as the statutory ones: the date stays, but is no longer provisional.
    expect([preview.total, preview.checked]).toEqual([0, 1])
    const longer = { ...change, off: [...reading.off, { day: '2027-01-04', name: '元旦' }] }
    const moved: CalendarPreview = (await test.as('officer')('POST', '/api/deadlines/preview', longer)).json()
    expect(moved.moved).toEqual([
      {
        slipId: slip.id,
        number: slip.number,
        title: slip.title,
        round: 1,
        from: at('2027-01-07T00:00:00'),
        to: at('2027-01-08T00:00:00'),
        provisional: false,
      },
    ])
    expect((await yearOf(2027)).notice).toBeNull()
    const body = { ...longer, sources: ['https://www.gov.cn/'], reason: '国务院办公厅通知' }
    expect((await test.as('officer')('POST', '/api/calendar/2027', body)).statusCode).toBe(403)
    expect((await test.as('officechief')('POST', '/api/calendar/2027', body)).statusCode).toBe(200)
    await recountClocks(test.context)
    const after = await road.read('officer', slip.id)
    expect(after.clocks[0]).toMatchObject({ dueAt: at('2027-01-08T00:00:00'), provisional: false })
    test.clock.now = at('2026-12-30T09:00:00')
    expect(await warnMissingYear(test.context)).toBe(false)
  })

  it('a local closure proposed by 办公室 counts only once 办公室主任 has approved it', async () => {
    const slip = await judged('2026-11-02T10:00:00', 'general')
    expect(slip.dueAt).toBe(at('2026-11-05T00:00:00'))
    const closure = { day: '2026-11-03', workday: false, reason: '台风停工', basis: '市防指通知' }
    expect((await test.as('leadhead')('POST', '/api/calendar/overrides', closure)).statusCode).toBe(403)
    const { id, approved } = (await test.as('officer')('POST', '/api/calendar/overrides', closure)).json()
    expect(approved).toBe(false)
    const preview = (
      await test.as('officer')('POST', '/api/deadlines/preview', { overrides: [closure] })
    ).json()
    expect(preview.moved).toMatchObject([{ slipId: slip.id, to: at('2026-11-06T00:00:00') }])
    await recountClocks(test.context)
    expect((await road.read('officer', slip.id)).dueAt).toBe(slip.dueAt)
    expect((await test.as('officer')('POST', `/api/calendar/overrides/${id}/approve`)).statusCode).toBe(403)
    expect((await test.as('officechief')('POST', `/api/calendar/overrides/${id}/approve`)).statusCode).toBe(
      200,
    )
    expect((await test.as('officechief')('POST', `/api/calendar/overrides/${id}/approve`)).statusCode).toBe(
      404,
    )
    await recountClocks(test.context)
    const moved = await road.read('officer', slip.id)
    expect([
      moved.dueAt,
      moved.clocks[0]?.steps
        .map(({ text }) => text)
        .join()
        .includes('台风停工'),
    ]).toEqual([at('2026-11-06T00:00:00'), true])
    expect((await yearOf(2026)).overrides).toMatchObject([{ id, approved: true }])
    expect((await test.as('officechief')('DELETE', `/api/calendar/overrides/${id}`)).statusCode).toBe(200)
    await recountClocks(test.context)
    expect((await road.read('officer', slip.id)).dueAt).toBe(slip.dueAt)
  })

  it('wrong days are named in Chinese and nothing is stored', async () => {
    const wrong = { year: 2027, off: [{ day: '2027-13-01', name: '元旦' }] }
    const answer = await test.as('officer')('POST', '/api/deadlines/preview', wrong)
    expect([answer.statusCode, answer.json().code, answer.json().details.problems.length]).toEqual([
      400,
      'calendar.invalid',
      1,
    ])
    const { version } = await yearOf(2027)
    const body = {
      notice: '国办发明电〔2026〕99号',
      sources: [],
      off: [{ day: '2020-01-01', name: '元旦' }],
      work: [],
      reason: '录入',
    }
    expect((await test.as('officechief')('POST', '/api/calendar/2027', body)).statusCode).toBe(400)
    expect((await yearOf(2027)).version).toBe(version)
  })
})
