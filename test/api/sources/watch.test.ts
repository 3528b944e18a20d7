import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import { runDueCrawls } from '../../../api/crawl-job.ts'
import { seedSources } from '../../../api/sources/store.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { type Replica, startReplica } from '../../replica/index.ts'
import { type TestContext, testContext } from '../context.ts'

const MINUTE = 60_000

describe('a flagged thread is watched', () => {
  let test: TestContext
  let replica: Replica
  let tid: number
  let readAt: number
  const post = (key: string) =>
    test.context.db
      .selectFrom('post')
      .selectAll()
      .where('source_id', '=', replica.source.id)
      .where('key', '=', key)
      .executeTakeFirstOrThrow()
  const thread = () =>
    test.context.db.selectFrom('thread').selectAll().where('key', '=', String(tid)).executeTakeFirstOrThrow()
  beforeAll(async () => {
    test = await testContext(Date.now())
    replica = await startReplica({ charset: 'utf-8', now: () => test.clock.now, threads: 12, seed: 9 })
    // Its lists are left alone for a day, so that only the watch can see what happens.
    const source = { ...replica.source, visitSeconds: 86_400 }
    await test.context.db.transaction().execute(trx => seedSources(trx, [source], test.clock.now))
    const matter = replica.board.addThread({
      fid: 2,
      title: '武进湖塘化工厂半夜异味',
      text: '武进湖塘化工厂半夜氨气泄漏，刺鼻气味很重，求有关部门查处。',
      author: '湖塘小马',
      at: test.clock.now - MINUTE,
    })
    tid = matter.tid
    replica.board.addReply(tid, { author: '邻居', at: test.clock.now, text: '我家也闻到了，头疼。' })
    replica.board.addReply(tid, { author: '路人', at: test.clock.now, text: '已经打过电话了。' })
    await runDueCrawls(test.context)
    await analyseWaiting(test.context, createPipeline({ configDir: test.context.config.configDir }))
    readAt = test.clock.now
  })
  afterAll(async () => {
    await replica.close()
    await test.close()
  })

  it('first after five minutes, then ever more seldom', async () => {
    expect((await thread()).revisit_at).toBe(readAt + 5 * MINUTE)
    test.clock.now += 5 * MINUTE
    await runDueCrawls(test.context)
    expect((await thread()).revisit_at).toBe(readAt + 15 * MINUTE)
  })

  it('an edit is noticed and begins the schedule anew', async () => {
    test.clock.now = readAt + 15 * MINUTE
    replica.board.edit(tid, 1, '武进湖塘化工厂昨夜异味，已经处理好了，谢谢。', test.clock.now)
    await runDueCrawls(test.context)
    expect(await post(String(tid))).toMatchObject({
      revision: 2,
      text: '武进湖塘化工厂昨夜异味，已经处理好了，谢谢。',
    })
    expect((await thread()).revisit_at).toBe(test.clock.now + 5 * MINUTE)
  })

  it('a floor that was taken out is gone, its text kept, with when it was last seen', async () => {
    const [, second] = replica.board.thread(tid).floors
    const key = `${tid}#${second?.pid}`
    const before = (await post(key)).last_seen_at
    replica.board.thread(tid).floors.splice(1, 1)
    test.clock.now += 5 * MINUTE
    await runDueCrawls(test.context)
    expect(await post(key)).toMatchObject({
      state: 'gone',
      text: '我家也闻到了，头疼。',
      last_seen_at: before,
      gone_at: test.clock.now,
    })
    expect((await post(String(tid))).state).toBe('visible')
  })

  it('deleted, the whole thread is gone with all its floors, and the panel says since when', async () => {
    const seenAt = test.clock.now
    replica.board.delete(tid)
    test.clock.now += 5 * MINUTE
    await runDueCrawls(test.context)
    const [, reply] = replica.board.thread(tid).floors
    expect((await post(`${tid}#${reply?.pid}`)).state).toBe('gone')
    const { id } = await post(String(tid))
    const detail = (await test.as('duty')('GET', `/api/posts/${id}`)).json()
    expect(detail).toMatchObject({ state: 'gone', text: '武进湖塘化工厂昨夜异味，已经处理好了，谢谢。' })
    expect(Math.abs(detail.goneAt - test.clock.now)).toBeLessThan(60_000)
    expect(Math.abs(detail.seenAt - seenAt)).toBeLessThan(60_000)
    expect(detail.revisions).toHaveLength(2)
  })

  it('what was published before the board was watched is marked 补采, what came later is not', async () => {
    expect((await post(String(tid))).backfilled).toBe(1)
    const later = replica.board.addThread({
      fid: 2,
      title: '新帖',
      text: '后来发的',
      author: '路人',
      at: test.clock.now,
    })
    test.clock.now += 86_400_000
    await runDueCrawls(test.context)
    expect((await post(String(later.tid))).backfilled).toBe(0)
  })
})
