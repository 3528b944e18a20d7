import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast } from './cast.ts'
import { at, REPLY, Road } from './road.ts'

describe.each(['sqlite', 'postgres'] as const)('会签, 批示 and who is told on %s', kind => {
  let test: TestContext
  let road: Road
  beforeAll(async () => {
    test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
    await addCast(test.context, '2019-05-06')
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  async function judged(level: string): Promise<SlipDetail> {
    const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
    const sent = await road.go('ownduty', slip, 'submit')
    return road.go('officechief', sent, 'judge', { level, ground: '需核实', leadUnitId: 2 })
  }
  const seen = ({ texts }: SlipDetail) => ({
    textId: texts.at(-1)?.id,
    textHash: texts.at(-1)?.hash,
    opinion: '同意',
  })
  /** Names of the cast who were told of that version. */
  async function told(slip: SlipDetail): Promise<string[]> {
    const rows = await test.context.db
      .selectFrom('notice as n')
      .innerJoin('notice_recipient as r', 'r.notice_id', 'n.id')
      .innerJoin('person as p', 'p.id', 'r.person_id')
      .select('p.name')
      .where('n.key', '=', `slip:${slip.id}:v${slip.version}`)
      .execute()
    return rows
      .map(({ name }) => name)
      .filter(name => /^[a-z]/i.test(name))
      .sort()
  }

  it('A-13: the countersign is an offer by default, and bound to one version of the text', async () => {
    const slip = await road.sent(await judged('complex'), 'leadstaff', REPLY)
    expect((await road.refused('otherleader', slip, 'countersign', seen(slip))).code).toBe('slip.forbidden')
    expect((await road.refused('incharge', slip, 'countersign', { ...seen(slip), textHash: '0' })).code).toBe(
      'slip.stale',
    )
    const signed = await road.go('incharge', slip, 'countersign', seen(slip))
    expect(signed.notes).toMatchObject([
      { kind: 'countersign', by: { name: 'inCharge' }, textId: slip.texts[0]?.id },
    ])
    expect((await road.refused('incharge', signed, 'countersign', seen(signed))).code).toBe('request.invalid')
    const other = await road.sent(await judged('complex'), 'leadstaff', REPLY)
    expect((await road.go('bureauchief', other, 'approve', seen(other))).status).toBe('replying')
  })

  it('by switch 主要领导 approves only what was countersigned, and a new version asks for it anew', async () => {
    await test.as('officechief')('PUT', '/api/settings/sentiment.countersign', {
      validFrom: '2019-05-07',
      value: true,
    })
    test.clock.now = at('2019-05-07T09:00:00')
    let slip = await road.sent(await judged('complex'), 'leadstaff', REPLY)
    expect((await road.refused('bureauchief', slip, 'approve', seen(slip))).message).toContain('会签')
    slip = await road.go('incharge', slip, 'countersign', seen(slip))
    slip = await road.go('bureauchief', slip, 'saveText', { ...REPLY, body: '已责令停产。' })
    expect((await road.refused('bureauchief', slip, 'approve', seen(slip))).message).toContain('会签')
    slip = await road.go('incharge', slip, 'countersign', seen(slip))
    expect((await road.go('bureauchief', slip, 'approve', seen(slip))).status).toBe('replying')
    const general = await road.sent(await judged('general'), 'leadstaff', REPLY)
    expect((await road.go('incharge', general, 'approve', seen(general))).status).toBe('replying')
  })

  it('a leader’s 批示 is recorded, changes neither state nor date, and reaches the unit and 办公室', async () => {
    const slip = await judged('general')
    expect((await road.refused('netleader', slip, 'instruct', { body: ' ' })).code).toBe('request.invalid')
    const noted = await road.go('netleader', slip, 'instruct', { body: '请危化处今日到现场核查。' })
    expect([noted.status, noted.dueAt, noted.notes[0]]).toMatchObject([
      slip.status,
      slip.dueAt,
      { kind: 'instruction', body: '请危化处今日到现场核查。', by: { name: 'netLeader' } },
    ])
    expect(await told(noted)).toEqual(
      expect.arrayContaining(['leadDuty', 'leadHead', 'officer', 'officeChief']),
    )
  })

  it('each step tells whom the slip now waits for, never who acted, and a deputy of the day too', async () => {
    test.clock.now = at('2019-05-06T11:00:00')
    const draft = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
    const sent = await road.go('ownduty', draft, 'submit')
    expect(await told(sent)).toEqual(['actingOfficeHead', 'officeChief', 'officer', 'pastOfficeHead'])
    const judgement = { level: 'general', ground: '需核实', leadUnitId: 2 }
    const judgedSlip = await road.go('officer', sent, 'judge', judgement)
    expect(await told(judgedSlip)).toEqual(['leadDuty'])
    const review = await road.sent(judgedSlip, 'leadstaff', REPLY)
    expect(await told(review)).toEqual(['actingLeader', 'dual', 'inCharge'])
    const back = await road.go('incharge', review, 'return', { reason: '请说明' })
    expect(await told(back)).toEqual(['leadDuty', 'leadStaff'])
    // A text that is only saved asks nobody.
    const saved = await road.go('leadstaff', back, 'saveText', { ...REPLY, body: '已停产。' })
    expect(await told(saved)).toEqual([])
  })
})
