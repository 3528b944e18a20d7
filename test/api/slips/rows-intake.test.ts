import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast, type UNITS } from './cast.ts'
import { at, REPLY, Road } from './road.ts'

let test: TestContext
let road: Road
let units: Map<keyof typeof UNITS, number>

const unit = (name: keyof typeof UNITS) => units.get(name) as number
const judgement = (level: string, more: object = {}) => ({
  level,
  ground: '多人反映，需核实',
  leadUnitId: unit('lead'),
  ...more,
})
const manual = (more: object = {}) => ({
  platform: '化龙巷',
  url: 'https://bbs.hualongxiang.com/read-htm-tid-1.html',
  title: '遥观小区门口有人卖烟花',
  text: '遥观镇小区门口摆摊卖烟花爆竹，没有许可证吧？',
  publishedAt: null,
  publishedPrecision: null,
  uploads: [road.picture],
  ...more,
})

async function found(time: string) {
  test.clock.now = at(time)
  return road.create('ownduty', { postIds: [await road.flaggedPost()] })
}
async function judged(time: string, level = 'general', more: object = {}) {
  const slip = await road.go('ownduty', await found(time), 'submit')
  return road.go('officer', slip, 'judge', judgement(level, more))
}

describe.each(['sqlite', 'postgres'] as const)('on %s', kind => {
  beforeAll(async () => {
    test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
    units = (await addCast(test.context, '2019-05-06')).units
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  describe('S-6 topic', () => {
    it('a slip without a topic code is not submitted; 烟花爆竹 goes as 安全生产', async () => {
      test.clock.now = at('2019-05-06T10:00:00')
      const slip = await road.create('ownduty', { foundHow: 'browse', manual: [manual()] })
      expect((await road.refused('ownduty', slip, 'submit')).details.rule).toContain('S-6')
      const named = await road.go('ownduty', slip, 'edit', { topic: '安全生产' })
      expect((await road.go('ownduty', named, 'submit')).topic).toBe('安全生产')
    })
  })

  describe('S-7 filling in', () => {
    it('发现时间 is neither later than now nor earlier than the posting', async () => {
      test.clock.now = at('2019-05-20T09:10:00')
      const postId = await road.flaggedPost(at('2019-05-17T21:00:00'))
      const send = (foundAt: number) =>
        test.as('ownduty')(
          'POST',
          '/api/slips',
          { postIds: [postId], foundHow: 'browse', foundAt },
          { 'idempotency-key': `found-at-${foundAt}` },
        )
      expect((await send(at('2019-05-20T09:11:00'))).json().message).toContain('不能晚于现在')
      expect((await send(at('2019-05-17T20:00:00'))).json().details.rule).toContain('S-7')
      expect((await send(at('2019-05-20T09:00:00'))).statusCode).toBe(200)
    })

    it('a coarse posting time is compared at its precision (design §5.6)', async () => {
      test.clock.now = at('2019-05-20T09:10:00')
      const day = (url: string, publishedAt: number | null, publishedPrecision: string | null) =>
        test.as('ownduty')(
          'POST',
          '/api/slips',
          {
            postIds: [],
            foundHow: 'browse',
            foundAt: at('2019-05-20T08:00:00'),
            manual: [manual({ url, publishedAt, publishedPrecision })],
          },
          { 'idempotency-key': `precision-${url.at(-1)}` },
        )
      // 5月20日, without an hour, stands as its noon: found at 08:00 of that day is in order.
      expect((await day('https://a.example/1', at('2019-05-20T12:00:00'), 'day')).statusCode).toBe(200)
      expect((await day('https://a.example/2', at('2019-05-21T00:00:00'), 'day')).statusCode).toBe(400)
      expect((await day('https://a.example/3', at('2019-05-31T00:00:00'), 'month')).statusCode).toBe(200)
      expect((await day('https://a.example/4', null, null)).statusCode).toBe(200)
    })

    it('posted Fri 05-17 21:00, found Mon 05-20 09:10 is in order; found Tue 05-21 asks for a reason', async () => {
      const slipOf = async (time: string) => {
        test.clock.now = at(time)
        return road.create('ownduty', { postIds: [await road.flaggedPost(at('2019-05-17T21:00:00'))] })
      }
      const monday = await slipOf('2019-05-20T09:10:00')
      expect((await road.go('ownduty', monday, 'submit')).status).toBe('judging')
      const tuesday = await slipOf('2019-05-21T09:10:00')
      const answer = await road.refused('ownduty', tuesday, 'submit')
      expect(answer.details).toEqual({
        needsReason: true,
        rule: 'S-7',
        warnings: ['发帖后超过 1 个工作日才发现'],
      })
      const sent = await road.go('ownduty', tuesday, 'submit', { reason: '周末系统检修' })
      expect(sent.history.at(-1)?.detail).toMatchObject({
        reason: '周末系统检修',
        warnings: answer.details.warnings,
      })
    })

    it('filled in more than one working day after 发现 asks for a reason', async () => {
      const slip = await found('2019-05-20T09:00:00')
      test.clock.now = at('2019-05-21T17:00:00')
      const edited = await road.go('ownduty', slip, 'edit', { title: '次日仍可' })
      test.clock.now = at('2019-05-22T09:00:00')
      expect((await road.refused('ownduty', edited, 'submit')).message).toContain('才填报')
      expect((await road.go('ownduty', edited, 'submit', { reason: '核实地点' })).number).toBe(
        'YQ〔2019〕004号',
      )
    })

    it('staff may set 发现时间 earlier; later only 办公室, with a reason (design §5.1)', async () => {
      const slip = await found('2019-05-22T10:00:00')
      const earlier = { foundAt: at('2019-05-22T09:30:00'), reason: '值班电话在先' }
      const set = await road.go('ownduty', slip, 'changeFoundAt', earlier)
      const later = { foundAt: at('2019-05-22T09:50:00'), reason: '记录有误' }
      expect((await road.refused('ownduty', set, 'changeFoundAt', later)).code).toBe('slip.forbidden')
      expect((await road.refused('ownduty', set, 'edit', { foundAt: later.foundAt })).code).toBe(
        'slip.forbidden',
      )
      expect((await road.refused('officer', set, 'changeFoundAt', { ...later, reason: ' ' })).code).toBe(
        'request.invalid',
      )
      expect((await road.go('officer', set, 'changeFoundAt', later)).foundAt).toBe(later.foundAt)
    })
  })

  describe('S-8 wrong department', () => {
    it('found 05-20, transferred 05-21: the due date stays that of 05-20', async () => {
      const slip = await judged('2019-05-20T09:00:00')
      expect(slip.clocks[0]?.dueAt).toBe(at('2019-05-23T00:00:00'))
      const { dueAt, steps } = slip.clocks[0] as (typeof slip.clocks)[number]
      test.clock.now = at('2019-05-21T11:00:00')
      const asked = await road.go('leadstaff', slip, 'requestTransfer', {
        toUnitId: unit('other'),
        reason: '属救援处职责',
      })
      expect(asked.leadUnit?.id).toBe(unit('lead'))
      // Asking twice, or moving it oneself, is nobody's.
      const again = { toUnitId: unit('own'), reason: '属基础处职责' }
      expect((await road.refused('leadhead', asked, 'requestTransfer', again)).code).toBe('slip.state')
      const move = { leadUnitId: unit('other'), coUnitIds: [unit('lead')], reason: '同意转办' }
      expect((await road.refused('leadhead', asked, 'reassign', move)).code).toBe('slip.forbidden')
      const moved = await road.go('officer', asked, 'reassign', move)
      expect(moved.clocks[0]).toMatchObject({ dueAt, steps })
      expect([moved.transfers[0]?.state, moved.leadUnit?.id, moved.coUnits.map(({ id }) => id)]).toEqual([
        'done',
        unit('other'),
        [unit('lead')],
      ])
      const back = await road.go('officer', moved, 'reassign', {
        leadUnitId: unit('lead'),
        reason: '仍由危化处办',
      })
      expect(back.warnings).not.toContain('已转办两次以上')
    })

    it('keeping the unit declines the request; a second transfer is a warning', async () => {
      let slip = await judged('2019-05-20T10:00:00')
      const ask = (toUnitId: number) => ({ toUnitId, reason: '职责' })
      slip = await road.go('leadstaff', slip, 'requestTransfer', ask(unit('other')))
      slip = await road.go('officer', slip, 'reassign', { leadUnitId: unit('lead'), reason: '仍由贵处办理' })
      expect(slip.transfers.map(({ state }) => state)).toEqual(['refused'])
      slip = await road.go('leadstaff', slip, 'requestTransfer', ask(unit('other')))
      slip = await road.go('officer', slip, 'reassign', { leadUnitId: unit('other'), reason: '同意' })
      slip = await road.go('otherstaff', slip, 'requestTransfer', ask(unit('own')))
      slip = await road.go('officer', slip, 'reassign', { leadUnitId: unit('own'), reason: '同意' })
      expect(slip.warnings).toContain('已转办两次以上')
    })
  })

  describe('S-9 one post, one slip', () => {
    it('a second slip with the same 化龙巷 address is offered the first one', async () => {
      test.clock.now = at('2019-05-23T09:00:00')
      const url = 'https://bbs.hualongxiang.com/read-htm-tid-77.html'
      const title = '新北孟河一家小厂半夜冒黄烟'
      const first = await road.create('ownduty', { foundHow: 'browse', manual: [manual({ url, title })] })
      const send = (more: object, key: string) =>
        test.as('otherduty')(
          'POST',
          '/api/slips',
          { postIds: [], foundHow: 'public', manual: [manual({ url })], ...more },
          { 'idempotency-key': key },
        )
      const answer = await send({}, 'same-address-1')
      expect([answer.statusCode, answer.json().details]).toMatchObject([
        400,
        { needsReason: true, slipId: first.id, number: null },
      ])
      const similar = async (query: Record<string, string>) =>
        (await test.as('otherduty')('GET', `/api/slips/similar?${new URLSearchParams(query)}`)).json()
      expect(await similar({ url })).toMatchObject([{ slipId: first.id, because: 'url' }])
      expect(await similar({ title: '孟河一小厂半夜冒黄烟' })).toMatchObject([
        { slipId: first.id, because: 'title' },
      ])
      expect(await similar({ title: '溧阳水库放水通知' })).toEqual([])
      expect((await send({ reason: '另一家企业，同一楼层' }, 'same-address-2')).statusCode).toBe(200)
    })

    it('a stored post that is on a slip is not taken twice; attached, it joins the slip that there is', async () => {
      const slip = await found('2019-05-23T10:00:00')
      const postId = slip.entries[0]?.postId
      const other = await test.as('otherduty')(
        'POST',
        '/api/slips',
        { postIds: [postId], foundHow: 'monitor' },
        { 'idempotency-key': 'taken-post' },
      )
      expect([other.json().code, other.json().details.slipId]).toEqual(['post.handled', slip.id])
      expect(slip.entries[0]?.copies).toBe(0)
      const repost = await road.flaggedPost()
      await test.context.db
        .updateTable('analysis')
        .set({ copy_of: postId as number, copy_kind: 'exact' })
        .where('post_id', '=', repost)
        .execute()
      const seen = (await test.as('ownduty')('GET', `/api/slips/${slip.id}`)).json()
      expect(seen.entries[0].copies).toBe(1)
      const joined = await road.go('ownduty', slip, 'attachPost', { postId: repost })
      const typed = await road.go('ownduty', joined, 'attachPost', {
        manual: manual({ url: 'https://weibo.com/1/xyz', platform: '微博' }),
      })
      expect(typed.entries.map(({ platform }) => platform)).toEqual(['中吴网', '中吴网', '微博'])
      expect(typed.entries[2]?.evidence.map(({ kind }) => kind)).toEqual(['upload'])
      expect((await road.refused('ownduty', typed, 'attachPost', {})).code).toBe('request.invalid')
      expect((await road.refused('ownduty', typed, 'attachPost', { postId })).code).toBe('post.handled')
    })

    it('a voided slip gives its posts free again', async () => {
      const slip = await found('2019-05-23T11:00:00')
      await road.go('ownduty', slip, 'void', { reason: '点错了' })
      const again = await road.create('otherduty', { postIds: [slip.entries[0]?.postId] })
      expect(again.entries[0]?.postId).toBe(slip.entries[0]?.postId)
    })
  })

  describe('S-10 研判', () => {
    it('slip in 09:20, judged 10:05 as 一般性: the clock shows the due date', async () => {
      const slip = await road.go('ownduty', await found('2019-05-20T09:20:00'), 'submit')
      expect(slip.clocks).toEqual([])
      // No reply, no approval before; the unit only proposes.
      expect((await road.refused('leadstaff', slip, 'saveText', REPLY)).code).toBe('slip.forbidden')
      expect((await road.refused('ownhead', slip, 'judge', judgement('general'))).code).toBe('slip.forbidden')
      const proposed = await road.go('ownduty', slip, 'edit', { proposedLevel: 'complex' })
      expect([proposed.proposedLevel, proposed.level]).toEqual(['complex', null])
      test.clock.now = at('2019-05-20T10:05:00')
      const done = await road.go('officer', proposed, 'judge', judgement('general'))
      expect([done.level, done.judgedAt, done.dueAt]).toEqual([
        'general',
        at('2019-05-20T10:05:00'),
        at('2019-05-23T00:00:00'),
      ])
    })

    it('in Fri 05-17 15:00, not judged in 4 office hours, which end Mon 11:00: a warning', async () => {
      const slip = await road.go('ownduty', await found('2019-05-17T15:00:00'), 'submit')
      const words = '提交后超过 4 个办公小时还没有研判'
      const warned = async (time: string) => {
        test.clock.now = at(time)
        return (await road.read('officer', slip.id)).warnings.includes(words)
      }
      // 15:00-17:00 on Friday, 09:00-11:00 on Monday; night and weekend are no office hours.
      expect(await warned('2019-05-17T23:00:00')).toBe(false)
      expect(await warned('2019-05-20T11:00:00')).toBe(false)
      expect(await warned('2019-05-20T11:00:01')).toBe(true)
    })

    it('重大 needs 办公室主任 (design §5.14); declined, the slip waits for another judgement', async () => {
      const slip = await road.go('ownduty', await found('2019-05-20T11:00:00'), 'submit')
      const order = { dueAt: at('2019-05-20T20:00:00') }
      const pending = await road.go('officer', slip, 'judge', judgement('major', order))
      expect([pending.status, pending.pendingMajor, pending.level]).toEqual(['judging', true, null])
      expect((await road.refused('officechief', pending, 'confirmJudgement', { agree: false })).code).toBe(
        'request.invalid',
      )
      const declined = await road.go('officechief', pending, 'confirmJudgement', {
        agree: false,
        reason: '影响有限',
      })
      expect([declined.status, declined.pendingMajor]).toEqual(['judging', false])
      const own = await road.go('officechief', declined, 'judge', judgement('major', order))
      expect([own.status, own.level, own.dueAt]).toEqual(['drafting', 'major', order.dueAt])
    })
  })

  describe('S-11 levels', () => {
    it('复杂性 with an empty ground is refused; a fourth level there is not', async () => {
      const slip = await road.go('ownduty', await found('2019-05-20T13:00:00'), 'submit')
      expect(
        (await road.refused('officer', slip, 'judge', { ...judgement('complex'), ground: ' ' })).details.rule,
      ).toContain('S-11')
      expect((await road.refused('officer', slip, 'judge', judgement('huge'))).code).toBe('request.invalid')
      // S-23: 重大 without the instant of the order.
      expect((await road.refused('officer', slip, 'judge', judgement('major'))).details.rule).toContain(
        'S-23',
      )
      const nowhere = { ...judgement('complex'), leadUnitId: 99 }
      expect((await road.refused('officer', slip, 'judge', nowhere)).code).toBe('request.invalid')
    })
  })
})
