import { insertRows } from '../db/bulk.ts'
import type { Db, Trx } from '../db/open.ts'
import { type Counted, precisionOf } from './rules.ts'

/** Rules that spoke for a flagged post; analysed again, they are those of the newest analysis. */
export async function saveHits(
  trx: Trx,
  posts: readonly { postId: number; rules: readonly { ruleId: string; version: number }[] }[],
  at: number,
): Promise<void> {
  if (!posts.length) return
  await trx
    .deleteFrom('rule_hit')
    .where(
      'post_id',
      'in',
      posts.map(({ postId }) => postId),
    )
    .execute()
  const rows = posts.flatMap(({ postId, rules }) =>
    rules.map(({ ruleId, version }) => ({ post_id: postId, rule_id: ruleId, version, at })),
  )
  await insertRows(trx, 'rule_hit', rows)
}

/** What staff did with the posts that each rule spoke for, since then. */
export async function ruleCounts(db: Db, since: number): Promise<Map<string, Counted>> {
  const rows = await db
    .selectFrom('rule_hit as h')
    .innerJoin('flag as f', 'f.post_id', 'h.post_id')
    .select(['h.rule_id', 'f.state', 'f.reason'])
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where('h.at', '>=', since)
    .groupBy(['h.rule_id', 'f.state', 'f.reason'])
    .execute()
  const counts = new Map<string, Counted>()
  for (const [ruleId, own] of Map.groupBy(rows, row => row.rule_id))
    counts.set(
      ruleId,
      precisionOf(own.map(({ state, reason, count }) => ({ state, reason, count: Number(count) }))),
    )
  return counts
}

/** Flagged posts that the rule spoke for since then, newest first. */
export async function ruleHits(db: Db, ruleId: string, since: number, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('rule_hit as h')
    .innerJoin('flag as f', 'f.post_id', 'h.post_id')
    .select('h.post_id')
    .where('h.rule_id', '=', ruleId)
    .where('h.at', '>=', since)
    .orderBy('h.at', 'desc')
    .orderBy('h.post_id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ post_id }) => post_id)
}
