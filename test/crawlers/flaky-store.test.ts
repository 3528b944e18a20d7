import { expect, it } from 'vitest'
import { crawl } from '../../crawlers/crawl.ts'
import { memoryPace } from '../../crawlers/pace.ts'
import type { Delivery, RoundOutcome, ThreadMemory } from '../../crawlers/site.ts'
import { startReplica } from '../replica/index.ts'
import { randomFrom } from '../replica/random.ts'

/** A database that is busy now and then: one call in `oneIn` fails, before or after it did its work. */
function flaky(seed: number, oneIn: number, state: { calm: boolean }) {
  const random = randomFrom(seed)
  return async <T>(work: () => T): Promise<T> => {
    const fails = !state.calm && random.below(oneIn) === 0
    if (fails && random.below(2)) throw new Error('database is locked')
    const result = work()
    if (fails) throw new Error('database is locked')
    return result
  }
}

it.each([1, 2, 3, 5])('a store that fails now and then (%i) makes no round whole that is not', async seed => {
  const replica = await startReplica({ charset: 'utf-8', now: Date.now, seed, threads: 60 })
  const state = { calm: false }
  const busy = flaky(seed, 12, state)
  const threads = new Map<string, ThreadMemory>()
  const keys = new Set<string>()
  const pace = memoryPace(Date.now)
  const lacking: string[] = []
  let whole = 0
  const held = (board: string) =>
    [...replica.board.threads.values()].filter(({ fid, deleted }) => String(fid) === board && !deleted)
  const visit = () =>
    crawl([replica.source], {
      memory: {
        thread: (_source, key) => busy(() => threads.get(key) ?? null),
        readTo: async () => null,
        validators: async () => null,
      },
      pace: { ...pace, recover: host => busy(() => void pace.recover(host)) },
      now: Date.now,
      userAgent: 'changzhou-yuqing/test',
      deliver: (delivery: Delivery) =>
        busy(() => {
          for (const { key } of delivery.posts) keys.add(key)
          if (delivery.thread) threads.set(delivery.thread.key, delivery.thread.memory)
          return delivery.posts.length
        }),
      roundEnded: (outcome: RoundOutcome) =>
        busy(() => {
          if (!outcome.whole || outcome.what.kind !== 'board') return
          whole++
          for (const { tid } of held(outcome.what.board))
            if (!keys.has(String(tid))) lacking.push(`${outcome.what.board}: ${tid}`)
        }),
    })
  try {
    for (let visits = 0; visits < 8; visits++) {
      state.calm = visits > 5
      await visit().catch(() => {})
      await pace.pause(new URL(replica.url).host, '', 0)
    }
    expect(lacking).toEqual([])
    expect(whole).toBeGreaterThan(1)
    expect(replica.truth().filter(({ key }) => !keys.has(key))).toEqual([])
  } finally {
    await replica.close()
  }
})
