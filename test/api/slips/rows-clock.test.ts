import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast, type UNITS } from './cast.ts'
import { at, INITIAL, REPLY, Road } from './road.ts'

let test: TestContext
let road: Road
let units: Map<keyof typeof UNITS, number>

async function judged(time: string, level: string): Promise<SlipDetail> {
  test.clock.now = at(time)
  const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
  const sent = await road.go('ownduty', slip, 'submit')
  const body = { level, ground: '需核实', leadUnitId: units.get('lead') }
  return road.go('officer', sent, 'judge', body)
}

/** 24:00 of that day. */
const endOf = (day: string) => at(`${day}T00:00:00`) + 86_400_000
const dueOf = (slip: SlipDetail) => slip.clocks.at(-1)?.dueAt
const approverOf = (slip: SlipDetail) => (slip.level === 'general' ? 'incharge' : 'bureauchief')
const replierOf = (slip: SlipDetail) => (slip.level === 'general' ? 'leadstaff' : 'officer')

/** With its initial response recorded at that time. */
async function told(slip: SlipDetail, time: string): Promise<SlipDetail> {
  const ready = await road.approved(slip, 'leadstaff', approverOf(slip), INITIAL)
  test.clock.now = at(time)
  return road.go(replierOf(slip), ready, 'recordReply', road.reply(ready))
}
const ask = (untilDay: string, more: object = {}) => ({ untilDay, reason: '需委托第三方检测', ...more })

describe.each(['sqlite', 'postgres'] as const)('on %s', kind => {
  beforeAll(async () => {
    test = await testContext(at('2019-04-17T09:00:00'), { open: () => freshDatabase(kind) })
    units = (await addCast(test.context, '2019-05-20')).units
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  describe('S-14 一般性: 2 working days', () => {
    it.each([
      ['2019-05-06T09:00:00', '2019-05-08'],
      // Sun 04-28 works in exchange for the May holiday.
      ['2019-04-26T09:00:00', '2019-04-29'],
      ['2019-04-26T23:30:00', '2019-04-29'],
      ['2019-05-02T09:00:00', '2019-05-06'],
    ])('found %s, due %s', async (found, due) => {
      const slip = await judged(found, 'general')
      expect(dueOf(slip)).toBe(endOf(due))
    })

    it('the sum is shown day by day, and the public clock beside it (A-6)', async () => {
      const slip = await judged('2019-04-26T09:00:00', 'general')
      expect(slip.clocks[0]?.steps.map(({ text }) => text)).toEqual(
        [
          '起算日 4月26日（星期五，当日不计）',
          '第1日 4月28日（星期日，调休上班）',
          '第2日 4月29日（星期一）',
        ].toSpliced(1, 0, '不计 4月27日（星期六，周末）'),
      )
      expect(slip.clocks[0]).toMatchObject({ provisional: false, publicDueAt: endOf('2019-04-29') })
    })

    it('amber the day before, red when late: 23:59:59 is in time, 24:00 is not (requirements.md 4.3.16)', async () => {
      const slip = await judged('2019-05-06T09:00:00', 'general')
      const urgency = async (time: string) => {
        test.clock.now = at(time)
        const board = (await test.as('officer')('GET', '/api/deadlines')).json() as {
          slipId: number
          urgency: string
        }[]
        return board.find(({ slipId }) => slipId === slip.id)?.urgency
      }
      expect(await urgency('2019-05-07T09:00:00')).toBe('tomorrow')
      expect(await urgency('2019-05-08T23:59:59')).toBe('today')
      expect(await urgency('2019-05-09T00:00:00')).toBe('overdue')
      test.clock.now = at('2019-05-09T01:00:00')
      const ready = await road.approved(await road.read('leadstaff', slip.id), 'leadstaff', 'incharge', REPLY)
      const late = road.reply(ready, 0, { repliedAt: at('2019-05-09T00:59:30') })
      const done = await road.go('leadstaff', ready, 'recordReply', late)
      expect(done.clocks[0]?.onTime).toBe(false)
    })

    it('a make-up day, a holiday block and a year without notice', async () => {
      expect(dueOf(await judged('2025-09-26T10:00:00', 'general'))).toBe(endOf('2025-09-29'))
      expect(dueOf(await judged('2025-09-30T10:00:00', 'general'))).toBe(endOf('2025-10-10'))
      const slip = await judged('2026-12-29T10:00:00', 'complex')
      expect([dueOf(slip), slip.clocks[0]?.provisional]).toEqual([endOf('2027-01-06'), true])
      expect(slip.warnings.join()).toContain('暂定')
    })
  })

  describe('S-19 较大、复杂性: 5 working days', () => {
    it.each([
      ['2019-05-20T09:00:00', '2019-05-27'],
      // Fri 06-07 is 端午.
      ['2019-06-03T09:00:00', '2019-06-11'],
      ['2019-09-27T09:00:00', '2019-10-10'],
    ])('found %s, due %s', async (found, due) => {
      expect(dueOf(await judged(found, 'complex'))).toBe(endOf(due))
    })
  })

  describe('S-29 initial response before an extension', () => {
    it('found Mon 05-20, initial response Wed 05-22 16:00: extension allowed, without a warning', async () => {
      const slip = await judged('2019-05-20T09:00:00', 'complex')
      expect(
        (await road.refused('leadstaff', slip, 'requestExtension', ask('2019-05-28'))).details.rule,
      ).toContain('S-29')
      const after = await told(slip, '2019-05-22T16:00:00')
      expect(
        (await road.refused('leadstaff', after, 'requestExtension', ask('2019-05-28', { reason: ' ' }))).code,
      ).toBe('request.invalid')
      const asked = await road.go('leadstaff', after, 'requestExtension', ask('2019-05-28'))
      expect(asked.extensions[0]).toMatchObject({ warning: null, beyondSeven: false, state: 'open' })
    })

    it('on Thu 05-23: allowed with a warning and a reason that the approver sees (design §5.4)', async () => {
      const after = await told(await judged('2019-05-20T10:00:00', 'complex'), '2019-05-23T09:00:00')
      const answer = await road.refused('leadstaff', after, 'requestExtension', ask('2019-05-28'))
      expect(answer.details).toMatchObject({ needsReason: true })
      const body = ask('2019-05-28', { lateReason: '研判较晚' })
      const asked = await road.go('leadstaff', after, 'requestExtension', body)
      expect((await road.read('bureauchief', asked.id)).extensions[0]).toMatchObject({
        warning: '初步回应晚于第 2 个工作日',
        lateReason: '研判较晚',
      })
    })

    it('an initial response of the first round does not do for the second', async () => {
      let slip = await told(await judged('2019-05-20T11:00:00', 'general'), '2019-05-20T15:00:00')
      slip = await road.approved(slip, 'leadstaff', 'incharge', REPLY)
      slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip))
      slip = await road.go('leadstaff', slip, 'openRound', { reason: '又有反映', foundAt: test.clock.now })
      expect(
        (await road.refused('leadstaff', slip, 'requestExtension', ask('2019-05-28'))).details.rule,
      ).toContain('S-29')
    })
  })

  describe('S-30 seven working days', () => {
    it('found 05-20: latest Wed 05-29; 05-30 refused; D grants 06-05 with reason, flagged 超7日', async () => {
      const slip = await told(await judged('2019-05-20T09:00:00', 'complex'), '2019-05-21T09:00:00')
      const answer = await road.refused('leadstaff', slip, 'requestExtension', ask('2019-05-30'))
      expect([answer.details.rule === 'S-30', answer.details.longestDay]).toEqual([true, '2019-05-29'])
      for (const [day, text] of [
        ['2019-05-25', '不是工作日'],
        ['2019-05-27', '晚于'],
        ['5月28日', '日期'],
      ] as const)
        expect((await road.refused('leadstaff', slip, 'requestExtension', ask(day))).message).toContain(text)
      let asked = await road.go('leadstaff', slip, 'requestExtension', ask('2019-05-29'))
      asked = await road.go('bureauchief', asked, 'grantExtension', { extensionId: asked.extensions[0]?.id })
      expect([dueOf(asked), asked.clocks[0]?.history.at(-1)?.reason]).toEqual([
        endOf('2019-05-29'),
        '同意延期：需委托第三方检测',
      ])
      expect(asked.clocks[0]?.steps.at(-1)?.text).toBe('第7日 5月29日（星期三）')
      asked = await road.go('leadstaff', asked, 'requestExtension', ask('2019-06-05', { beyondSeven: true }))
      const extensionId = asked.extensions[1]?.id
      expect(
        (await road.refused('bureauchief', asked, 'grantExtension', { extensionId })).details.rule,
      ).toContain('S-30')
      asked = await road.go('bureauchief', asked, 'grantExtension', { extensionId, reason: '检测排期' })
      expect([dueOf(asked), asked.warnings.join().includes('7 个工作日')]).toEqual([
        endOf('2019-06-05'),
        true,
      ])
    })

    it('the limit runs from 发现, not from the request: at 一般性 too, and beyond it D decides', async () => {
      let slip = await told(await judged('2019-05-20T09:30:00', 'general'), '2019-05-22T09:00:00')
      expect(
        (await road.refused('leadstaff', slip, 'requestExtension', ask('2019-05-30'))).details.rule,
      ).toContain('S-30')
      slip = await road.go('leadstaff', slip, 'requestExtension', ask('2019-05-30', { beyondSeven: true }))
      const extensionId = slip.extensions[0]?.id
      expect(
        (await road.refused('incharge', slip, 'grantExtension', { extensionId, reason: '同意' })).code,
      ).toBe('slip.forbidden')
      expect(
        dueOf(await road.go('bureauchief', slip, 'grantExtension', { extensionId, reason: '同意' })),
      ).toBe(endOf('2019-05-30'))
    })

    it('发现时间 set earlier leaves a granted day as it was granted', async () => {
      let slip = await told(await judged('2019-05-20T09:40:00', 'general'), '2019-05-21T09:00:00')
      slip = await road.go('leadstaff', slip, 'requestExtension', ask('2019-05-28'))
      slip = await road.go('incharge', slip, 'grantExtension', { extensionId: slip.extensions[0]?.id })
      slip = await road.go('officer', slip, 'changeFoundAt', {
        foundAt: at('2019-05-20T09:10:00'),
        reason: '来电记录',
      })
      expect([dueOf(slip), slip.foundAt]).toEqual([endOf('2019-05-28'), at('2019-05-20T09:10:00')])
    })
  })

  describe('S-31 who approves an extension', () => {
    it('一般性 by V2, 复杂性 by D, never by who asked', async () => {
      const general = await told(await judged('2019-05-20T13:00:00', 'general'), '2019-05-20T15:00:00')
      const asked = await road.go('dual', general, 'requestExtension', ask('2019-05-27'))
      const body = { extensionId: asked.extensions[0]?.id }
      for (const other of ['dual', 'otherleader', 'bureauchief', 'leadhead', 'officer'])
        expect((await road.refused(other, asked, 'grantExtension', body)).code, other).toBe('slip.forbidden')
      const granted = await road.go('incharge', asked, 'grantExtension', body)
      expect(granted.extensions[0]).toMatchObject({ state: 'granted', decidedBy: { name: 'inCharge' } })

      const complex = await told(await judged('2019-05-20T15:30:00', 'complex'), '2019-05-20T16:30:00')
      const request = await road.go('leadstaff', complex, 'requestExtension', ask('2019-05-29'))
      const id = { extensionId: request.extensions[0]?.id }
      expect((await road.refused('incharge', request, 'grantExtension', id)).code).toBe('slip.forbidden')
      expect(
        (await road.refused('bureauchief', request, 'refuseExtension', { ...id, reason: '' })).code,
      ).toBe('request.invalid')
      const refused = await road.go('bureauchief', request, 'refuseExtension', { ...id, reason: '抓紧' })
      expect([refused.extensions[0]?.state, dueOf(refused)]).toEqual(['refused', endOf('2019-05-27')])
    })

    it('an open request lapses when the answer is out, and when the level changes', async () => {
      let slip = await told(await judged('2019-05-20T17:00:00', 'general'), '2019-05-20T17:10:00')
      slip = await road.go('leadstaff', slip, 'requestExtension', ask('2019-05-28'))
      const raised = await road.go('officer', slip, 'changeLevel', { level: 'complex', ground: '多处反映' })
      expect(raised.extensions.map(({ state }) => state)).toEqual(['lapsed'])
      let other = await told(await judged('2019-05-20T18:00:00', 'general'), '2019-05-20T18:10:00')
      other = await road.go('leadstaff', other, 'requestExtension', ask('2019-05-28'))
      other = await road.approved(other, 'leadstaff', 'incharge', REPLY)
      other = await road.go('leadstaff', other, 'recordReply', road.reply(other))
      expect([other.status, other.extensions.map(({ state }) => state)]).toEqual(['tracking', ['lapsed']])
    })
  })

  describe('S-32 level change', () => {
    it('found 05-20 一般性 (due 05-22), raised 05-22: due 05-27, V2’s approval void, D must approve', async () => {
      const slip = await judged('2019-05-20T09:00:00', 'general')
      expect(dueOf(slip)).toBe(endOf('2019-05-22'))
      const approved = await road.approved(slip, 'leadstaff', 'incharge', REPLY)
      test.clock.now = at('2019-05-22T10:00:00')
      const raised = await road.go('officer', approved, 'changeLevel', {
        level: 'complex',
        ground: '媒体关注',
      })
      expect([raised.status, dueOf(raised), raised.texts[0]?.approval]).toEqual([
        'drafting',
        endOf('2019-05-27'),
        null,
      ])
      expect(raised.clocks[0]?.history.map(({ dueAt }) => dueAt)).toEqual([
        endOf('2019-05-22'),
        endOf('2019-05-27'),
      ])
      const sent = await road.go('leadstaff', raised, 'sendForReview', { textId: raised.texts[0]?.id })
      const body = { textId: sent.texts[0]?.id, textHash: sent.texts[0]?.hash, opinion: '同意' }
      expect((await road.refused('incharge', sent, 'approve', body)).code).toBe('slip.forbidden')
      expect((await road.go('bureauchief', sent, 'approve', body)).status).toBe('replying')
    })

    it('lowering after it is overdue is 主要领导’s; a higher approval still holds', async () => {
      const slip = await road.approved(
        await judged('2019-05-20T09:00:00', 'complex'),
        'leadstaff',
        'bureauchief',
        REPLY,
      )
      const lower = { level: 'general', ground: '单一诉求' }
      test.clock.now = endOf('2019-05-27')
      expect((await road.refused('officechief', slip, 'changeLevel', lower)).code).toBe('slip.forbidden')
      const done = await road.go('bureauchief', slip, 'changeLevel', lower)
      expect([done.status, dueOf(done), done.texts[0]?.approval?.by.name]).toEqual([
        'replying',
        endOf('2019-05-22'),
        'bureauChief',
      ])
    })

    it('what was answered keeps its verdict; raised to 重大 it goes up first', async () => {
      let slip = await judged('2019-05-20T09:00:00', 'general')
      slip = await road.approved(slip, 'leadstaff', 'incharge', REPLY)
      test.clock.now = at('2019-05-23T09:00:00')
      slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip))
      const late = slip.clocks[0]
      expect(late?.onTime).toBe(false)
      slip = await road.go('officer', slip, 'changeLevel', { level: 'complex', ground: '扩大' })
      expect([slip.status, slip.clocks[0]]).toEqual(['tracking', late])
      const dueAt = at('2019-05-23T20:00:00')
      const major = { level: 'major', ground: '央媒关注', dueAt }
      expect((await road.refused('officer', slip, 'changeLevel', major)).code).toBe('slip.forbidden')
      slip = await road.go('officechief', slip, 'changeLevel', major)
      expect([slip.status, slip.clocks[0]?.dueAt, slip.clocks[0]?.stoppedAt]).toEqual([
        'drafting',
        dueAt,
        null,
      ])
    })

    it('without a ground, to the same level, or to 重大 without its order it is refused', async () => {
      const slip = await judged('2019-05-20T09:00:00', 'general')
      for (const body of [
        { level: 'complex', ground: ' ' },
        { level: 'general', ground: '不变' },
        { level: 'major', ground: '重大' },
      ])
        expect((await road.refused('officechief', slip, 'changeLevel', body)).code).toBe('request.invalid')
    })
  })

  describe('the second of two writers', () => {
    it('is told what changed even where the state has moved on', async () => {
      const slip = await road.sent(await judged('2019-05-20T09:00:00', 'general'), 'leadstaff', REPLY)
      const body = { textId: slip.texts[0]?.id, textHash: slip.texts[0]?.hash, opinion: '同意' }
      const answers = await Promise.all([
        road.call('incharge', slip, 'approve', body),
        road.call('actingleader', slip, 'approve', body),
      ])
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409])
      const loser = answers.find(({ statusCode }) => statusCode === 409)?.json()
      expect(loser).toMatchObject({ code: 'slip.stale', details: { changes: [{ action: 'approve' }] } })
    })
  })
})
