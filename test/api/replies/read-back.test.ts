import { afterAll, beforeAll, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import { runDueCrawls } from '../../../api/crawl-job.ts'
import { followEvidence } from '../../../api/slips/follow-evidence.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { verifySlips } from '../../../api/slips/verify.ts'
import { seedSources } from '../../../api/sources/store.ts'
import { verifyReplies } from '../../../api/verify-replies.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { postReply, type Replica, startReplica } from '../../replica/index.ts'
import { type TestContext, testContext } from '../context.ts'
import { at, REPLY, Road } from '../slips/road.ts'

const MINUTE = 60_000
const TITLE = '湖塘化工厂半夜放气，味道冲得睡不着'

let test: TestContext
let replica: Replica
let road: Road
let slip: SlipDetail

beforeAll(async () => {
  test = await testContext(at('2019-05-06T09:00:00'))
  replica = await startReplica({ charset: 'gbk', now: () => test.clock.now, threads: 8 })
  replica.board.addThread({
    fid: 2,
    title: TITLE,
    text: '武进湖塘这家化工厂又偷偷排放，氨气泄漏一样刺鼻，老人孩子咳嗽，求安监去查。',
    author: '湖塘小马',
    at: test.clock.now - 10 * MINUTE,
  })
  await test.context.db.transaction().execute(async trx => {
    await seedSources(trx, [replica.source], test.clock.now)
    const { name, uid } = replica.credentials
    const account = { platform: replica.source.id, name, platform_uid: uid }
    await trx.updateTable('account').set(account).where('id', '=', 1).execute()
  })
  road = await Road.open(test)
  slip = await answered()
}, 120_000)
afterAll(async () => {
  await replica?.close()
  await test?.close()
})

/** The clock goes on, the board is read in its turn, the replies are looked at. */
async function later(minutes: number): Promise<SlipDetail> {
  test.clock.now += minutes * MINUTE
  await runDueCrawls(test.context)
  await verifyReplies(test.context)
  return road.read('office', slip.id)
}

const thread = () =>
  [...replica.board.threads.values()].find(({ title }) => title === TITLE) as { tid: number }
const floors = () => replica.board.thread(thread().tid).floors
const replyOf = ({ entries }: SlipDetail) => entries[0]?.reply

/** From the post on the board to the reply that staff posted there and recorded. */
async function answered(): Promise<SlipDetail> {
  await runDueCrawls(test.context)
  await analyseWaiting(test.context, createPipeline({ configDir: test.context.config.configDir }))
  const post = await test.context.db
    .selectFrom('post')
    .select('id')
    .where('title', '=', TITLE)
    .executeTakeFirstOrThrow()
  let made = await road.create('duty', { postIds: [post.id] })
  made = await road.go('duty', made, 'submit')
  made = await road.go('office', made, 'judge', { level: 'general', ground: '需核实', leadUnitId: 2 })
  made = await road.approved(made, 'staff', 'leader', REPLY)
  test.clock.now += 5 * MINUTE
  const url = await postReply(replica, thread().tid, REPLY.body)
  return road.go('staff', made, 'recordReply', road.reply(made, 0, { url, uploads: [] }))
}

/** Titles of what that person was told about replies. */
async function told(login: string): Promise<string[]> {
  const rows = await test.context.db
    .selectFrom('notice as n')
    .innerJoin('notice_recipient as r', 'r.notice_id', 'n.id')
    .innerJoin('person as p', 'p.id', 'r.person_id')
    .select('n.title')
    .where('n.topic', '=', 'reply')
    .where('p.login', '=', login)
    .orderBy('n.id')
    .execute()
  return rows.map(({ title }) => title.replace(/^\S+ /, ''))
}

it('a reply is found on the page, by its account and text', async () => {
  await verifyReplies(test.context)
  slip = await later(2)
  expect(replyOf(slip)).toMatchObject({ verify: 'verified', verifyDifference: null, goneAt: null })
  expect(await told('staff')).toEqual([])
})

it('rewritten on the page, it reads otherwise: the difference shows, those who answered hear of it', async () => {
  replica.board.edit(thread().tid, floors().length, `${REPLY.body}请放心。`, test.clock.now)
  slip = await later(30)
  expect(replyOf(slip)).toMatchObject({ verify: 'different', verifyDifference: `${REPLY.body}请放心。` })
  expect(slip.warnings).toContain('页面上的回复与审核同意的文稿有出入')
  expect(await told('staff')).toEqual(['页面上的回复与审核同意的文稿有出入'])
  replica.board.edit(thread().tid, floors().length, REPLY.body, test.clock.now)
  slip = await later(60)
  expect(replyOf(slip)).toMatchObject({ verify: 'verified', verifyDifference: null })
})

it('its floor taken away is noticed, with the time, a notice, an entry of the chain and a picture', async () => {
  const floor = floors().at(-1) as ReturnType<typeof floors>[number]
  floor.hidden = true
  slip = await later(120)
  const goneAt = replyOf(slip)?.goneAt as number
  expect(replyOf(slip)?.verify).toBe('gone')
  expect(goneAt).toBeLessThanOrEqual(test.clock.now)
  expect(slip.warnings).toContain('核验过的回复在页面上已看不到')
  expect(slip.history.at(-1)).toMatchObject({ action: 'watchReply', label: '回看回复', by: '系统' })
  expect([await told('staff'), await told('office')]).toEqual([
    ['页面上的回复与审核同意的文稿有出入', '回复在页面上已看不到'],
    ['页面上的回复与审核同意的文稿有出入', '回复在页面上已看不到'],
  ])
  await followEvidence(test.context)
  const picture = await test.context.db
    .selectFrom('capture_request')
    .select('reason')
    .where('key', '=', `gone:${replyOf(slip)?.id}:${goneAt}`)
    .executeTakeFirst()
  expect(picture).toEqual({ reason: 'change' })
  // Once: nothing is told again while it stays away.
  const { version } = slip
  slip = await later(240)
  expect([slip.version, (await told('staff')).length]).toEqual([version, 2])
  floor.hidden = false
  slip = await later(24 * 60)
  expect(replyOf(slip)).toMatchObject({ verify: 'verified', goneAt: null })
})

it('the whole thread taken away takes the reply with it; what was proved stays proved', async () => {
  replica.board.delete(thread().tid)
  slip = await later(48 * 60)
  expect(replyOf(slip)?.verify).toBe('gone')
  expect(slip.warnings.join()).not.toContain('待佐证')
  expect((await verifySlips(test.context.db)).problems).toEqual([])
})
