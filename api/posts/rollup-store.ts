import type { Trx } from '../db/open.ts'
import { shanghaiDay } from '../deadline.ts'
import type { Fact } from './rules.ts'

export interface Recounted {
  sourceId: string
  /** As what the post was counted so far; null = not yet. */
  before: Fact | null
  after: Fact
}

/**
 * Hourly and daily sums of what posts count as, written in the transaction of the analysis. A post analysed again is
 * taken out as what it counted before: nothing counts twice, and every sum equals the list of its posts.
 */
export async function recount(trx: Trx, posts: readonly Recounted[]): Promise<void> {
  const sums = new Sums()
  for (const { sourceId, before, after } of posts) {
    if (before && JSON.stringify(before) === JSON.stringify(after)) continue
    if (before) sums.add(sourceId, before, -1)
    sums.add(sourceId, after, 1)
  }
  await sums.write(trx)
}

interface Hourly {
  hour: number
  source_id: string
  topic: string
  posts: number
  flagged: number
}
interface Daily {
  dimension: string
  value: string
  day: string
  concern: string
  posts: number
}

/** A row per key, so that a batch touches each sum once; in the order of keys, so that two workers never wait in a ring. */
class Sums {
  readonly #hourly = new Map<string, Hourly>()
  readonly #daily = new Map<string, Daily>()

  add(sourceId: string, fact: Fact, posts: 1 | -1): void {
    const { hour, topic, mood, district, concern } = fact
    const key = [hour, sourceId, topic].join('\n')
    const sum = this.#hourly.get(key) ?? { hour, source_id: sourceId, topic, posts: 0, flagged: 0 }
    this.#hourly.set(key, sum)
    sum.posts += posts
    if (!fact.flagged) return
    sum.flagged += posts
    const day = shanghaiDay(hour)
    for (const [dimension, value] of Object.entries({ source: sourceId, topic, mood, district })) {
      const dayKey = [dimension, day, value, concern].join('\n')
      const daily = this.#daily.get(dayKey) ?? { dimension, value, day, concern, posts: 0 }
      this.#daily.set(dayKey, daily)
      daily.posts += posts
    }
  }

  async write(trx: Trx): Promise<void> {
    const hourly = inOrder(this.#hourly).filter(({ posts, flagged }) => posts !== 0 || flagged !== 0)
    if (hourly.length)
      await trx
        .insertInto('hourly')
        .values(hourly)
        .onConflict(conflict =>
          conflict.columns(['hour', 'source_id', 'topic']).doUpdateSet(eb => ({
            posts: eb('hourly.posts', '+', eb.ref('excluded.posts')),
            flagged: eb('hourly.flagged', '+', eb.ref('excluded.flagged')),
          })),
        )
        .execute()
    const daily = inOrder(this.#daily).filter(({ posts }) => posts !== 0)
    if (daily.length)
      await trx
        .insertInto('daily')
        .values(daily)
        .onConflict(conflict =>
          conflict
            .columns(['dimension', 'day', 'value', 'concern'])
            .doUpdateSet(eb => ({ posts: eb('daily.posts', '+', eb.ref('excluded.posts')) })),
        )
        .execute()
  }
}

const inOrder = <Row>(sums: ReadonlyMap<string, Row>): Row[] =>
  [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
