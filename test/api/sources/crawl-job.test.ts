import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crawlAlways, runDueCrawls } from '../../../api/crawl-job.ts'
import type { SourceView } from '../../../api/sources/routes.ts'
import { seedSources } from '../../../api/sources/store.ts'
import { watchSources } from '../../../api/watch-sources.ts'
import type { SourceConfig } from '../../../crawlers/site.ts'
import { type Replica, startReplica } from '../../replica/index.ts'
import { type TestContext, testContext } from '../context.ts'

const seed = (test: TestContext, sources: SourceConfig[]) =>
  test.context.db.transaction().execute(trx => seedSources(trx, sources, test.clock.now))
const viewOf = async (test: TestContext, id: string): Promise<SourceView> => {
  const list: SourceView[] = (await test.as('duty')('GET', '/api/sources')).json()
  return list.find(source => source.id === id) as SourceView
}

describe('reading what is due', () => {
  let test: TestContext
  let replica: Replica
  beforeAll(async () => {
    test = await testContext(Date.now())
    replica = await startReplica({ charset: 'utf-8', now: () => test.clock.now, seed: 3, threads: 40 })
    await seed(test, [replica.source])
  })
  afterAll(async () => {
    await replica.close()
    await test.close()
  })

  it('shows the plan before the first visit', async () => {
    const view = await viewOf(test, replica.source.id)
    expect(view.health).toBe('waiting')
    expect(view.boards.map(({ readAt, nextAt, why }) => [readAt, nextAt, why])).toEqual([
      [null, test.clock.now, null],
      [null, test.clock.now, null],
    ])
  })

  it('reads every board, and shows what came of it and when the next look is', async () => {
    await runDueCrawls(test.context)
    const view = await viewOf(test, replica.source.id)
    const held = replica.truth().length
    expect(view.posts).toBeGreaterThanOrEqual(held)
    expect(view.health).toBe('ok')
    expect(view.requestsToday).toBe(replica.requests.length)
    for (const board of view.boards) {
      expect(board.readAt).toBe(test.clock.now)
      expect(board.nextAt).toBe(test.clock.now + (board.everySeconds as number) * 1000)
      expect(board.postsPerDay).toBeGreaterThan(0)
    }
    expect(view.visits.length).toBe(2)
  })

  it('asks again only when a board is due, and writes down nothing where nothing was new', async () => {
    const before = replica.requests.length
    await runDueCrawls(test.context)
    expect(replica.requests.length).toBe(before)
    test.clock.now += 3_600_000
    await runDueCrawls(test.context)
    const asked = replica.requests.slice(before).map(({ url }) => url)
    expect(asked.filter(url => url.includes('viewthread'))).toEqual([])
    expect((await viewOf(test, replica.source.id)).visits.length).toBe(2)
  })

  it('reads at once where somebody asks', async () => {
    const before = replica.requests.length
    test.clock.now += 1_000
    await test.as('duty')('POST', `/api/sources/${replica.source.id}/visit`)
    await runDueCrawls(test.context)
    expect(replica.requests.slice(before).filter(({ url }) => url.includes('forumdisplay')).length).toBe(2)
  })

  it('a challenge stops the host for half an hour and says so for every board', async () => {
    replica.board.challenge = true
    test.clock.now += 3_600_000
    await runDueCrawls(test.context)
    const view = await viewOf(test, replica.source.id)
    expect(view.health).toBe('limited')
    expect(view.alarms.map(({ kind }) => kind)).toEqual(['challenge'])
    // Told once, however often it is looked at.
    expect([await watchSources(test.context), await watchSources(test.context)]).toEqual([1, 0])
    expect(view.breaker).toMatchObject({ level: 1, until: test.clock.now + 30 * 60_000 })
    for (const board of view.boards)
      expect(board).toMatchObject({ nextAt: view.breaker?.until, why: '站点要求验证' })
    const asked = replica.requests.length
    await runDueCrawls(test.context)
    expect(replica.requests.length).toBe(asked)
    replica.board.challenge = false
    test.clock.now += 31 * 60_000
    await runDueCrawls(test.context)
    expect(await viewOf(test, replica.source.id)).toMatchObject({ health: 'ok', alarms: [] })
  })

  it('one thread that can’t be read holds nobody up and is tried again when it moves', async () => {
    const thread = replica.board.addThread({
      fid: 2,
      title: '打不开的帖子',
      text: '内容',
      author: '路人',
      at: test.clock.now,
    })
    thread.broken = true
    const asked = () => replica.requests.filter(({ url }) => url.includes(`tid=${thread.tid}`)).length
    test.clock.now += 3_600_000
    await runDueCrawls(test.context)
    const view = await viewOf(test, replica.source.id)
    expect(view.boards[0]).toMatchObject({ failures: 0, readAt: test.clock.now })
    expect(view.visits[0]).toMatchObject({ threadsMissed: 1, errorKind: 'parse' })
    test.clock.now += 3_600_000
    await runDueCrawls(test.context)
    expect(asked()).toBe(1)
    thread.broken = false
    replica.board.addReply(thread.tid, { author: '路人', at: test.clock.now, text: '现在好了' })
    test.clock.now += 3_600_000
    await runDueCrawls(test.context)
    expect(asked()).toBe(2)
    expect((await viewOf(test, replica.source.id)).posts).toBeGreaterThanOrEqual(replica.truth().length)
  })
})

describe('the worker’s crawl', () => {
  let test: TestContext
  let slow: Server
  let fast: Replica
  const asked: { at: number; url: string }[] = []
  beforeAll(async () => {
    test = await testContext(Date.now())
    slow = createServer((request, response) => {
      asked.push({ at: Date.now(), url: request.url ?? '' })
      setTimeout(() => response.writeHead(404).end(), request.url === '/robots.txt' ? 0 : 1_500)
    })
    await new Promise<void>(done => slow.listen(0, '127.0.0.1', done))
    fast = await startReplica({ charset: 'utf-8', now: Date.now, seed: 4, threads: 12 })
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`
    const boards = Array.from({ length: 8 }, (_, i) => ({ key: String(i), name: `版块${i}` }))
    await seed(test, [
      { ...fast.source, id: 'slow', url, boards, delaySeconds: 1 },
      { ...fast.source, visitSeconds: 1 },
    ])
  })
  afterAll(async () => {
    await fast.close()
    slow.closeAllConnections()
    await new Promise(done => slow.close(done))
    await test.close()
  })

  it('lets no host wait for another, keeps one connection and the delay, and stops at once', async () => {
    const stop = new AbortController()
    const context = { ...test.context, now: Date.now }
    const running = crawlAlways(context, stop.signal)
    const until = Date.now() + 9_000
    while (Date.now() < until && asked.length < 4) await wait(50)
    const lists = fast.requests.filter(({ url }) => url.includes('forumdisplay'))
    stop.abort()
    const stoppedAt = Date.now()
    await running
    expect(Date.now() - stoppedAt).toBeLessThan(10_000)
    // Eight boards at 2.5 s each are far from done; the other host was read again meanwhile.
    expect(lists.length).toBeGreaterThan(fast.source.boards.length)
    const gaps = asked.slice(1).map(({ at }, i) => at - (asked[i]?.at as number))
    expect(asked[0]?.url).toBe('/robots.txt')
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(990)
    expect(Math.min(...gaps.slice(1))).toBeGreaterThanOrEqual(2_400)
  })
})

describe('a host that does not answer', () => {
  it('is asked three times for its robots.txt and for nothing else, then left alone, and says so', async () => {
    const test = await testContext(Date.now())
    let asked = 0
    const server = createServer((request, response) => {
      asked += request.url === '/robots.txt' ? 1 : 100
      response.destroy()
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const replica = await startReplica({ charset: 'utf-8', now: Date.now, threads: 12 })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await seed(test, [{ ...replica.source, id: 'dead', url }])
    await runDueCrawls(test.context)
    expect(asked).toBe(3)
    const view = await viewOf(test, 'dead')
    expect(view.health).toBe('failing')
    expect(view.healthText).toContain('网络不通')
    await replica.close()
    server.closeAllConnections()
    await new Promise(done => server.close(done))
    await test.close()
  })
})
