import type { Selectable } from 'kysely'
import type { Analysis, Text } from '../../pipeline/post.ts'
import type { Db, Trx } from '../db/open.ts'
import type { PostTable } from '../db/tables/posts.ts'
import type { SearchDocument } from '../ports.ts'

export interface Unanalysed extends Text {
  postId: number
  revision: number
  at: number
  sourceId: string
  key: string
  /** Key of the thread that a reply stands in; null for a first floor. */
  parentKey: string | null
  /** From elsewhere: without the local gate. */
  anywhere: boolean
}

const TEXT_COLUMNS = [
  'id',
  'revision',
  'source_id',
  'key',
  'parent_key',
  'board',
  'kind',
  'title',
  'text',
  'published_at',
  'first_seen_at',
  'anywhere',
] as const

const toText = (row: Pick<Selectable<PostTable>, (typeof TEXT_COLUMNS)[number]>): Unanalysed => ({
  postId: row.id,
  revision: row.revision,
  at: row.published_at ?? row.first_seen_at,
  sourceId: row.source_id,
  key: row.key,
  parentKey: row.parent_key,
  anywhere: row.anywhere === 1,
  source: row.source_id,
  board: row.board,
  kind: row.kind as Text['kind'] & string,
  title: row.title,
  text: row.text,
  publishedAt: row.published_at === null ? null : new Date(row.published_at).toISOString(),
})

/** Posts that wait for analysis: they ARE the ingest queue (design §3). Oldest first. */
export async function unanalysedPosts(db: Db, limit: number): Promise<Unanalysed[]> {
  const rows = await db
    .selectFrom('post')
    .select(TEXT_COLUMNS)
    .where('to_analyse', '=', 1)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toText)
}

/** Texts first seen since then, by id after `afterId`; for back-tests. */
export async function postsSince(
  db: Db,
  since: number,
  afterId: number,
  limit: number,
): Promise<Unanalysed[]> {
  const rows = await db
    .selectFrom('post')
    .select(TEXT_COLUMNS)
    .where('first_seen_at', '>=', since)
    .where('id', '>', afterId)
    .where('text', '!=', '')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toText)
}

export async function postsSinceCount(db: Db, since: number): Promise<number> {
  const { count } = await db
    .selectFrom('post')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where('first_seen_at', '>=', since)
    .where('text', '!=', '')
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Puts posts back into the ingest queue, so that a rule that went live speaks for them too. */
export async function analyseAgain(trx: Trx, postIds: readonly number[]): Promise<void> {
  for (let at = 0; at < postIds.length; at += 500)
    await trx
      .updateTable('post')
      .set({ to_analyse: 1 })
      .where('id', 'in', postIds.slice(at, at + 500))
      .where('state', '=', 'visible')
      .execute()
}

/** What search still has to be told, oldest first. */
export async function outboxBatch(
  db: Db,
  limit: number,
): Promise<{ outboxIds: number[]; postIds: number[] }> {
  const rows = await db.selectFrom('outbox').select(['id', 'post_id']).orderBy('id').limit(limit).execute()
  return { outboxIds: rows.map(({ id }) => id), postIds: [...new Set(rows.map(row => row.post_id))] }
}

export async function clearOutbox(trx: Trx, outboxIds: number[]): Promise<void> {
  if (outboxIds.length) await trx.deleteFrom('outbox').where('id', 'in', outboxIds).execute()
}

/** Everything again, for `reindex`. */
export async function refillOutbox(trx: Trx, at: number): Promise<void> {
  await trx.deleteFrom('outbox').execute()
  await trx
    .insertInto('outbox')
    .columns(['post_id', 'at'])
    .expression(eb => eb.selectFrom('analysis').select(['post_id', sub => sub.val(at).as('at')]))
    .execute()
}

export async function searchDocuments(db: Db, postIds: readonly number[]): Promise<SearchDocument[]> {
  if (!postIds.length) return []
  const rows = await db
    .selectFrom('post')
    .innerJoin('analysis', 'analysis.post_id', 'post.id')
    .leftJoin('flag', 'flag.post_id', 'post.id')
    .select(['post.id', 'source_id', 'board', 'title', 'text', 'published_at', 'first_seen_at'])
    .select(['analysis.topics', 'analysis.places', 'flag.seq'])
    .where('post.id', 'in', postIds)
    .execute()
  return rows.map(row => {
    const places = JSON.parse(row.places) as Analysis['places']
    return {
      id: row.id,
      text: [row.title, row.text].filter(Boolean).join('\n'),
      source: row.source_id,
      board: row.board,
      topics: JSON.parse(row.topics) as string[],
      places: [...new Set(places.filter(({ inChangzhou }) => inChangzhou).map(({ name }) => name))],
      at: row.published_at ?? row.first_seen_at,
      flagged: row.seq !== null,
    }
  })
}
