import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDueCrawls } from '../../../api/crawl-job.ts'
import type { SourceView } from '../../../api/sources/routes.ts'
import { seedSources } from '../../../api/sources/store.ts'
import { type Replica, startReplica } from '../../replica/index.ts'
import { type TestContext, testContext } from '../context.ts'

const DAY = 86_400_000

let test: TestContext
let replica: Replica
beforeAll(async () => {
  test = await testContext(Date.now())
  replica = await startReplica({ charset: 'utf-8', now: () => test.clock.now, seed: 12, threads: 80 })
  // A long board whose first visit looks at the first page only.
  for (let i = 0; i < 90; i++)
    replica.board.addThread({
      fid: 2,
      title: `旧帖第${i}号`,
      text: `第${i}条旧内容`,
      author: '老住户',
      at: test.clock.now - (10 + i) * DAY,
    })
  const source = { ...replica.source, listPages: 1, visitSeconds: 86_400 }
  await test.context.db.transaction().execute(trx => seedSources(trx, [source], test.clock.now))
  await runDueCrawls(test.context)
})
afterAll(async () => {
  await replica.close()
  await test.close()
})

const view = async (): Promise<SourceView> =>
  ((await test.as('duty')('GET', '/api/sources')).json() as SourceView[]).find(
    ({ id }) => id === replica.source.id,
  ) as SourceView
const held = async () =>
  (await test.context.db.selectFrom('post').select(['key', 'title', 'backfilled']).execute()).filter(
    ({ title }) => title?.startsWith('旧帖'),
  )
const ask = (days: number, boards?: string[]) =>
  test.as('office')('POST', `/api/sources/${replica.source.id}/backfill`, { days, ...(boards && { boards }) })
/** Lists of old pages asked for so far. */
const lists = () => replica.requests.filter(({ url }) => /forumdisplay.*page=([2-9]|\d\d)/.test(url)).length

describe('补采: the last days of a board that was read from its first page only', () => {
  it('goes down page by page to the day that was asked, and no further', async () => {
    expect((await held()).length).toBeLessThan(5)
    const answer = await ask(40, ['2'])
    expect(answer.statusCode, answer.body).toBe(200)
    expect((await view()).boards[0]?.backfill).toMatchObject({ state: 'running', pages: 0, share: 0 })
    await runDueCrawls(test.context)
    const { backfill } = (await view()).boards[0] ?? {}
    expect(backfill).toMatchObject({ state: 'done', share: 1, days: 40 })
    const wanted = [...replica.board.threads.values()].filter(
      ({ title, floors }) => title.startsWith('旧帖') && (floors[0]?.at ?? 0) > test.clock.now - 40 * DAY,
    )
    const posts = await held()
    const keys = new Set(posts.map(({ key }) => key))
    expect(wanted.filter(({ tid }) => !keys.has(String(tid)))).toEqual([])
    expect(posts.length).toBeLessThan(60)
    expect(posts.every(({ backfilled }) => backfilled === 1)).toBe(true)
    expect((await view()).boards[1]?.backfill).toBeNull()
  })

  it('stopped in the middle, at any page, it goes on from there and reads nothing twice', async () => {
    await ask(95, ['2'])
    for (let kills = 0; kills < 30 && (await view()).boards[0]?.backfill?.state === 'running'; kills++) {
      const stop = new AbortController()
      const goal = replica.requests.length + 3 + kills
      const watch = setInterval(() => {
        if (replica.requests.length >= goal) stop.abort()
      }, 1)
      await runDueCrawls(test.context, stop.signal)
      clearInterval(watch)
      test.clock.now += 60_000
    }
    await runDueCrawls(test.context)
    const { backfill } = (await view()).boards[0] ?? {}
    expect(backfill).toMatchObject({ state: 'done', share: 1 })
    const posts = await held()
    expect(new Set(posts.map(({ key }) => key)).size).toBe(90)
    expect(posts.length).toBe(90)
    const opened = replica.requests.flatMap(({ url }) => /viewthread&tid=(\d+)$/.exec(url)?.[1] ?? [])
    const old = opened.filter(tid => replica.board.thread(Number(tid)).title.startsWith('旧帖'))
    // What was on its way when it was stopped may be asked for once more.
    expect(old.length - new Set(old).size).toBeLessThan(31)
  })

  it('can be stopped by a person, and what was asked for wrongly is refused', async () => {
    await ask(400, [replica.source.boards[1]?.key ?? ''])
    replica.board.closedNotice = '站点维护中'
    await runDueCrawls(test.context)
    replica.board.closedNotice = null
    const asked = lists()
    const stopped = await test.as('office')('POST', `/api/sources/${replica.source.id}/backfill/stop`)
    expect(stopped.json()).toEqual({ stopped: 1 })
    test.clock.now += 3_600_000
    await runDueCrawls(test.context)
    expect((await view()).boards[1]?.backfill).toMatchObject({ state: 'stopped' })
    expect(lists()).toBe(asked)
    expect(
      (await test.as('duty')('POST', `/api/sources/${replica.source.id}/backfill`, { days: 3 })).statusCode,
    ).toBe(403)
    expect((await ask(3, ['99'])).json().code).toBe('source.invalid')
  })
})
