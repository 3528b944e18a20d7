import type { Analysis, Likeness } from '../../pipeline/post.ts'
import { insertRows } from '../db/bulk.ts'
import type { Trx } from '../db/open.ts'
import type { Unanalysed } from './analysis-store.ts'
import { findOriginals, indexSketches, isBeforeStaff, type Original } from './copy-store.ts'
import { recount } from './rollup-store.ts'
import { type Fact, FOLD_MS, factOf, isShortReply } from './rules.ts'

export interface Analysed {
  post: Unanalysed
  analysis: Analysis
  unitId: number | null
  /** Of what concerns us, else null. */
  likeness: Likeness | null
}

/** What became of a post: whether it was put before staff just now, and which post it is a copy of. */
export interface Saved {
  flagged: boolean
  copyOf: number | null
}

interface Options {
  version: string
  at: number
}

/**
 * Stores analyses with their flags, their share of the rollups and their search hints, a statement for all of them where
 * it can be. Saying the same twice changes nothing: a post is counted as what it is now and flagged once. In the order
 * of their ids; what another worker or a newer revision was quicker with is left out of the answer.
 */
export async function saveAnalyses(
  trx: Trx,
  batch: readonly Analysed[],
  options: Options,
): Promise<Map<number, Saved>> {
  const taken = await takePosts(trx, batch)
  if (!taken.length) return new Map()
  const ids = taken.map(({ post }) => post.postId)
  const before = await countedAs(trx, ids)
  const originals = await findOriginals(trx, taken, [...before.keys()])
  const facts = new Map(taken.map(({ post, analysis }) => [post.postId, factOf(post.at, analysis)]))
  const originalOf = (postId: number) => originals.get(postId) ?? null
  await insertRows(
    trx,
    'analysis',
    taken.map(({ post, analysis }) =>
      analysisRow(post, analysis, originalOf(post.postId), facts.get(post.postId) as Fact, options),
    ),
    { replaceBy: 'post_id' },
  )
  await indexSketches(
    trx,
    taken.map(({ post, likeness }) => ({
      postId: post.postId,
      known: before.has(post.postId),
      sketch: likeness && !originalOf(post.postId) && !isShortReply(post) ? likeness.sketch : [],
    })),
  )
  for (const { post } of taken) {
    const known = before.get(post.postId)
    if (known && known.revision !== post.revision) await askCopiesAgain(trx, post.postId, known.copyOf, ids)
  }
  const flagged = await putFlags(trx, taken, originals, options)
  await recount(
    trx,
    taken.map(({ post }) => ({
      sourceId: post.sourceId,
      before: before.get(post.postId)?.fact ?? null,
      after: facts.get(post.postId) as Fact,
    })),
  )
  await insertRows(
    trx,
    'outbox',
    ids.map(id => ({ post_id: id, at: options.at })),
  )
  return new Map(ids.map(id => [id, { flagged: flagged.has(id), copyOf: originalOf(id)?.postId ?? null }]))
}

/** Those that still wait in this revision wait no longer; the others were changed or taken meanwhile. */
async function takePosts(trx: Trx, batch: readonly Analysed[]): Promise<Analysed[]> {
  const taken = new Set<number>()
  for (const [revision, own] of Map.groupBy(batch, ({ post }) => post.revision)) {
    const rows = await trx
      .updateTable('post')
      .set({ to_analyse: 0 })
      .where(
        'id',
        'in',
        own.map(({ post }) => post.postId),
      )
      .where('revision', '=', revision)
      .where('to_analyse', '=', 1)
      .returning('id')
      .execute()
    for (const { id } of rows) taken.add(id)
  }
  return batch.filter(({ post }) => taken.has(post.postId)).sort((a, b) => a.post.postId - b.post.postId)
}

/** The text changed: later copies of what it said may be the first ones now, and come before staff themselves. */
async function askCopiesAgain(
  trx: Trx,
  postId: number,
  copyOf: number | null,
  justAnalysed: readonly number[],
): Promise<void> {
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
    .where('id', 'not in', justAnalysed)
    .where('state', '=', 'visible')
    .execute()
}

interface Counted {
  revision: number
  copyOf: number | null
  /** null = analysed, but by a release that counted otherwise. */
  fact: Fact | null
}

/** What the posts count as so far; those never analysed are left out. */
async function countedAs(trx: Trx, postIds: readonly number[]): Promise<Map<number, Counted>> {
  const rows = await trx
    .selectFrom('analysis')
    .select(['post_id', 'revision', 'copy_of', 'hour', 'topic', 'mood', 'district', 'concern', 'flagged'])
    .where('post_id', 'in', postIds)
    .execute()
  return new Map(
    rows.map(({ post_id, revision, copy_of, hour, topic, mood, district, concern, flagged }) => {
      const fact =
        hour === null ? null : { hour, topic, mood, district, concern: concern ?? '', flagged: flagged === 1 }
      return [post_id, { revision, copyOf: copy_of, fact }]
    }),
  )
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
    severity_grounds: JSON.stringify(analysis.severityGrounds),
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

/** Puts what is flagged before staff, unless it is there, or another copy of it lately was. Answers which were. */
async function putFlags(
  trx: Trx,
  batch: readonly Analysed[],
  originals: ReadonlyMap<number, Original>,
  { at }: Options,
): Promise<Set<number>> {
  const flagged = batch.filter(({ analysis }) => analysis.flagged)
  if (!flagged.length) return new Set()
  const known = await trx
    .selectFrom('flag')
    .select('post_id')
    .where(
      'post_id',
      'in',
      flagged.map(({ post }) => post.postId),
    )
    .execute()
  const had = new Set(known.map(({ post_id }) => post_id))
  const put: Analysed[] = []
  /** Original -> when its last copy of this batch that is put before staff was published. */
  const shown = new Map<number, number>()
  for (const each of flagged) {
    const { postId, at: published } = each.post
    if (had.has(postId)) continue
    const original = originals.get(postId)
    const folded =
      original &&
      ((shown.get(original.postId) ?? Number.NEGATIVE_INFINITY) >= published - FOLD_MS ||
        (await isBeforeStaff(trx, original, postId, published)))
    if (folded) continue
    put.push(each)
    const group = original?.postId ?? postId
    shown.set(group, Math.max(published, shown.get(group) ?? Number.NEGATIVE_INFINITY))
  }
  if (put.length) await insertFlags(trx, put, at)
  return new Set(put.map(({ post }) => post.postId))
}

async function insertFlags(trx: Trx, put: readonly Analysed[], at: number): Promise<void> {
  const last = await trx
    .selectFrom('flag')
    .select(eb => eb.fn.max('seq').as('seq'))
    .executeTakeFirst()
  await trx
    .insertInto('flag')
    .values(
      put.map(({ post, unitId }, i) => ({
        post_id: post.postId,
        flagged_at: at,
        seq: Number(last?.seq ?? 0) + 1 + i,
        unit_id: unitId,
        state: 'open',
        decided_by: null,
        decided_at: null,
        reason: null,
        note: null,
        slip_id: null,
      })),
    )
    .execute()
}
