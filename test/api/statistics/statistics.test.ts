import PizZip from 'pizzip'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shippedCalendar } from '../../../api/calendar/shipped.ts'
import type { Statistics, StatisticsSlips } from '../../../api/statistics/routes.ts'
import { eventsOf, MEASURES, type Measure, RATES } from '../../../api/statistics/rules.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast, type UNITS } from '../slips/cast.ts'
import { at, INITIAL, REPLY, Road } from '../slips/road.ts'

/** What a Word file says. */
const textOf = (docx: Buffer): string =>
  (new PizZip(docx).file('word/document.xml')?.asText() ?? '').replace(/<[^>]+>/g, '')

const slip = {
  slipId: 1,
  unitId: 2,
  level: 'general',
  source: '中吴网',
  submittedAt: at('2019-05-31T10:00:00'),
  answeredAll: true,
  hasResult: false,
  clock: {
    foundAt: at('2019-05-31T09:00:00'),
    dueAt: at('2019-06-05T00:00:00'),
    stoppedAt: at('2019-06-04T23:59:59'),
  },
  extended: false,
  privateAt: null,
  roundsAt: [],
}
const daysOf = (it: typeof slip | object, now = at('2019-07-01T00:00:00')) =>
  eventsOf(shippedCalendar(), { ...slip, ...it }, now).map(({ measure, day }) => [measure, day])

describe('S-37 what a slip counts as', () => {
  it('received on its submission, due on its deadline’s day, answered on its answer’s (design §5.12)', () => {
    expect(daysOf({})).toEqual([
      ['received', '2019-05-31'],
      ['feedback', '2019-05-31'],
      ['due', '2019-06-04'],
      ['onTime', '2019-06-04'],
      ['answered', '2019-06-04'],
    ])
  })

  it('late and still-open overdue count against it; what still runs counts not yet', () => {
    const late = { clock: { ...slip.clock, stoppedAt: at('2019-06-05T00:00:00') } }
    expect(daysOf(late)).toContainEqual(['late', '2019-06-04'])
    const open = { answeredAll: false, clock: { ...slip.clock, stoppedAt: null } }
    expect(daysOf(open)).toContainEqual(['late', '2019-06-04'])
    expect(daysOf(open, at('2019-06-04T23:59:00'))).toEqual([['received', '2019-05-31']])
  })

  it('elapsed working days: same day 0; found Sat, answered Mon 1 (requirements.md 4.3.17)', () => {
    const days = (found: string, stopped: string) =>
      eventsOf(
        shippedCalendar(),
        { ...slip, clock: { foundAt: at(found), dueAt: null, stoppedAt: at(stopped) } },
        at('2019-07-01T00:00:00'),
      ).find(({ measure }) => measure === 'answered')?.workingDays
    expect(days('2019-05-20T09:00:00', '2019-05-20T18:00:00')).toBe(0)
    expect(days('2019-05-18T09:00:00', '2019-05-20T18:00:00')).toBe(1)
  })
})

describe.each(['sqlite', 'postgres'] as const)('statistics on %s', kind => {
  let test: TestContext
  let road: Road
  let units: Map<keyof typeof UNITS, number>
  beforeAll(async () => {
    test = await testContext(at('2019-04-30T09:00:00'), { open: () => freshDatabase(kind) })
    units = (await addCast(test.context, '2019-05-06')).units
    road = await Road.open(test)
    await may()
  })
  afterAll(() => test.close())

  async function judged(time: string, level: string, unit: keyof typeof UNITS = 'lead') {
    test.clock.now = at(time)
    const made = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
    const sent = await road.go('ownduty', made, 'submit')
    return road.go('officer', sent, 'judge', { level, ground: '需核实', leadUnitId: units.get(unit) })
  }

  /** May 2019 by the example's figures: 31 slips due and closed, 29 in time; one of the 31 without a result. */
  async function may() {
    const { db } = test.context
    for (let n = 0; n < 31; n++) {
      const day = `2019-05-${String(6 + (n % 3)).padStart(2, '0')}`
      const made = await judged(`${day}T09:00:00`, n % 4 ? 'general' : 'complex', n % 2 ? 'lead' : 'other')
      // The road to an answer is tested elsewhere: here only what the figures read.
      const stopped = n < 29 ? at(`${day}T17:00:00`) : at('2019-05-30T09:00:00')
      await db
        .updateTable('slip_clock')
        .set({ stopped_at: stopped, on_time: n < 29 ? 1 : 0 })
        .where('slip_id', '=', made.id)
        .execute()
      await db
        .updateTable('slip')
        .set({ status: 'tracking', result: n === 30 ? null : '已整改' })
        .where('id', '=', made.id)
        .execute()
    }
    // One more that was voided, and one that was never handed in: neither counts.
    const voided = await judged('2019-05-09T09:00:00', 'general')
    await road.go('officer', voided, 'void', { reason: '重复' })
    await road.create('ownduty', { postIds: [await road.flaggedPost()] })
    test.clock.now = at('2019-06-01T09:00:00')
  }

  const MAY = 'from=2019-05-01&to=2019-05-31'
  const figures = async (login: string, query = MAY): Promise<Statistics> =>
    (await test.as(login)('GET', `/api/statistics?${query}`)).json()
  const behind = async (login: string, query: string): Promise<StatisticsSlips> =>
    (await test.as(login)('GET', `/api/statistics/slips?${query}`)).json()

  it('S-37: May 2019: 31 slips, 29 on time = 93.5 %; S-25: 落实率 30 of 31 = 96.8 %', async () => {
    const { total, measures, rates } = await figures('officer')
    expect(total.counts).toMatchObject({
      received: 31,
      feedback: 31,
      result: 30,
      due: 31,
      onTime: 29,
      late: 2,
    })
    const percent = (rate: number | null) => ((rate ?? 0) * 100).toFixed(1)
    expect([percent(total.onTimeRate), percent(total.feedbackRate), percent(total.resultRate)]).toEqual([
      '93.5',
      '100.0',
      '96.8',
    ])
    expect([Object.keys(measures), rates.onTime]).toEqual([Object.keys(MEASURES), '按时率 = 按时 ÷ 应办'])
  })

  it('every number opens exactly its slips, in every grouping', async () => {
    for (const group of ['unit', 'level', 'source', 'month'] as const) {
      const { rows, total } = await figures('officer', `${MAY}&group=${group}`)
      for (const measure of Object.keys(MEASURES) as Measure[]) {
        const whole = await behind('officer', `${MAY}&group=${group}&measure=${measure}`)
        expect([whole.total, whole.items.length], `${group} ${measure}`).toEqual(
          Array(2).fill(total.counts[measure]),
        )
        for (const row of rows) {
          const part = await behind(
            'officer',
            `${MAY}&group=${group}&measure=${measure}&key=${encodeURIComponent(row.key)}`,
          )
          expect(part.total, `${group} ${row.label} ${measure}`).toBe(row.counts[measure])
        }
      }
      if (group !== 'month') expect(rows.reduce((sum, row) => sum + row.counts.due, 0)).toBe(total.counts.due)
    }
  })

  it('by unit and level, named; extended, private and second rounds are counted where they happened', async () => {
    let answered = await road.approved(
      await judged('2019-06-03T09:00:00', 'general'),
      'leadstaff',
      'incharge',
      INITIAL,
    )
    answered = await road.go('leadstaff', answered, 'recordReply', road.reply(answered))
    answered = await road.go('leadstaff', answered, 'requestExtension', {
      untilDay: '2019-06-06',
      reason: '检测',
    })
    answered = await road.go('incharge', answered, 'grantExtension', {
      extensionId: answered.extensions[0]?.id,
    })
    const text = { ...REPLY, mode: 'private', privateReason: 'privacy' }
    answered = await road.approved(answered, 'leadstaff', 'incharge', text)
    answered = await road.go(
      'leadstaff',
      answered,
      'recordReply',
      road.reply(answered, 0, { mode: 'private', url: undefined }),
    )
    await road.go('leadstaff', answered, 'openRound', { reason: '又有反映', foundAt: test.clock.now })
    test.clock.now = at('2019-06-30T09:00:00')
    const june = await figures('officer', 'from=2019-06-01&to=2019-06-30&group=unit')
    expect(june.rows.map(({ label }) => label)).toEqual(['危险化学品安全监督管理处'])
    expect(june.total.counts).toMatchObject({
      received: 1,
      due: 1,
      onTime: 1,
      extended: 1,
      answered: 1,
      private: 1,
      secondRound: 1,
    })
    expect(june.total.averageDays).toBe(0)
    const levels = await figures('officer', `${MAY}&group=level`)
    expect(levels.rows.map(({ label }) => label)).toEqual(['较大、复杂性', '一般性'])
  })

  it('S-37: the month as a paper: its figures, its late slips, how each figure is made; for who sees all', async () => {
    const asked = (login: string, month = '2019-05') =>
      test.as(login)('GET', `/api/statistics/report.docx?month=${month}`)
    const paper = textOf((await asked('officer')).rawPayload)
    for (const sentence of [
      '网络舆情办理情况月报',
      '2019年5月（2019年6月30日生成）',
      '本月受理舆情 31 件，其中有反馈 31 件，反馈率 100.0%；有落实 30 件，落实率 96.8%。',
      '本月应办 31 件，按时回复 29 件，超期 2 件，按时率 93.5%。',
      RATES.onTime,
      ...Object.values(MEASURES),
    ])
      expect(paper).toContain(sentence)
    const late = await behind('officer', `${MAY}&measure=late`)
    expect(late.items).toHaveLength(2)
    for (const { number } of late.items) expect(paper).toContain(number)
    expect(textOf((await asked('bureauchief', '2019-03')).rawPayload)).toContain(
      '本月没有受理、应办或回复的舆情处理单。',
    )
    expect((await asked('incharge')).statusCode).toBe(403)
    expect((await asked('officer', '2019-13')).statusCode).toBe(400)
  })

  it('each counts what he may see: a leader his units, a unit its own, staff not at all (§5.2)', async () => {
    const received = async (login: string) => (await figures(login)).total.counts.received
    expect(await received('bureauchief')).toBe(31)
    expect(await received('inspector')).toBe(31)
    expect(await received('incharge')).toBe(15)
    expect(await received('otherhead')).toBe(16)
    expect((await test.as('leadstaff')('GET', `/api/statistics?${MAY}`)).statusCode).toBe(403)
    expect((await test.as('operator')('GET', `/api/statistics?${MAY}`)).statusCode).toBe(403)
    expect(
      (await test.as('officer')('GET', '/api/statistics?from=2019-05-31&to=2019-05-01')).statusCode,
    ).toBe(400)
  })
})
