import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crawl } from '../../crawlers/crawl.ts'
import { memoryPace } from '../../crawlers/pace.ts'
import type { Delivery, SourceOutcome, ThreadMemory } from '../../crawlers/site.ts'
import type { RawPost } from '../../pipeline/post.ts'
import { startAccounts } from '../replica/accounts.ts'
import { startFeeds } from '../replica/feeds.ts'
import { eight, hualongxiang, nine, startForum } from '../replica/forums/index.ts'
import type { Skin } from '../replica/forums/skin.ts'
import type { ReplicaSite } from '../replica/host.ts'
import { postReply, type Replica, startReplica } from '../replica/index.ts'
import { startNews } from '../replica/news.ts'

/** What api/sources keeps in the database, here in a map. */
function store() {
  const threads = new Map<string, ThreadMemory>()
  const posts = new Map<string, RawPost>()
  return {
    posts,
    memory: {
      thread: async (source: string, key: string) => threads.get(`${source} ${key}`) ?? null,
      readTo: async () => null,
      validators: async () => null,
    },
    async deliver(delivery: Delivery) {
      for (const post of delivery.posts) posts.set(`${post.source} ${post.key}`, post)
      if (delivery.thread) threads.set(`${delivery.source} ${delivery.thread.key}`, delivery.thread.memory)
      return delivery.posts.length
    },
  }
}

/** Every field of what was read against what the place holds, and nothing that is no post. */
function compare(kept: ReturnType<typeof store>, replica: ReplicaSite): void {
  const read = [...kept.posts.values()].map(({ seenAt: _s, publishedRaw: _r, url: _u, ...post }) => post)
  const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1)
  expect(read.sort(byKey)).toEqual(replica.truth().sort(byKey))
  for (const { text, title } of read)
    for (const wording of replica.nonPosts) expect(`${title} ${text}`).not.toContain(wording)
}

const BOARDS = [
  { fid: 4, name: '百姓议事' },
  { fid: 9, name: '龙城茶座' },
]
const now = Date.now
const forumOf = (skin: Skin) =>
  startForum({ skin, now, seed: 8, threads: 130, id: 'r', name: '龙城论坛', boards: BOARDS })
const PLACES: [string, number, () => Promise<ReplicaSite>][] = [
  ['a 化龙巷-like board in GBK', 500, () => forumOf(hualongxiang)],
  ['a PHPWind 9 board', 500, () => forumOf(nine)],
  ['a PHPWind 8.7 board in GBK', 500, () => forumOf(eight)],
  ['a 中国常州网-like paper', 50, () => startNews({ now, variant: 'web' })],
  ['its app, with the comments', 100, () => startNews({ now, variant: 'app' })],
  ['公众号 by a gateway’s feeds', 40, () => startAccounts({ now })],
  ['RSS, Atom and JSON Feed', 40, () => startFeeds({ now })],
]

describe.each(PLACES)('%s', (_name, most, start) => {
  let replica: ReplicaSite
  const kept = store()
  const visit = async () => {
    const options = { ...kept, pace: memoryPace(now), now, userAgent: 'changzhou-yuqing/test' }
    const [outcome] = await crawl([replica.source], options)
    return outcome as SourceOutcome
  }
  beforeAll(async () => {
    replica = await start()
  })
  afterAll(() => replica.close())

  it('is read whole: every field of every post equals what it holds', async () => {
    expect((await visit()).error).toBeNull()
    expect(replica.truth().length).toBeGreaterThan(most)
    compare(kept, replica)
  })

  it('is asked for robots.txt first, and read again without a second post', async () => {
    expect(replica.requests[0]?.url).toBe('/robots.txt')
    const before = kept.posts.size
    expect((await visit()).error).toBeNull()
    expect(kept.posts.size).toBe(before)
    compare(kept, replica)
  })
})

describe.each(['utf-8', 'gbk'] as const)('a Discuz board in %s', charset => {
  let replica: Replica
  let kept: ReturnType<typeof store>
  const pace = memoryPace(Date.now)
  const visit = async (): Promise<SourceOutcome> => {
    const options = {
      memory: kept.memory,
      deliver: kept.deliver,
      pace,
      now: Date.now,
      userAgent: 'changzhou-yuqing/test',
    }
    const [outcome] = await crawl([replica.source], options)
    return outcome as SourceOutcome
  }

  beforeAll(async () => {
    replica = await startReplica({ charset, now: Date.now, seed: 5 })
    kept = store()
  })
  afterAll(() => replica.close())

  it('is read whole: every field of every post equals what the board holds', async () => {
    const outcome = await visit()
    expect(outcome.error).toBeNull()
    const truth = replica.truth()
    expect(truth.length).toBeGreaterThan(500)
    expect(truth.filter(({ attachments }) => attachments).length).toBe(2)
    expect(truth.filter(({ poll }) => poll).length).toBe(1)
    expect(truth.filter(({ state, text }) => state === 'restricted' && text === '').length).toBeGreaterThan(3)
    const pages = replica.requests.filter(({ url }) => /page=12$/.test(url)).length
    expect(pages).toBeGreaterThan(0)
    compare(kept, replica)
  })

  it('asks robots.txt first, under its own name, and never for a forbidden path', () => {
    expect(replica.requests[0]?.url).toBe('/robots.txt')
    expect(new Set(replica.requests.map(({ userAgent }) => userAgent))).toEqual(
      new Set(['changzhou-yuqing/test']),
    )
    expect(
      replica.requests.filter(({ url }) => /mod=(redirect|post)|search\.php|member\.php/.test(url)),
    ).toEqual([])
  })

  it('read again opens nothing but what moved', async () => {
    const before = kept.posts.size
    const outcome = await visit()
    expect([outcome.threadsRead, kept.posts.size]).toEqual([0, before])
    const tid = [...replica.board.threads.values()].find(
      ({ closed, deleted, loginOnly }) => !closed && !deleted && !loginOnly,
    )?.tid as number
    await postReply(replica, tid, '您好，已安排工作人员到现场核查，情况会及时回复。')
    expect((await visit()).threadsRead).toBe(1)
    expect(kept.posts.size).toBe(before + 1)
    const reply = [...kept.posts.values()].find(({ author }) => author.name === '常州应急管理')
    expect(reply?.text).toBe('您好，已安排工作人员到现场核查，情况会及时回复。')
  })

  it('a challenge page stops the host and becomes no post', async () => {
    replica.board.challenge = true
    const before = [...kept.posts.values()].length
    const outcome = await visit()
    expect(outcome.error?.kind).toBe('challenge')
    const asked = replica.requests.length
    const next = await visit()
    expect(next.error?.message).toContain('后再试')
    expect(replica.requests.length).toBe(asked)
    expect(kept.posts.size).toBe(before)
    replica.board.challenge = false
  })
})
