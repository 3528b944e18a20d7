import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runDueCrawls } from '../../api/crawl-job.ts'
import { hostStates } from '../../api/sources/pace-store.ts'
import { seedSources } from '../../api/sources/store.ts'
import { watchThread } from '../../api/sources/thread-store.ts'
import { sourceViews } from '../../api/sources/view.ts'
import { postReply, type Replica, startReplica } from '../replica/index.ts'
import { type TestContext, testContext } from './context.ts'

let test: TestContext
let replica: Replica
beforeEach(async () => {
  test = await testContext(Date.now(), { people: false })
  replica = await startReplica({ charset: 'gbk', now: () => test.clock.now, threads: 12, seed: 3 })
  await test.context.db.transaction().execute(trx => seedSources(trx, [replica.source], test.clock.now))
  await visit()
})
afterEach(async () => {
  await replica.close()
  await test.close()
})

const visit = () => runDueCrawls(test.context)
const posts = () =>
  test.context.db.selectFrom('post').selectAll().where('source_id', '=', replica.source.id).execute()
const post = async (key: number | string) => (await posts()).find(each => each.key === String(key))
const usual = () =>
  [...replica.board.threads.values()].filter(
    ({ closed, deleted, loginOnly, sticky, movedStub }) =>
      !closed && !deleted && !loginOnly && !sticky && !movedStub,
  )
const watch = (key: number) =>
  test.context.db
    .transaction()
    .execute(trx => watchThread(trx, replica.source.id, String(key), test.clock.now))

/** No wording of a page that is not a post stands in any title, text or revision. */
async function expectNoForeignWords(): Promise<void> {
  const revisions = await test.context.db.selectFrom('post_revision').selectAll().execute()
  for (const { title, text } of [...(await posts()), ...revisions])
    for (const wording of replica.nonPosts) expect(`${title} ${text}`).not.toContain(wording)
}

describe('a board read into the store', () => {
  it('read twice makes no second post; counters move', async () => {
    const before = await posts()
    const [thread] = usual()
    if (!thread) throw new Error('no usual thread')
    await postReply(replica, thread.tid, '已安排人员到场核查，情况会及时回复。')
    thread.views += 50
    test.clock.now += 60_000
    await visit()
    const after = await posts()
    expect(after).toHaveLength(before.length + 1)
    expect(new Set(after.map(({ key }) => key)).size).toBe(after.length)
    expect(await post(thread.tid)).toMatchObject({
      views: thread.views,
      replies: thread.floors.length - 1,
      revision: 1,
    })
    const counts = await test.context.db
      .selectFrom('post_count')
      .selectAll()
      .where('post_id', '=', (await post(thread.tid))?.id ?? 0)
      .execute()
    expect(counts).toHaveLength(2)
  })

  it('an edit is a revision beside the first wording', async () => {
    const [thread] = usual()
    const first = (await post(thread?.tid ?? 0))?.text
    replica.board.edit(thread?.tid ?? 0, 1, '我弄错了，没有这回事。', test.clock.now)
    await watch(thread?.tid ?? 0)
    test.clock.now += 60_000
    await visit()
    const edited = await post(thread?.tid ?? 0)
    expect(edited).toMatchObject({ text: '我弄错了，没有这回事。', revision: 2, to_analyse: 1 })
    const revisions = await test.context.db
      .selectFrom('post_revision')
      .select('text')
      .where('post_id', '=', edited?.id ?? 0)
      .orderBy('revision')
      .execute()
    expect(revisions.map(({ text }) => text)).toEqual([first, '我弄错了，没有这回事。'])
  })

  it('deleted, it keeps its text, board and author, and says when it was missed', async () => {
    const [thread] = usual()
    const before = await post(thread?.tid ?? 0)
    replica.board.delete(thread?.tid ?? 0)
    await watch(thread?.tid ?? 0)
    test.clock.now += 60_000
    await visit()
    const { text, board, author_name, title } = before ?? {}
    expect(await post(thread?.tid ?? 0)).toMatchObject({ text, board, author_name, title, state: 'gone' })
    await expectNoForeignWords()
  })

  it('login, no permission and blocked floors become states, never texts', async () => {
    const hidden = [...replica.board.threads.values()].find(({ loginOnly }) => loginOnly)
    expect(await post(hidden?.tid ?? 0)).toMatchObject({ state: 'restricted', text: '', to_analyse: 0 })
    const [thread] = usual()
    if (!thread) throw new Error('no usual thread')
    thread.loginOnly = true
    await watch(thread.tid)
    test.clock.now += 60_000
    await visit()
    expect(await post(thread.tid)).toMatchObject({ state: 'restricted', text: thread.floors[0]?.text })
    await expectNoForeignWords()
  })

  it('a challenge page is no post; the host rests, over a restart too, then all that was missed is read', async () => {
    const before = await posts()
    replica.board.challenge = true
    replica.board.addThread({
      fid: 2,
      title: '横林又着火了',
      text: '横林一家板材厂着火，黑烟很大，请消防和应急赶快来。',
      author: '横林老王',
      at: test.clock.now,
    })
    test.clock.now += 60_000
    await visit()
    expect(await posts()).toHaveLength(before.length)
    const host = new URL(replica.url).host
    const breaker = async () => (await hostStates(test.context.db, test.clock.now))(host).breaker
    expect((await breaker())?.level).toBe(1)
    const source = (await sourceViews(test.context.db, test.clock.now)).find(
      ({ id }) => id === replica.source.id,
    )
    expect(source?.nextVisitAt).toBe(test.clock.now + 30 * 60_000)
    const asked = replica.requests.length
    test.clock.now += 29 * 60_000
    await visit()
    expect(replica.requests.length).toBe(asked)
    replica.board.challenge = false
    test.clock.now += 2 * 60_000
    await visit()
    expect(await posts()).toHaveLength(before.length + 1)
    expect(await breaker()).toBeNull()
    await expectNoForeignWords()
  })

  it('a board that shuts for the night is read on the next day, nothing lost', async () => {
    const before = await posts()
    replica.board.closedNotice = '论坛维护升级中，请稍后访问'
    await postReply(replica, usual()[0]?.tid ?? 0, '夜里的回复').catch(() => {})
    test.clock.now += 60_000
    await visit()
    expect(await posts()).toHaveLength(before.length)
    replica.board.closedNotice = null
    const [thread] = usual()
    replica.board.addReply(thread?.tid ?? 0, {
      author: '夜猫子',
      at: test.clock.now,
      text: '早上好，还是有味道',
    })
    test.clock.now += 16 * 60_000
    await visit()
    expect(await posts()).toHaveLength(before.length + 1)
    await expectNoForeignWords()
  })
})
