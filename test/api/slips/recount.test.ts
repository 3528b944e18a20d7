import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAudit } from '../../../api/audit.ts'
import { shippedNotices } from '../../../api/calendar/shipped.ts'
import { addOverride, loadCalendar, saveNotice } from '../../../api/calendar/store.ts'
import { previewRecount, recountClocks } from '../../../api/slips/recount.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast } from './cast.ts'
import { at, REPLY, Road } from './road.ts'

/** The notice of 2020 as it was before 2020-01-27: no work on the Saturday after, holiday until 01-30. */
const before = () => {
  const notice = shippedNotices().find(({ year }) => year === 2020)
  if (!notice) throw new Error('2020 is shipped')
  const off = notice.off.filter(({ day }) => !['2020-01-31', '2020-02-01', '2020-02-02'].includes(day))
  return { ...notice, off, work: [...notice.work, '2020-02-01'] }
}

describe.each(['sqlite', 'postgres'] as const)('a changed calendar on %s (requirements.md 4.3.11)', kind => {
  let test: TestContext
  let road: Road
  beforeAll(async () => {
    test = await testContext(at('2020-01-22T09:00:00'), { open: () => freshDatabase(kind) })
    await addCast(test.context, '2020-01-22')
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  const notice = (entry: ReturnType<typeof before>) =>
    test.context.db
      .transaction()
      .execute(trx => saveNotice(trx, entry, { reason: '调整', by: null, at: test.clock.now }))

  async function judged(level = 'general'): Promise<SlipDetail> {
    const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
    const sent = await road.go('ownduty', slip, 'submit')
    return road.go('officer', sent, 'judge', { level, ground: '需核实', leadUnitId: 2 })
  }

  it('moves open clocks, keeps the old date with the reason, leaves closed and granted ones alone', async () => {
    const { context } = test
    await notice(before())
    const open = await judged()
    let closed = await road.approved(await judged(), 'leadstaff', 'incharge', REPLY)
    closed = await road.go('leadstaff', closed, 'recordReply', road.reply(closed))
    expect([open.dueAt, closed.clocks[0]?.dueAt]).toEqual([
      at('2020-02-01T00:00:00'),
      at('2020-02-01T00:00:00'),
    ])

    test.clock.now = at('2020-01-27T10:00:00')
    const after = shippedNotices().find(({ year }) => year === 2020) as ReturnType<typeof before>
    await notice(after)
    const calendar = await loadCalendar(context.db)
    const preview = await previewRecount(context.db, calendar, test.clock.now, 10)
    expect(preview).toMatchObject({
      total: 1,
      checked: 1,
      moved: [{ slipId: open.id, from: at('2020-02-01T00:00:00'), to: at('2020-02-04T00:00:00') }],
    })
    expect(await recountClocks(context)).toBe(1)
    expect(await recountClocks(context)).toBe(0)
    const moved = await road.read('officer', open.id)
    expect([moved.dueAt, moved.version, moved.history.at(-1)]).toMatchObject([
      at('2020-02-04T00:00:00'),
      open.version + 1,
      { action: 'recount', by: '系统', label: '时限重新计算' },
    ])
    expect(moved.clocks[0]?.history.map(({ reason }) => reason)).toEqual(['研判定级', '放假调休日历更新'])
    // The public clock beside it is only for comparison and follows the calendar.
    const { publicDueAt: _, ...verdict } = closed.clocks[0] as SlipDetail['clocks'][number]
    expect((await road.read('officer', closed.id)).clocks[0]).toMatchObject(verdict)
    expect((await verifyAudit(context.db)).problems).toEqual([])
  })

  it('never moves a date that has passed to an earlier one', async () => {
    const { context } = test
    test.clock.now = at('2020-03-02T10:00:00')
    const slip = await judged()
    expect(slip.dueAt).toBe(at('2020-03-05T00:00:00'))
    const close = (day: string, workday: boolean) =>
      context.db
        .transaction()
        .execute(trx =>
          addOverride(trx, { day, workday, reason: '停电', basis: '局通知' }, 1, test.clock.now),
        )
    await close('2020-03-03', false)
    await recountClocks(context)
    expect((await road.read('officer', slip.id)).dueAt).toBe(at('2020-03-06T00:00:00'))
    test.clock.now = at('2020-03-06T09:00:00')
    await close('2020-03-03', true)
    await recountClocks(context)
    expect((await road.read('officer', slip.id)).dueAt).toBe(at('2020-03-06T00:00:00'))
    // A later date is given to it all the same.
    await close('2020-03-04', false)
    await close('2020-03-05', false)
    await recountClocks(context)
    expect((await road.read('officer', slip.id)).dueAt).toBe(at('2020-03-07T00:00:00'))
  })

  it('says why in the sum: the local closure names its reason (4.3.20)', async () => {
    test.clock.now = at('2020-03-02T11:00:00')
    const slip = await judged()
    expect(slip.clocks[0]?.steps.map(({ text }) => text).join()).toContain('停电')
  })
})
