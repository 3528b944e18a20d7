/**
 * From a post's appearance to its thread being read, in simulated time: the real agenda and plan of one board with 20
 * forums and its share (400) of the town's 2,000 posts a day. Hosts do not wait for each other, so one stands for five.
 */
import { describe, expect, it } from 'vitest'
import { expectedPosts, planHost, type Rhythm } from '../../../api/sources/schedule.ts'
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

function simulate(delaySeconds: number, seed: number) {
  const random = randomFrom(seed + 1)
  const config = { id: 's', delaySeconds, dailyCeiling: 100_000 } as SourceConfig
  const waiting = appearances(seed)
  const total = waiting.length
  const triedAt = new Array<number | null>(FORUMS).fill(null)
  const agenda = new Agenda<{ forum: number; posts: number[] | null }>()
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
      agenda.plan(
        planned.map(({ board, at, intervalMs }) => ({
          id: board,
          host: 'h',
          task: { forum: Number(board), posts: null },
          urgency: 'turn',
          at,
          intervalMs,
        })),
      )
    }
    const errand = agenda.take('h', now)
    if (!errand) {
      now += SECOND
      continue
    }
    requests++
    const end = now + 300 + Math.floor(random.next() * 1_200)
    const { forum, posts } = errand.task
    if (posts) for (const at of posts) delays.push(end - at)
    else {
      triedAt[forum] = now
      for (let i = waiting.length - 1; i >= 0; i--) {
        const post = waiting[i] as (typeof waiting)[number]
        if (post.forum !== forum || post.at > now) continue
        waiting.splice(i, 1)
        agenda.add('h', { task: { forum, posts: [post.at] }, urgency: 'news', at: post.at, intervalMs: 1 })
      }
    }
    now = end + delaySeconds * SECOND * (1 + random.next() / 5)
  }
  delays.sort((a, b) => a - b)
  const p95 = (delays[Math.floor(delays.length * 0.95)] as number) / SECOND
  return { total, read: delays.length, p95, worst: (delays.at(-1) as number) / SECOND, requests }
}

describe('a post of a town’s boards is read', () => {
  it.each([
    { delaySeconds: 3, within: 3 * 60 },
    { delaySeconds: 10, within: 8 * 60 },
  ])(
    'within $within s in 95 of 100 cases, at one request per $delaySeconds s',
    ({ delaySeconds, within }) => {
      const { total, read, p95, worst, requests } = simulate(delaySeconds, 7)
      expect(read).toBe(total)
      expect(total).toBeGreaterThan(300)
      // What remains of the allowance is for the analysis, which takes seconds.
      expect(p95).toBeLessThan(within - 30)
      expect(worst).toBeLessThan(2_400)
      expect(requests).toBeLessThan(DAY / SECOND / delaySeconds)
    },
  )
})
