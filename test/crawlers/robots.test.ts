import { afterEach, expect, it } from 'vitest'
import { crawl, keepCrawling } from '../../crawlers/crawl.ts'
import { memoryPace } from '../../crawlers/pace.ts'
import type { Mishap } from '../replica/host.ts'
import { type Replica, startReplica } from '../replica/index.ts'

const MEMORY = { thread: async () => null, readTo: async () => null, validators: async () => null }
let replica: Replica
afterEach(() => replica.close())

const options = (now: () => number) => ({
  memory: MEMORY,
  pace: memoryPace(now),
  now,
  userAgent: 'changzhou-yuqing/test',
  deliver: async () => 0,
})

async function withRobots(mishap: (url: string) => Mishap | null) {
  replica = await startReplica({ charset: 'utf-8', now: Date.now, threads: 12 })
  replica.host.mood = ({ url }) => mishap(url)
  const clock = { now: Date.now() }
  const kept = options(() => clock.now)
  const visit = async () => (await crawl([replica.source], kept))[0]
  return { clock, visit, asked: () => replica.requests.map(({ url }) => url) }
}
const forRobots = (mishap: Mishap) => (url: string) => (url === '/robots.txt' ? mishap : null)

it.each([
  ['403', { status: 403, body: 'Forbidden' }, 'challenge', 30],
  ['429', { status: 429, body: 'slow down' }, 'throttled', 30],
  ['a challenge', { status: 200, body: '<title>安全验证</title>请完成人机验证' }, 'challenge', 30],
  ['503', { status: 503, body: 'busy' }, 'closed', 15],
] as const)(
  '%s in the place of robots.txt: nothing is read, and it is asked for again',
  async (_name, mishap, kind, minutes) => {
    const { clock, visit, asked } = await withRobots(forRobots(mishap))
    expect((await visit())?.error?.kind).toBe(kind)
    expect(asked()).toEqual(['/robots.txt'])
    replica.host.mood = null
    expect((await visit())?.error?.kind).toBe('throttled')
    expect(asked()).toEqual(['/robots.txt'])
    clock.now += minutes * 60_000 + 1
    const outcome = await visit()
    expect([outcome?.error, (outcome?.threadsRead ?? 0) > 5]).toEqual([null, true])
  },
)

it('a robots.txt that has moved on its host is read where it stands', async () => {
  const { visit, asked } = await withRobots(url => {
    if (url === '/robots.txt') return { status: 301, body: '', headers: { location: '/real/robots.txt' } }
    return url === '/real/robots.txt'
      ? {
          status: 200,
          body: 'User-agent: *\nDisallow: /forum.php',
          headers: { 'content-type': 'text/plain' },
        }
      : null
  })
  expect((await visit())?.error?.kind).toBe('robots')
  expect(asked()).toEqual(['/robots.txt', '/real/robots.txt'])
})

it('one that leads in a circle is not asked for without end', async () => {
  const { asked, visit } = await withRobots(
    forRobots({ status: 302, body: '', headers: { location: '/robots.txt' } }),
  )
  expect((await visit())?.error).toBeNull()
  expect(asked().filter(url => url === '/robots.txt').length).toBe(6)
})

it('a crawl that is stopped while it starts ends', async () => {
  replica = await startReplica({ charset: 'utf-8', now: Date.now, threads: 12 })
  for (let turns = 0; turns < 60; turns++) {
    const stop = new AbortController()
    const running = keepCrawling({
      ...options(Date.now),
      signal: stop.signal,
      keep: true,
      plan: async () => [],
      onError: error => {
        throw error
      },
    })
    for (let i = 0; i < turns; i++) await (turns % 2 ? Promise.resolve() : new Promise(setImmediate))
    stop.abort()
    await running
  }
})
