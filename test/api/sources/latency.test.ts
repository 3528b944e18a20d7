/**
 * From a post's appearance to its flag on screen, in simulated time: the real agenda and plan of one board with 20
 * forums and its share (400) of the town's 2,000 posts a day. Hosts do not wait for each other, so one stands for five.
 * What is flagged is watched from then on, and takes its turns from the same host.
 */
import { describe, expect, it } from 'vitest'
import { expectedPosts, nextRevisit, planHost, type Rhythm } from '../../../api/sources/schedule.ts'
import { Agenda } from '../../../crawlers/agenda.ts'
import type { SourceConfig } from '../../../crawlers/site.ts'
import { randomFrom } from '../../replica/random.ts'

const SECOND = 1_000
const DAY = 86_400 * SECOND
const START = Date.parse('2019-05-20T00:00+08:00')
/** Share of a day's posts in each hour of a town. */
const TOWN = [
  1.5, 0.8, 0.5, 0.4, 0.4, 0.7, 1.6, 3.4, 5, 5.6, 5.8, 5.4, 5.2, 4.8, 5, 5.2, 5.2, 5, 5.4, 6.6, 8, 8.2, 6.6,
  3.7,
]
const FORUMS = 20
const POSTS = 400
/** Far more than a day brings: one thread in ten is flagged. */
const FLAGGED_ONE_IN = 10
/** At most: the worker's look at its queue, a batch of the analysis, the duty screen's next look (pages/triage.tsx). */
const TO_SCREEN_MS = 250 + 2 * SECOND + 5 * SECOND

/** A few forums carry most of the talk. */
const rhythms: Rhythm[] = Array.from({ length: FORUMS }, (_, i) => {
  const weights = Array.from({ length: FORUMS }, (_, j) => 1 / (j + 1))
  const share = (weights[i] as number) / weights.reduce((sum, each) => sum + each, 0)
  const day = TOWN.reduce((sum, each) => sum + each, 0)
  return TOWN.map(each => (POSTS * share * each) / day)
})

function appearances(seed: number): { at: number; forum: number }[] {
  const random = randomFrom(seed)
  const list: { at: number; forum: number }[] = []
  for (const [forum, rhythm] of rhythms.entries())
    for (let at = START; at < START + DAY; at += 60 * SECOND)
      if (random.next() < expectedPosts(rhythm, at, at + 60 * SECOND))
        list.push({ at: at + Math.floor(random.next() * 60 * SECOND), forum })
  return list.sort((a, b) => a.at - b.at)
}

interface Errand {
  forum: number
  posts: number[] | null
  watched: Watched | null
}
interface Watched {
  name: string
  changedAt: number
  at: number
}

/** The flagged threads that are looked at again, as crawl-job.ts plans them. */
const watchErrand = (watched: Watched) => ({
  id: watched.name,
  host: 'h',
  task: { forum: 0, posts: null, watched },
  urgency: 'turn' as const,
  at: watched.at,
  intervalMs: Math.max(300 * SECOND, watched.at - watched.changedAt),
})

function simulate(delaySeconds: number, seed: number, dailyCeiling: number) {
  const random = randomFrom(seed + 1)
  const config = { id: 's', delaySeconds, dailyCeiling } as SourceConfig
  const waiting = appearances(seed)
  const total = waiting.length
  const triedAt = new Array<number | null>(FORUMS).fill(null)
  const agenda = new Agenda<Errand>()
  const watches = new Map<string, Watched>()
  const delays: number[] = []
  let requests = 0
  let lookedAt = Number.NEGATIVE_INFINITY
  for (let now = START; now < START + DAY + 3_600 * SECOND; ) {
    if (now >= lookedAt + 2 * SECOND) {
      lookedAt = now
      const boards = rhythms.map((rhythm, key) => ({
        key: String(key),
        triedAt: triedAt[key] ?? null,
        askedAt: null,
        failures: 0,
        rhythm,
        lately: 0,
      }))
      const host = { requestsToday: requests, crawlDelay: 0, held: null }
      const planned = planHost([{ config, boards }], host, now)
      const boardErrands = planned.map(({ board, at, intervalMs }) => ({
        id: board,
        host: 'h',
        task: { forum: Number(board), posts: null, watched: null },
        urgency: 'turn' as const,
        at,
        intervalMs,
      }))
      agenda.plan([...boardErrands, ...[...watches.values()].map(watchErrand)])
    }
    const errand = agenda.take('h', now)
    if (!errand) {
      now += SECOND
      continue
    }
    requests++
    const end = now + 300 + Math.floor(random.next() * 1_200)
    const { forum, posts, watched } = errand.task
    if (watched) {
      const next = nextRevisit(watched.changedAt, end, false)
      if (next === null) watches.delete(watched.name)
      else watches.set(watched.name, { ...watched, at: next })
    } else if (posts)
      for (const at of posts) {
        delays.push(end - at + TO_SCREEN_MS)
        if (random.below(FLAGGED_ONE_IN) > 0) continue
        const name = `watch ${watches.size} ${end}`
        watches.set(name, { name, changedAt: end, at: end + 300 * SECOND })
      }
    else {
      triedAt[forum] = now
      for (let i = waiting.length - 1; i >= 0; i--) {
        const post = waiting[i] as (typeof waiting)[number]
        if (post.forum !== forum || post.at > now) continue
        waiting.splice(i, 1)
        agenda.add('h', {
          task: { forum, posts: [post.at], watched: null },
          urgency: 'news',
          at: post.at,
          intervalMs: 1,
        })
      }
    }
    now = end + delaySeconds * SECOND * (1 + random.next() / 5)
  }
  delays.sort((a, b) => a - b)
  const p95 = (delays[Math.floor(delays.length * 0.95)] as number) / SECOND
  return { total, read: delays.length, p95, worst: (delays.at(-1) as number) / SECOND, requests }
}

describe('a post of a town’s boards is on the duty screen', () => {
  it.each([
    { delaySeconds: 3, within: 3 * 60, dailyCeiling: 100_000, unread: 0 },
    { delaySeconds: 10, within: 8 * 60, dailyCeiling: 100_000, unread: 0 },
    // Late in the evening the ceiling holds back the last ones until midnight.
    { delaySeconds: 10, within: 12 * 60, dailyCeiling: 4_000, unread: 5 },
  ])(
    'within $within s in 95 of 100 cases, at one request per $delaySeconds s, $dailyCeiling a day at most',
    ({ delaySeconds, within, dailyCeiling, unread }) => {
      const { total, read, p95, worst, requests } = simulate(delaySeconds, 7, dailyCeiling)
      expect(total - read).toBeLessThanOrEqual(unread)
      expect(total).toBeGreaterThan(300)
      expect(p95).toBeLessThan(within)
      expect(worst).toBeLessThan(2_400)
      expect(requests).toBeLessThan(Math.min(DAY / SECOND / delaySeconds, dailyCeiling))
    },
  )
})
