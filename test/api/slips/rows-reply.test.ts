import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccount } from '../../../api/accounts/store.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { recordVerification } from '../../../api/slips/verification.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast, type UNITS } from './cast.ts'
import { at, INITIAL, NONE, OPINION, REPLY, Road } from './road.ts'

let test: TestContext
let road: Road
let units: Map<keyof typeof UNITS, number>

const unit = (name: keyof typeof UNITS) => units.get(name) as number

async function judged(time: string, level: string, more: object = {}): Promise<SlipDetail> {
  test.clock.now = at(time)
  const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
  const sent = await road.go('ownduty', slip, 'submit')
  return road.go('officechief', sent, 'judge', {
    level,
    ground: '多人反映，需核实',
    leadUnitId: unit('lead'),
    ...(level === 'major' && { dueAt: test.clock.now + 12 * 3_600_000 }),
    ...more,
  })
}
const approveBody = ({ texts }: SlipDetail) => ({
  textId: texts.at(-1)?.id,
  textHash: texts.at(-1)?.hash,
  opinion: '同意',
})
const account = (more: object = {}) =>
  test.context.db.transaction().execute(trx =>
    createAccount(trx, {
      platform: 'zhongwu',
      name: '常州应急小王',
      platformUid: null,
      unitId: unit('lead'),
      realName: true,
      certified: true,
      custodian: '陈立群',
      contact: null,
      activeFrom: '2019-04-17',
      activeTo: null,
      ...more,
    }),
  )

// On PostgreSQL these acts run in road.test.ts; every one of their tables is read and written there.
describe.each(['sqlite'] as const)('on %s', kind => {
  beforeAll(async () => {
    test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
    units = (await addCast(test.context, '2019-05-06')).units
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  describe('S-12 一般性 is reviewed by the leader in charge', () => {
    it('危化处 reply: another leader is refused, V2 is in order, the drafter never', async () => {
      const slip = await judged('2019-05-06T09:30:00', 'general')
      const early = await road.go('leadstaff', slip, 'saveText', REPLY)
      expect((await road.refused('incharge', early, 'approve', approveBody(early))).code).toBe('slip.state')
      const sent = await road.go('leadstaff', early, 'sendForReview', { textId: early.texts[0]?.id })
      for (const other of ['otherleader', 'netleader', 'leadhead', 'officechief'])
        expect((await road.refused(other, sent, 'approve', approveBody(sent))).code, other).toBe(
          'slip.forbidden',
        )
      const done = await road.go('incharge', sent, 'approve', approveBody(sent))
      expect(done.texts[0]?.approval).toMatchObject({ by: { name: 'inCharge' }, forName: null })
    })

    it('who stands in for V2 signs 代; who wrote a version of the text does not approve it', async () => {
      const slip = await judged('2019-05-06T10:00:00', 'general')
      const own = await road.sent(slip, 'dual', REPLY)
      expect((await road.refused('dual', own, 'approve', approveBody(own))).code).toBe('slip.forbidden')
      const back = await road.go('dual', own, 'withdraw')
      // Somebody else's comma does not make him a stranger to the text.
      const edited = await road.sent(back, 'leadstaff', { ...REPLY, body: `${REPLY.body}特此说明。` })
      expect((await road.refused('dual', edited, 'approve', approveBody(edited))).code).toBe('slip.forbidden')
      const done = await road.go('actingleader', edited, 'approve', approveBody(edited))
      expect(done.texts.at(-1)?.approval).toMatchObject({ by: { name: 'actingLeader' }, forName: 'inCharge' })
      expect(done.history.at(-1)).toMatchObject({ by: 'actingLeader', forName: 'inCharge' })
    })

    it('no reply is recorded before the approval', async () => {
      const slip = await judged('2019-05-06T10:30:00', 'general')
      const sent = await road.sent(slip, 'leadstaff', REPLY)
      const body = road.reply(sent, 0, { textId: sent.texts[0]?.id })
      expect((await road.refused('leadstaff', sent, 'recordReply', body)).code).toBe('slip.state')
    })
  })

  describe('S-13 一般性 is answered by the responsible unit', () => {
    it('危化处 posts 2019-05-08 15:20 under its account; another unit and 办公室 do not', async () => {
      const slip = await road.approved(
        await judged('2019-05-06T11:00:00', 'general'),
        'leadstaff',
        'incharge',
        REPLY,
      )
      test.clock.now = at('2019-05-08T15:20:00')
      for (const other of ['ownstaff', 'officer', 'otherduty'])
        expect((await road.refused(other, slip, 'recordReply', road.reply(slip))).code).toBe('slip.forbidden')
      const done = await road.go('leadstaff', slip, 'recordReply', road.reply(slip))
      expect([done.status, done.clocks[0]?.stoppedAt, done.clocks[0]?.onTime]).toEqual([
        'tracking',
        at('2019-05-08T15:20:00'),
        true,
      ])
    })
  })

  describe('S-15 tracking', () => {
    async function replied(level: 'general' | 'complex'): Promise<SlipDetail> {
      const [approver, replier] = level === 'general' ? ['incharge', 'leadstaff'] : ['bureauchief', 'officer']
      const slip = await road.approved(
        await judged('2019-05-08T09:00:00', level),
        'leadstaff',
        approver,
        REPLY,
      )
      return road.go(replier, slip, 'recordReply', road.reply(slip))
    }

    it('refuses to finish a 一般性 slip that got a reply without an entry', async () => {
      const slip = await replied('general')
      expect(
        (await road.refused('leadstaff', slip, 'finish', { result: '已整改', reason: '无' })).details.rule,
      ).toContain('S-15')
      const track = { views: 120, replies: 3, claims: '无新诉求', judgement: '平稳' }
      const tracked = await road.go('leadstaff', slip, 'addTracking', track)
      expect((await road.go('leadstaff', tracked, 'finish', { result: '已整改' })).status).toBe('finished')
    })

    it('replied Wed 05-08: entries expected 05-09, 05-10, 05-13; a day without one is a warning', async () => {
      let slip = await replied('general')
      const warned = async (time: string) => {
        test.clock.now = at(time)
        slip = await road.read('leadstaff', slip.id)
        return slip.warnings.filter(words => words.includes('逐日跟踪'))
      }
      expect(await warned('2019-05-09T23:59:00')).toEqual([])
      expect(await warned('2019-05-10T09:00:00')).toEqual(['回复后应逐日跟踪，缺 5月9日'])
      slip = await road.go('leadstaff', slip, 'addTracking', { claims: '无', judgement: '平稳' })
      // Saturday and Sunday are none.
      expect(await warned('2019-05-13T09:00:00')).toEqual(['回复后应逐日跟踪，缺 5月9日'])
      expect(await warned('2019-05-20T09:00:00')).toEqual(['回复后应逐日跟踪，缺 5月9日、5月13日'])
    })

    it('is a warning with a reason otherwise (design §5.5)', async () => {
      const slip = await replied('complex')
      const answer = await road.refused('leadstaff', slip, 'finish', { result: '已整改' })
      expect(answer.details).toMatchObject({ needsReason: true })
      expect(
        (await road.go('leadstaff', slip, 'finish', { result: '已整改', reason: '无人跟帖' })).status,
      ).toBe('finished')
    })

    it('nothing to track where the post is gone', async () => {
      const slip = await replied('general')
      const postId = slip.entries[0]?.postId as number
      const { db } = test.context
      const row = await db.selectFrom('post').selectAll().where('id', '=', postId).executeTakeFirstOrThrow()
      await db.transaction().execute(trx =>
        recordPosts(trx, [
          {
            source: row.source_id,
            key: row.key,
            url: row.url,
            kind: 'thread',
            parent: null,
            floor: 1,
            board: row.board,
            title: row.title,
            author: { id: row.author_id, name: row.author_name },
            text: '',
            quote: null,
            images: [],
            publishedAt: null,
            publishedPrecision: null,
            publishedRaw: null,
            seenAt: new Date(test.clock.now).toISOString(),
            counts: { views: null, replies: null, reposts: null, likes: null },
            place: null,
            state: 'gone',
          },
        ]),
      )
      expect((await road.go('leadstaff', slip, 'finish', { result: '已电话答复' })).status).toBe('finished')
    })

    it('replied 05-08, new claim 05-10: round 2 with the same approval and a clock of its own (design §5.8)', async () => {
      const slip = await replied('general')
      const first = slip.clocks[0]
      test.clock.now = at('2019-05-10T10:00:00')
      const open = await road.go('leadstaff', slip, 'openRound', {
        reason: '网友称气味又起',
        foundAt: at('2019-05-10T09:00:00'),
      })
      expect([open.status, open.round, open.clocks[1]?.dueAt]).toEqual([
        'drafting',
        2,
        at('2019-05-15T00:00:00'),
      ])
      expect(open.clocks[0]).toEqual(first)
      const ready = await road.approved(open, 'leadstaff', 'incharge', {
        ...REPLY,
        body: '已再次复测，结果达标。',
      })
      test.clock.now = at('2019-05-15T09:00:00')
      const done = await road.go('leadstaff', ready, 'recordReply', road.reply(ready))
      expect([done.status, done.clocks.map(({ onTime }) => onTime)]).toEqual(['tracking', [true, false]])
      // Tracking of the first round does not do for the second.
      expect((await road.refused('leadstaff', done, 'finish', { result: '已整改' })).details.rule).toContain(
        'S-15',
      )
    })

    it('a round about one of two posts asks for that one only', async () => {
      test.clock.now = at('2019-05-08T10:00:00')
      let slip = await judged('2019-05-08T10:00:00', 'general')
      slip = await road.go('leadstaff', slip, 'attachPost', { postId: await road.flaggedPost() })
      slip = await road.approved(slip, 'leadstaff', 'incharge', REPLY)
      for (const entryAt of [0, 1])
        slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip, entryAt))
      const entryIds = [slip.entries[1]?.id as number]
      const round = { reason: '第二处又有反映', foundAt: test.clock.now, entryIds }
      expect((await road.refused('leadstaff', slip, 'openRound', { ...round, entryIds: [9999] })).code).toBe(
        'request.invalid',
      )
      slip = await road.go('leadstaff', slip, 'openRound', round)
      slip = await road.approved(slip, 'leadstaff', 'incharge', { ...REPLY, body: '第二处也已整改。' })
      slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip, 1))
      expect([slip.status, slip.clocks[1]?.stoppedAt]).toEqual(['tracking', test.clock.now])
    })
  })

  describe('S-16, S-17, S-18 较大、复杂性', () => {
    it('starts from the unit, 办公室 edits, versions are kept; 主要领导 alone approves the final text', async () => {
      const slip = await judged('2019-05-20T09:00:00', 'complex')
      const alone = await road.go('officer', slip, 'saveText', REPLY)
      expect(
        (await road.refused('officer', alone, 'sendForReview', { textId: alone.texts[0]?.id })).details.rule,
      ).toContain('S-16')
      const unitText = await road.go('leadstaff', alone, 'saveText', { ...REPLY, body: '已检测。' })
      const edited = await road.sent(unitText, 'officer', { ...REPLY, body: '您好，已检测。' })
      expect(edited.texts.map(({ body, author }) => [body, author.name])).toEqual([
        [REPLY.body, 'officer'],
        ['已检测。', 'leadStaff'],
        ['您好，已检测。', 'officer'],
      ])
      expect((await road.refused('incharge', edited, 'approve', approveBody(edited))).code).toBe(
        'slip.forbidden',
      )
      const approved = await road.go('bureauchief', edited, 'approve', approveBody(edited))
      expect((await road.refused('leadstaff', approved, 'recordReply', road.reply(approved))).code).toBe(
        'slip.forbidden',
      )
      const changed = await road.go('officer', approved, 'saveText', { ...REPLY, body: '您好，已，检测。' })
      expect([changed.status, changed.texts.filter(({ approval }) => approval)]).toEqual(['drafting', []])
      const again = await road.go('officer', changed, 'sendForReview', { textId: changed.texts.at(-1)?.id })
      const old = {
        textId: approved.texts.at(-1)?.id,
        textHash: approved.texts.at(-1)?.hash,
        opinion: '同意',
      }
      expect((await road.refused('bureauchief', again, 'approve', old)).code).toBe('slip.stale')
      const final = await road.go('bureauchief', again, 'approve', approveBody(again))
      const done = await road.go('officer', final, 'recordReply', road.reply(final))
      expect(done.status).toBe('tracking')
    })

    it('a leader who corrects while reviewing approves the corrected version and is not its drafter (design §5.10)', async () => {
      const slip = await road.sent(await judged('2019-05-20T10:00:00', 'complex'), 'leadstaff', REPLY)
      const corrected = await road.go('bureauchief', slip, 'saveText', {
        ...REPLY,
        body: '您好，已责令停产。',
      })
      expect(corrected.texts.at(-1)).toMatchObject({ number: 2, author: { name: 'leadStaff' } })
      expect(corrected.status).toBe('reviewing')
      expect((await road.refused('bureauchief', corrected, 'approve', approveBody(slip))).code).toBe(
        'slip.stale',
      )
      const done = await road.go('bureauchief', corrected, 'approve', approveBody(corrected))
      expect(done.texts.map(({ approval }) => approval !== null)).toEqual([false, true])
    })

    it('a private answer at this level is a warning (S-18, S-28)', async () => {
      const text = { ...REPLY, mode: 'private', privateReason: 'privacy' }
      const slip = await road.approved(
        await judged('2019-05-20T11:00:00', 'complex'),
        'leadstaff',
        'bureauchief',
        text,
      )
      const done = await road.go(
        'officer',
        slip,
        'recordReply',
        road.reply(slip, 0, { mode: 'private', url: undefined }),
      )
      expect(done.warnings.join()).toContain('单独回复')
    })
  })

  describe('S-20 … S-24 重大', () => {
    const report = (receiver: string, time: string, more: object = {}) => ({
      receiver,
      sentAt: at(time),
      way: '传真',
      handler: '徐静',
      ...more,
    })

    it('opinion by 办公室 11:00, D approves 11:40, 省厅 12:05, 市委宣传部 missing: the step stays open', async () => {
      let slip = await judged('2019-05-20T10:30:00', 'major')
      for (const who of ['leadstaff', 'incharge'])
        expect((await road.refused(who, slip, 'saveText', OPINION)).code, 'S-20').toBe('slip.forbidden')
      // S-24, S-22: no public reply before the superiors know.
      expect((await road.refused('officer', slip, 'saveText', REPLY)).details.rule).toContain('S-22')
      test.clock.now = at('2019-05-20T11:00:00')
      slip = await road.sent(slip, 'officer', OPINION)
      // S-21: not before the approval.
      expect(
        (await road.refused('officer', slip, 'recordReport', report('province', '2019-05-20T11:00:00'))).code,
      ).toBe('slip.state')
      test.clock.now = at('2019-05-20T11:40:00')
      slip = await road.go('bureauchief', slip, 'approve', approveBody(slip))
      test.clock.now = at('2019-05-20T12:30:00')
      const early = report('province', '2019-05-20T11:10:00')
      expect((await road.refused('officer', slip, 'recordReport', early)).details.rule).toContain('S-21')
      slip = await road.go('officer', slip, 'recordReport', report('province', '2019-05-20T12:05:00'))
      expect([slip.status, slip.clocks[0]?.stoppedAt]).toEqual(['reporting', null])
      const twice = report('province', '2019-05-20T12:06:00')
      expect((await road.refused('officer', slip, 'recordReport', twice)).code).toBe('request.invalid')
      slip = await road.go('officer', slip, 'recordReport', report('propaganda', '2019-05-20T12:20:00'))
      expect([slip.status, slip.clocks[0]?.stoppedAt]).toEqual(['drafting', at('2019-05-20T12:20:00')])
      // S-24: the public answer needs 主要领导's approval of its own.
      slip = await road.sent(slip, 'officer', REPLY)
      expect((await road.refused('incharge', slip, 'approve', approveBody(slip))).code).toBe('slip.forbidden')
      slip = await road.go('bureauchief', slip, 'approve', approveBody(slip))
      // 续报 and 终报 as often as needed, the first two stay.
      slip = await road.go('officer', slip, 'recordReport', report('province', '2019-05-20T12:30:00'))
      slip = await road.go(
        'officer',
        slip,
        'recordReport',
        report('province', '2019-05-20T12:30:00', { kind: 'final' }),
      )
      expect(slip.reports.map(({ kind }) => kind)).toEqual(['first', 'first', 'followUp', 'final'])
      slip = await road.go('officer', slip, 'recordReply', road.reply(slip))
      expect(slip.status).toBe('tracking')
    })

    it('口头报告 by 主要领导 himself may come before the approval (S-21)', async () => {
      let slip = await judged('2019-05-20T13:00:00', 'major')
      const oral = (receiver: string) => report(receiver, '2019-05-20T13:00:00', { way: '口头' })
      expect(
        (await road.refused('bureauchief', slip, 'recordReport', report('province', '2019-05-20T13:00:00')))
          .details.rule,
      ).toContain('S-21')
      slip = await road.go('bureauchief', slip, 'recordReport', oral('province'))
      slip = await road.go('bureauchief', slip, 'recordReport', oral('propaganda'))
      expect([slip.status, slip.clocks[0]?.onTime]).toEqual(['drafting', true])
      // The opinion is still written and approved before anything is said in public.
      expect((await road.refused('officer', slip, 'saveText', REPLY)).details.rule).toContain('S-20')
      slip = await road.approved(slip, 'officer', 'bureauchief', OPINION)
      expect(slip.status).toBe('drafting')
      expect((await road.sent(slip, 'officer', REPLY)).status).toBe('reviewing')
    })

    it('经请示无需回复 is an answer too (S-24)', async () => {
      let slip = await road.approved(
        await judged('2019-05-20T14:00:00', 'major'),
        'officer',
        'bureauchief',
        OPINION,
      )
      for (const receiver of ['province', 'propaganda'])
        slip = await road.go('officer', slip, 'recordReport', report(receiver, '2019-05-20T14:00:00'))
      slip = await road.approved(slip, 'officer', 'bureauchief', { ...NONE, body: '经请示省厅，无需回复。' })
      slip = await road.go('officer', slip, 'recordNoReply', {
        entryId: slip.entries[0]?.id,
        noReplyReason: 'instructed',
        reason: '省厅电话答复',
      })
      expect(slip.status).toBe('tracking')
    })

    it('a further round of 重大 runs to a new order and stops with its answer', async () => {
      let slip = await road.approved(
        await judged('2019-05-20T15:00:00', 'major'),
        'officer',
        'bureauchief',
        OPINION,
      )
      for (const receiver of ['province', 'propaganda'])
        slip = await road.go('officer', slip, 'recordReport', report(receiver, '2019-05-20T15:00:00'))
      slip = await road.approved(slip, 'officer', 'bureauchief', REPLY)
      slip = await road.go('officer', slip, 'recordReply', road.reply(slip))
      const round = { reason: '媒体追问', foundAt: test.clock.now }
      expect((await road.refused('officer', slip, 'openRound', round)).details.rule).toContain('S-23')
      const dueAt = at('2019-05-21T12:00:00')
      slip = await road.go('officer', slip, 'openRound', { ...round, dueAt })
      expect(slip.clocks[1]).toMatchObject({ dueAt, stoppedAt: null })
      slip = await road.approved(slip, 'officer', 'bureauchief', { ...REPLY, body: '检测报告已公开。' })
      slip = await road.go('officer', slip, 'recordReply', road.reply(slip))
      expect([slip.status, slip.clocks[1]?.onTime]).toEqual(['tracking', true])
    })
  })

  describe('S-25 件件有反馈、事事有落实', () => {
    it('counts posts: one answered on the page, one gone with its reason; both before finishing (design §5.7)', async () => {
      let slip = await judged('2019-05-20T16:00:00', 'general')
      slip = await road.go('leadstaff', slip, 'attachPost', { postId: await road.flaggedPost() })
      slip = await road.approved(slip, 'leadstaff', 'incharge', REPLY)
      slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip, 0))
      expect([slip.status, slip.clocks[0]?.stoppedAt]).toEqual(['replying', null])
      expect((await road.refused('leadstaff', slip, 'recordReply', road.reply(slip, 0))).code).toBe(
        'request.invalid',
      )
      slip = await road.approved(slip, 'leadstaff', 'incharge', NONE)
      test.clock.now = at('2019-05-20T17:00:00')
      const none = { entryId: slip.entries[1]?.id, noReplyReason: 'gone', reason: '原帖已删' }
      slip = await road.go('leadstaff', slip, 'recordNoReply', none)
      expect([slip.status, slip.clocks[0]?.stoppedAt]).toEqual(['tracking', at('2019-05-20T17:00:00')])
      slip = await road.go('leadstaff', slip, 'addTracking', { claims: '', judgement: '平稳' })
      expect((await road.refused('leadstaff', slip, 'finish')).details.rule).toContain('S-25')
      expect((await road.go('leadstaff', slip, 'finish', { result: '企业已停产整改' })).status).toBe(
        'finished',
      )
    })

    it('an approved text goes on after another post got its reason for none', async () => {
      let slip = await judged('2019-05-21T09:00:00', 'general')
      slip = await road.go('leadstaff', slip, 'attachPost', { postId: await road.flaggedPost() })
      slip = await road.approved(slip, 'leadstaff', 'incharge', REPLY)
      const reply = slip.texts[0]
      slip = await road.approved(slip, 'leadstaff', 'incharge', NONE)
      const none = { entryId: slip.entries[1]?.id, noReplyReason: 'gone', reason: '原帖已删' }
      slip = await road.go('leadstaff', slip, 'recordNoReply', none)
      slip = await road.go('leadstaff', slip, 'saveText', { ...NONE, body: '另行说明。' })
      slip = await road.go('leadstaff', slip, 'sendForReview', { textId: reply?.id })
      expect(slip.status).toBe('replying')
      slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip, 0, { textId: reply?.id }))
      expect(slip.status).toBe('tracking')
    })

    it('the last unanswered post moved out lets the slip go on', async () => {
      let slip = await judged('2019-05-21T10:00:00', 'general')
      slip = await road.go('leadstaff', slip, 'attachPost', { postId: await road.flaggedPost() })
      slip = await road.approved(slip, 'leadstaff', 'incharge', REPLY)
      slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip, 0))
      slip = await road.go('leadstaff', slip, 'detachPost', {
        entryId: slip.entries[1]?.id,
        reason: '不是同一件事',
      })
      expect([slip.status, slip.clocks[0]?.stoppedAt]).toEqual(['tracking', test.clock.now])
    })

    it('a post found after the answer wants its own, and makes nobody late', async () => {
      let slip = await judged('2019-05-21T11:00:00', 'general')
      slip = await road.approved(slip, 'leadstaff', 'incharge', REPLY)
      slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip, 0))
      const stopped = slip.clocks[0]
      test.clock.now = at('2019-05-30T09:00:00')
      slip = await road.go('ownduty', slip, 'attachPost', { postId: await road.flaggedPost() })
      expect([slip.status, slip.clocks[0]]).toEqual(['replying', stopped])
      slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip, 1))
      expect([slip.status, slip.clocks[0]]).toEqual(['tracking', stopped])
    })

    it('a post that lay before staff when the answer went out starts the clock again', async () => {
      let slip = await judged('2019-05-21T12:00:00', 'general')
      const seen = await road.flaggedPost()
      slip = await road.approved(slip, 'leadstaff', 'incharge', REPLY)
      test.clock.now = at('2019-05-21T13:00:00')
      slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip, 0))
      slip = await road.go('ownduty', slip, 'attachPost', { postId: seen })
      expect([slip.status, slip.clocks[0]?.stoppedAt]).toEqual(['replying', null])
    })
  })

  describe('S-26 registered real-name accounts', () => {
    it('“常州应急小王” unregistered, personal or retired is refused; without certification it asks for a reason', async () => {
      const slip = await road.approved(
        await judged('2019-05-22T09:00:00', 'general'),
        'leadstaff',
        'incharge',
        REPLY,
      )
      const under = async (accountId: number, more: object = {}) =>
        road.refused('leadstaff', slip, 'recordReply', road.reply(slip, 0, { accountId, ...more }))
      expect((await under(9999)).details.rule).toContain('S-26')
      const personal = await account({ realName: false })
      expect((await under(personal)).details.rule).toContain('S-26')
      const retired = await account({ name: '常州安监', activeTo: '2019-05-21' })
      expect((await under(retired)).details.rule).toContain('S-26')
      const elsewhere = await account({ platform: '微博', name: '常州应急' })
      expect((await under(elsewhere)).details.rule).toContain('S-26')
      const uncertified = await account({ name: '常州危化处', certified: false })
      expect((await under(uncertified)).details).toMatchObject({ needsReason: true })
      const reason = '平台认证办理中'
      const body = road.reply(slip, 0, { accountId: uncertified, reason })
      expect((await road.go('leadstaff', slip, 'recordReply', body)).entries[0]?.reply?.reason).toBe(reason)
    })
  })

  describe('S-27 proof of the reply', () => {
    it('screenshot missing: 待佐证, not finished; a picture or the page read back mends it (design §5.11)', async () => {
      const answered = async () => {
        const slip = await road.approved(
          await judged('2019-05-22T10:00:00', 'general'),
          'leadstaff',
          'incharge',
          REPLY,
        )
        expect(
          (await road.refused('leadstaff', slip, 'recordReply', road.reply(slip, 0, { url: undefined })))
            .details.rule,
        ).toContain('S-27')
        const bare = await road.go('leadstaff', slip, 'recordReply', road.reply(slip, 0, { uploads: [] }))
        return road.go('leadstaff', bare, 'addTracking', { claims: '', judgement: '平稳' })
      }
      const one = await answered()
      expect(one.warnings.join()).toContain('待佐证')
      expect((await road.refused('leadstaff', one, 'finish', { result: '已整改' })).details.rule).toContain(
        'S-27',
      )
      const proved = await road.go('leadstaff', one, 'addEvidence', {
        replyId: one.entries[0]?.reply?.id,
        uploads: [road.picture],
      })
      expect((await road.go('leadstaff', proved, 'finish', { result: '已整改' })).status).toBe('finished')

      const two = await answered()
      await test.context.db.transaction().execute(trx =>
        recordVerification(trx, {
          replyId: two.entries[0]?.reply?.id as number,
          found: 'verified',
          difference: null,
          pageRepliedAt: null,
          page: null,
          at: test.clock.now,
        }),
      )
      const read = await road.read('leadstaff', two.id)
      expect((await road.go('leadstaff', read, 'finish', { result: '已整改' })).status).toBe('finished')
    })
  })

  describe('S-28 private reply', () => {
    it('reason 个人隐私, approved by V2, sent 05-08: counts as on time; not without reason, picture, approval of the way', async () => {
      const slip = await judged('2019-05-06T14:00:00', 'general')
      const text = { ...REPLY, mode: 'private' }
      expect((await road.refused('leadstaff', slip, 'saveText', text)).details.rule).toContain('S-28')
      const other = { ...text, privateReason: 'other' }
      expect((await road.refused('leadstaff', slip, 'saveText', other)).details.rule).toContain('S-28')
      const ready = await road.approved(slip, 'leadstaff', 'incharge', { ...text, privateReason: 'privacy' })
      test.clock.now = at('2019-05-08T10:00:00')
      expect(
        (await road.refused('leadstaff', ready, 'recordReply', road.reply(ready))).details.rule,
      ).toContain('S-28')
      const sent = road.reply(ready, 0, { mode: 'private', url: undefined })
      expect(
        (await road.refused('leadstaff', ready, 'recordReply', { ...sent, uploads: [] })).details.rule,
      ).toContain('S-27')
      const done = await road.go('leadstaff', ready, 'recordReply', sent)
      expect([done.clocks[0]?.onTime, done.entries[0]?.reply?.verify]).toEqual([true, 'unverified'])
    })

    it('an initial response may be private too, approved like the reply (design §5.4)', async () => {
      const text = { ...INITIAL, mode: 'private', privateReason: 'privacy' }
      const slip = await road.approved(
        await judged('2019-05-06T15:00:00', 'general'),
        'leadstaff',
        'incharge',
        text,
      )
      const body = road.reply(slip, 0, { mode: 'private', url: undefined })
      const done = await road.go('leadstaff', slip, 'recordReply', body)
      expect([done.status, done.clocks[0]?.stoppedAt, done.entries[0]?.reply?.kind]).toEqual([
        'drafting',
        null,
        'initial',
      ])
    })
  })
})
