import type { Selectable } from 'kysely'
import type { Analysis, Likeness, Text } from '../../pipeline/post.ts'
import type { Db, Trx } from '../db/open.ts'
import type { PostTable } from '../db/tables/posts.ts'
import type { SearchDocument } from '../ports.ts'
import { findOriginal, indexSketch, isBeforeStaff, type Original } from './copy-store.ts'
import { recount } from './rollup-store.ts'
import { type Fact, factOf } from './rules.ts'

export interface Unanalysed extends Text {
  postId: number
  revision: number
  at: number
  sourceId: string
  key: string
}

const TEXT_COLUMNS = [
  'id',
  'revision',
  'source_id',
  'key',
  'board',
  'kind',
  'title',
  'text',
  'published_at',
  'first_seen_at',
] as const

const toText = (row: Pick<Selectable<PostTable>, (typeof TEXT_COLUMNS)[number]>): Unanalysed => ({
  postId: row.id,
  revision: row.revision,
  at: row.published_at ?? row.first_seen_at,
  sourceId: row.source_id,
  key: row.key,
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

/**
 * Stores one post's analysis with its flag, its share of the rollups and its search hint. Saying the same twice changes
 * nothing: a post is counted as what it is now and flagged once. `likeness` is there for what concerns us. Answers the
 * post that it is a copy of, if any; `stored` is false where another worker or a newer revision was quicker.
 */
export async function saveAnalysis(
  trx: Trx,
  post: Unanalysed,
  analysis: Analysis,
  options: { version: string; at: number; unitId: number | null; likeness: Likeness | null },
): Promise<{ stored: boolean; flagged: boolean; copyOf: number | null }> {
  const { likeness } = options
  const taken = await trx
    .updateTable('post')
    .set({ to_analyse: 0 })
    .where('id', '=', post.postId)
    .where('revision', '=', post.revision)
    .where('to_analyse', '=', 1)
    .returning('id')
    .execute()
  // Changed or analysed by another worker meanwhile: the newer revision comes by itself.
  if (!taken.length) return { stored: false, flagged: false, copyOf: null }
  const before = await countedAs(trx, post.postId)
  const original = await findOriginal(trx, post, analysis.fingerprint, likeness)
  const fact = factOf(post.at, analysis)
  const row = analysisRow(post, analysis, original, fact, options)
  await trx
    .insertInto('analysis')
    .values(row)
    .onConflict(conflict => conflict.column('post_id').doUpdateSet(row))
    .execute()
  await indexSketch(trx, post.postId, likeness && !original ? likeness.sketch : [])
  if (before && before.revision !== post.revision) await askCopiesAgain(trx, post.postId, before.copyOf)
  const folded = original !== null && (await isBeforeStaff(trx, original, post.postId, post.at))
  const flagged = analysis.flagged && !folded && (await putFlag(trx, post.postId, options))
  await recount(trx, post.sourceId, before?.fact ?? null, fact)
  await trx.insertInto('outbox').values({ post_id: post.postId, at: options.at }).execute()
  return { stored: true, flagged, copyOf: original?.postId ?? null }
}

/** The text changed: later copies of what it said may be the first ones now, and come before staff themselves. */
async function askCopiesAgain(trx: Trx, postId: number, copyOf: number | null): Promise<void> {
  await trx
    .updateTable('post')
    .set({ to_analyse: 1 })
    .where('id', 'in', eb =>
      eb
        .selectFrom('analysis')
        .select('post_id')
        .where('copy_of', 'in', [postId, copyOf ?? postId]),
    )
    .where('id', '>', postId)
    .where('state', '=', 'visible')
    .execute()
}

/** What the post counts as so far; null where it was never counted. */
async function countedAs(
  trx: Trx,
  postId: number,
): Promise<{ revision: number; copyOf: number | null; fact: Fact } | null> {
  const row = await trx
    .selectFrom('analysis')
    .select(['revision', 'copy_of', 'hour', 'topic', 'mood', 'district', 'concern', 'flagged'])
    .where('post_id', '=', postId)
    .executeTakeFirst()
  if (!row || row.hour === null) return null
  const { revision, copy_of: copyOf, hour, topic, mood, district } = row
  const fact = { hour, topic, mood, district, concern: row.concern ?? '', flagged: row.flagged === 1 }
  return { revision, copyOf, fact }
}

function analysisRow(
  post: Unanalysed,
  analysis: Analysis,
  original: Original | null,
  { hour, topic, mood, district }: Fact,
  options: { version: string; at: number },
) {
  return {
    post_id: post.postId,
    revision: post.revision,
    version: options.version,
    analysed_at: options.at,
    flagged: analysis.flagged ? 1 : 0,
    score: analysis.score,
    gate_topic: analysis.gates.topic,
    gate_actionable: analysis.gates.actionable,
    gate_local: analysis.gates.local,
    reasons: JSON.stringify(analysis.reasons),
    concern: analysis.concern,
    topics: JSON.stringify(analysis.topics),
    event_class: analysis.eventClass,
    severity_hint: analysis.severityHint,
    sentiment: analysis.sentiment === null ? null : JSON.stringify(analysis.sentiment),
    places: JSON.stringify(analysis.places),
    local: analysis.local ? 1 : 0,
    suggested_unit: analysis.suggestedUnit,
    fingerprint: analysis.fingerprint,
    copy_of: original?.postId ?? null,
    copy_kind: original?.kind ?? null,
    hour,
    topic,
    mood,
    district,
  }
}

async function putFlag(
  trx: Trx,
  postId: number,
  options: { at: number; unitId: number | null },
): Promise<boolean> {
  const known = await trx
    .selectFrom('flag')
    .select('post_id')
    .where('post_id', '=', postId)
    .executeTakeFirst()
  if (known) return false
  const last = await trx
    .selectFrom('flag')
    .select(eb => eb.fn.max('seq').as('seq'))
    .executeTakeFirst()
  await trx
    .insertInto('flag')
    .values({
      post_id: postId,
      flagged_at: options.at,
      seq: Number(last?.seq ?? 0) + 1,
      unit_id: options.unitId,
      state: 'open',
      decided_by: null,
      decided_at: null,
      reason: null,
      note: null,
      slip_id: null,
    })
    .execute()
  return true
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
