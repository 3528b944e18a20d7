import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shippedCalendar } from '../../../api/calendar/shipped.ts'
import { openContext } from '../../../api/context.ts'
import { DEFAULT_SETTINGS } from '../../../api/settings/rules.ts'
import { climbDue } from '../../../api/slips/climb.ts'
import { remindDue } from '../../../api/slips/remind.ts'
import { pointsOf, shadowsOf } from '../../../api/slips/reminder-points.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast } from './cast.ts'
import { at, OPINION, REPLY, Road } from './road.ts'

const counting = { calendar: shippedCalendar(), settings: DEFAULT_SETTINGS }
const clock = {
  level: 'general' as const,
  round: 1,
  foundAt: at('2019-05-06T09:00:00'),
  judgedAt: at('2019-05-06T10:00:00'),
  dueAt: at('2019-05-09T00:00:00'),
  stoppedAt: null,
  serious: false,
  reportsOut: false,
  answered: false,
}

describe('S-33 moments', () => {
  it('due Wed 05-08: Tue 05-07 09:00; Wed 09:00, 15:00; Thu 05-09 09:00 overdue', () => {
    expect(pointsOf(counting, clock)).toEqual([
      { stage: 'before', at: at('2019-05-07T09:00:00') },
      { stage: 'morning', at: at('2019-05-08T09:00:00') },
      { stage: 'afternoon', at: at('2019-05-08T15:00:00') },
      { stage: 'overdue', at: at('2019-05-09T09:00:00') },
    ])
  })

  it('the day before is a working day: due Mon 04-29, reminded Sun 04-28, which works', () => {
    const due = { ...clock, dueAt: at('2019-04-30T00:00:00') }
    expect(pointsOf(counting, due)[0]?.at).toBe(at('2019-04-28T09:00:00'))
    // Due on the first day after the National Day holiday: reminded before it.
    const after = { ...clock, dueAt: at('2019-10-09T00:00:00') }
    expect(pointsOf(counting, after)[0]?.at).toBe(at('2019-09-30T09:00:00'))
  })

  it('none of a clock that has stopped; 重大 keeps its shadow until the public has its answer (S-23, A-10)', () => {
    expect(pointsOf(counting, { ...clock, stoppedAt: 1 })).toEqual([])
    const major = { ...clock, level: 'major' as const, dueAt: at('2019-05-06T20:00:00'), serious: true }
    expect(pointsOf(counting, major)).toEqual([
      { stage: 'soon', at: at('2019-05-06T18:00:00') },
      { stage: 'passed', at: at('2019-05-06T20:00:00') },
      { stage: 'shadowReport', at: at('2019-05-07T00:00:00') },
      { stage: 'shadowResponse', at: at('2019-05-07T09:00:00') },
    ])
    const reported = { ...major, serious: false, stoppedAt: 1, reportsOut: true }
    expect(pointsOf(counting, reported)).toEqual([{ stage: 'shadowResponse', at: at('2019-05-08T09:00:00') }])
    expect(pointsOf(counting, { ...reported, answered: true })).toEqual([])
    expect(shadowsOf(counting, major)).toEqual({
      reportBy: at('2019-05-07T00:00:00'),
      responseBy: at('2019-05-07T09:00:00'),
    })
  })
})

interface Told {
  title: string
  at: number
  to: string[]
  urgent: boolean
}

describe.each(['sqlite', 'postgres'] as const)('reminders on %s', kind => {
  let test: TestContext
  let road: Road
  beforeAll(async () => {
    test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
    await addCast(test.context, '2019-05-06')
    // The cast alone: whoever the demo brings would be told too.
    await test.context.db.updateTable('person').set({ active: 0 }).where('id', '<=', 10).execute()
    await test.context.db
      .updateTable('person')
      .set({ active: 1 })
      .where('login', 'in', ['office', 'officehead'])
      .execute()
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  async function judged(time: string, level = 'general', more: object = {}): Promise<SlipDetail> {
    test.clock.now = at(time)
    const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
    const sent = await road.go('ownduty', slip, 'submit')
    const body = { level, ground: '需核实', leadUnitId: 2, ...more }
    return road.go('officechief', sent, 'judge', body)
  }
  async function told(slipId: number): Promise<Told[]> {
    const { db } = test.context
    const notices = await db
      .selectFrom('notice')
      .selectAll()
      .where('slip_id', '=', slipId)
      .where('topic', '=', 'deadline')
      .orderBy('id')
      .execute()
    const list: Told[] = []
    for (const notice of notices) {
      const to = await db
        .selectFrom('notice_recipient as r')
        .innerJoin('person as p', 'p.id', 'r.person_id')
        .select('p.name')
        .where('r.notice_id', '=', notice.id)
        .orderBy('p.name')
        .execute()
      const title = notice.title.split(' ')[1] as string
      list.push({
        title,
        at: notice.created_at,
        to: to.map(({ name }) => name).sort(),
        urgent: notice.urgent === 1,
      })
    }
    return list
  }
  async function pass(...times: string[]): Promise<void> {
    for (const time of times) {
      test.clock.now = at(time)
      await remindDue(test.context)
    }
  }

  it('S-33: each once, at its time, climbing to head, leader, 办公室', async () => {
    const slip = await judged('2019-05-06T09:30:00')
    await pass('2019-05-06T09:31:00', '2019-05-07T08:59:00')
    expect(await told(slip.id)).toEqual([])
    await pass('2019-05-07T09:00:10', '2019-05-07T09:00:30', '2019-05-08T09:00:00', '2019-05-08T15:00:00')
    await pass('2019-05-09T09:00:00', '2019-05-09T09:05:00', '2019-05-10T09:00:00')
    const list = await told(slip.id)
    expect(list.map(each => [each.title, each.at])).toEqual([
      ['下一工作日到期', at('2019-05-07T09:00:10')],
      ['今日到期', at('2019-05-08T09:00:00')],
      ['今日到期，距下班不足两小时', at('2019-05-08T15:00:00')],
      ['已超过答复时限', at('2019-05-09T09:00:00')],
    ])
    expect(list[0]?.to).toEqual(['leadDuty'])
    expect(list[1]?.to).toEqual(['leadDuty', 'leadHead'])
    expect(list[2]?.to).toEqual(['inCharge', 'leadDuty', 'leadHead'])
    expect(list[3]?.to).toEqual(
      expect.arrayContaining(['inCharge', 'leadDuty', 'leadHead', 'officeChief', 'officer']),
    )
    expect(list[3]?.to).not.toContain('bureauChief')
  })

  it('an answer ends them; a level change and an extension arm them by the new date', async () => {
    const answered = await judged('2019-05-13T09:00:00')
    let raised = await judged('2019-05-13T09:10:00')
    await pass('2019-05-14T09:00:00')
    const ready = await road.approved(
      await road.read('leadstaff', answered.id),
      'leadstaff',
      'incharge',
      REPLY,
    )
    await road.go('leadstaff', ready, 'recordReply', road.reply(ready))
    raised = await road.go('officer', raised, 'changeLevel', { level: 'complex', ground: '扩大' })
    await pass('2019-05-15T09:00:00', '2019-05-15T15:00:00', '2019-05-16T09:00:00', '2019-05-17T09:00:00')
    expect((await told(answered.id)).map(({ title }) => title)).toEqual(['下一工作日到期'])
    expect((await told(raised.id)).map(each => [each.title, each.at])).toEqual([
      ['下一工作日到期', at('2019-05-14T09:00:00')],
      ['下一工作日到期', at('2019-05-17T09:00:00')],
    ])
  })

  it('a return keeps the clock and arms the reminder that had come last', async () => {
    const slip = await judged('2019-05-20T09:00:00')
    const dueAt = slip.dueAt
    await pass('2019-05-21T09:00:00', '2019-05-22T09:00:00')
    const sent = await road.sent(await road.read('leadstaff', slip.id), 'leadstaff', REPLY)
    test.clock.now = at('2019-05-22T10:00:00')
    const back = await road.go('incharge', sent, 'return', { reason: '请说明检测结果' })
    expect(back.dueAt).toBe(dueAt)
    await pass('2019-05-22T10:01:00', '2019-05-22T10:02:00', '2019-05-22T15:00:00')
    expect((await told(slip.id)).map(each => [each.title, each.at])).toEqual([
      ['下一工作日到期', at('2019-05-21T09:00:00')],
      ['今日到期', at('2019-05-22T09:00:00')],
      ['今日到期', at('2019-05-22T10:01:00')],
      ['今日到期，距下班不足两小时', at('2019-05-22T15:00:00')],
    ])
  })

  it('nothing leaves at night but 重大, and nothing is lost by waiting', async () => {
    const general = await judged('2019-05-27T09:00:00')
    const major = await judged('2019-05-27T10:00:00', 'major', { dueAt: at('2019-05-27T22:30:00') })
    await pass('2019-05-28T23:30:00')
    expect(await told(general.id)).toEqual([])
    expect((await told(major.id)).map(({ title, urgent }) => [title, urgent])).toEqual([
      ['两小时内到期', true],
      ['已超过上级要求的时限', true],
      ['当日尚未完成上报', true],
    ])
    await pass('2019-05-29T07:00:00')
    expect((await told(general.id)).map(({ title }) => title)).toEqual(['下一工作日到期'])
  })

  it('S-23: judged 05-20 10:30, no report by 24:00: warning to 办公室 and V3', async () => {
    const slip = await judged('2019-06-03T10:30:00', 'major', { dueAt: at('2019-06-05T12:00:00') })
    await pass('2019-06-03T23:59:00')
    expect(await told(slip.id)).toEqual([])
    await pass('2019-06-04T00:00:00')
    const [warning] = await told(slip.id)
    expect(warning?.title).toBe('当日尚未完成上报')
    expect(warning?.to).toEqual(expect.arrayContaining(['netLeader', 'officeChief', 'officer']))
    // Reported and answered: nothing more to warn of.
    test.clock.now = at('2019-06-04T08:00:00')
    let now = await road.approved(await road.read('officer', slip.id), 'officer', 'bureauchief', OPINION)
    for (const receiver of ['province', 'propaganda'])
      now = await road.go('officer', now, 'recordReport', {
        receiver,
        sentAt: test.clock.now,
        way: '传真',
        handler: '徐静',
      })
    now = await road.approved(now, 'officer', 'bureauchief', REPLY)
    await road.go('officer', now, 'recordReply', road.reply(now))
    await pass('2019-06-06T09:00:00')
    expect(await told(slip.id)).toHaveLength(1)
  })

  it('unacknowledged, a reminder climbs to head, leader, 办公室主任; acknowledged, it stays, and says by whom', async () => {
    const quiet = await judged('2019-06-10T09:00:00')
    const heard = await judged('2019-06-10T09:10:00')
    await pass('2019-06-11T09:00:00')
    const inbox = (await test.as('leadduty')('GET', '/api/notices')).json() as {
      items: { id: number; slipId: number }[]
    }
    const notice = inbox.items.find(({ slipId }) => slipId === heard.id)
    await test.as('leadduty')('POST', `/api/notices/${notice?.id}/read`, { acknowledge: true })
    const climb = async (time: string) => {
      test.clock.now = at(time)
      await climbDue(test.context)
      await climbDue(test.context)
    }
    await climb('2019-06-11T10:59:00')
    await climb('2019-06-11T11:00:00')
    await climb('2019-06-11T13:00:00')
    await climb('2019-06-11T15:00:00')
    await climb('2019-06-11T21:00:00')
    expect((await told(quiet.id)).map(({ to }) => to)).toEqual([
      ['leadDuty'],
      ['leadHead'],
      ['inCharge'],
      ['officeChief', '蒋文博'],
    ])
    expect(await told(heard.id)).toHaveLength(1)
    const reminders = (await test.as('leadduty')('GET', `/api/slips/${heard.id}/reminders`)).json()
    expect(reminders).toMatchObject([
      {
        stage: 'before',
        rung: 0,
        acknowledged: [{ by: { name: 'leadDuty' }, at: at('2019-06-11T09:00:00') }],
      },
    ])
  })

  it('two workers and a restart tell each reminder once', async () => {
    const slips: SlipDetail[] = []
    for (let n = 0; n < 5; n++) slips.push(await judged('2019-06-17T09:00:00'))
    test.clock.now = at('2019-06-18T09:00:00')
    const again = await openContext(test.context.config, {
      now: () => test.clock.now,
      log: test.context.log,
      database: test.context.database,
    })
    await Promise.all([remindDue(test.context), remindDue(again), remindDue(test.context)])
    await remindDue(again)
    for (const { id } of slips) expect(await told(id)).toHaveLength(1)
  })
})
