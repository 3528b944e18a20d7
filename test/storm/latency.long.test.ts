/**
 * The same figure as test/api/sources/latency.test.ts, by the real thing: a replica board with 20 forums and its share
 * of a town's 2,000 posts a day, read, stored and analysed by the program itself through the two busiest hours.
 */
import { expect, it } from 'vitest'
import { startReplica } from '../replica/index.ts'
import { newThread } from '../replica/life.ts'
import { randomFrom } from '../replica/random.ts'
import { Simulation } from './simulation.ts'

const MINUTE = 60_000
const START = Date.parse('2026-03-02T19:20:00+08:00')
const WARM_UP = 40 * MINUTE
const HOURS = 2
/** 8.1 % of 400 posts in each of the hours from 20:00 to 22:00. */
const PER_HOUR = 32.4
/** The duty screen's next look. */
const SCREEN_MS = 5_000

const FORUMS = Array.from({ length: 20 }, (_, i) => ({ fid: 40 + i, name: `第${i + 1}版` }))
/** A few forums carry most of the talk: the n-th has a share of 1/n. */
const WEIGHTS = FORUMS.map((_, i) => 1 / (i + 1))
function boardOf(share: number): number {
  let left = share * WEIGHTS.reduce((sum, weight) => sum + weight, 0)
  const at = WEIGHTS.findIndex(weight => {
    left -= weight
    return left <= 0
  })
  return FORUMS[Math.max(at, 0)]?.fid ?? 40
}

/** Of one post, ms: until its board's list was asked for, then its page, then its analysis stood, then the screen. */
interface Way {
  listed: number
  read: number
  analysed: number
  total: number
}

async function ways(delaySeconds: number): Promise<Way[]> {
  let simulation: Simulation | undefined
  const now = () => simulation?.now ?? START
  const replica = await startReplica({ charset: 'utf-8', now, seed: 9, threads: 60, fids: FORUMS })
  const running = new Simulation(START, [{ ...replica.source, delaySeconds, visitSeconds: 60 }], {
    ANALYSE: '1',
  })
  simulation = running
  const random = randomFrom(delaySeconds)
  const appeared = new Map<string, { at: number; fid: number }>()
  try {
    await running.start()
    let known = 0
    const end = START + WARM_UP + HOURS * 60 * MINUTE
    for (let next = START + WARM_UP; running.now < end + 20 * MINUTE; ) {
      await running.go()
      if (replica.requests.length > known) running.activeAt = running.now
      known = replica.requests.length
      if (running.now < next || running.now > end) continue
      const matter = random.below(8) === 0 ? random.below(20) : null
      const thread = newThread(replica.board, random, running.now, matter)
      thread.fid = boardOf(random.next())
      appeared.set(String(thread.tid), { at: running.now, fid: thread.fid })
      next = running.now - Math.log(1 - random.next()) * ((60 * MINUTE) / PER_HOUR)
    }
    const { db, close } = await running.open()
    const rows = await db
      .selectFrom('post')
      .innerJoin('analysis', 'analysis.post_id', 'post.id')
      .select(['post.key', 'analysis.analysed_at'])
      .where('post.kind', '=', 'thread')
      .execute()
    await close()
    const seen = new Map(rows.map(row => [row.key, row.analysed_at]))
    const asked = (words: string, from: number) =>
      replica.requests.find(({ url, at }) => at >= from && url.includes(words))?.at ??
      Number.POSITIVE_INFINITY
    return [...appeared].map(([key, { at, fid }]) => {
      const listed = asked(`fid=${fid}&`, at)
      const read = asked(`tid=${key}`, listed)
      const analysed = seen.get(key) ?? Number.POSITIVE_INFINITY
      return {
        listed: listed - at,
        read: read - listed,
        analysed: analysed - read,
        total: analysed - at + SCREEN_MS,
      }
    })
  } finally {
    await running.end()
    await replica.close()
  }
}

/** The value that `share` of the posts keep within, ms. */
function of(all: readonly Way[], stage: keyof Way, share: number): number {
  const sorted = all.map(way => way[stage]).sort((a, b) => a - b)
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.POSITIVE_INFINITY
}
const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

it.each([
  { delaySeconds: 3, within: 3 },
  { delaySeconds: 10, within: 8 },
])(
  'a post is on screen within $within min in 95 of 100 cases at one request per $delaySeconds s',
  async each => {
    const all = await ways(each.delaySeconds)
    const [p95, worst] = [0.95, 1].map(share => of(all, 'total', share)) as [number, number]
    const stages = (['listed', 'read', 'analysed'] as const).map(
      stage => `${stage} ${seconds(of(all, stage, 0.5))} / ${seconds(of(all, stage, 0.95))}`,
    )
    console.log(
      `${each.delaySeconds} s: ${all.length} posts, p95 ${seconds(p95)}, worst ${seconds(worst)}; median / p95 until ${stages.join(', then ')}`,
    )
    expect(all.length).toBeGreaterThan(40)
    expect(p95).toBeLessThan(each.within * 60_000)
  },
)
