import type { Trx } from '../db/open.ts'
import { shanghaiDay } from '../deadline.ts'
import type { Fact } from './rules.ts'

/**
 * Hourly and daily sums of what posts count as, written in the transaction of the analysis. A post analysed again is
 * taken out as what it counted before: nothing counts twice, and every sum equals the list of its posts.
 */
export async function recount(trx: Trx, sourceId: string, before: Fact | null, after: Fact): Promise<void> {
  if (before && JSON.stringify(before) === JSON.stringify(after)) return
  if (before) await add(trx, sourceId, before, -1)
  await add(trx, sourceId, after, 1)
}

async function add(trx: Trx, sourceId: string, fact: Fact, posts: 1 | -1): Promise<void> {
  const { hour, topic, mood, district, concern } = fact
  const flagged = fact.flagged ? posts : 0
  await trx
    .insertInto('hourly')
    .values({ hour, source_id: sourceId, topic, posts, flagged })
    .onConflict(conflict =>
      conflict.columns(['hour', 'source_id', 'topic']).doUpdateSet(eb => ({
        posts: eb('hourly.posts', '+', posts),
        flagged: eb('hourly.flagged', '+', flagged),
      })),
    )
    .execute()
  if (!fact.flagged) return
  const day = shanghaiDay(hour)
  const values = { source: sourceId, topic, mood, district }
  await trx
    .insertInto('daily')
    .values(Object.entries(values).map(([dimension, value]) => ({ dimension, value, day, concern, posts })))
    .onConflict(conflict =>
      conflict
        .columns(['dimension', 'day', 'value', 'concern'])
        .doUpdateSet(eb => ({ posts: eb('daily.posts', '+', posts) })),
    )
    .execute()
}
