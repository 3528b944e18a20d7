import { isCopy, liken } from '../../pipeline/duplicates.ts'
import { sceneOf } from '../../pipeline/events.ts'
import type { Analysis, Likeness } from '../../pipeline/post.ts'
import { insertRows } from '../db/bulk.ts'
import type { Db, Trx } from '../db/open.ts'
import type { Unanalysed } from './analysis-store.ts'
import { echoes } from './echo-store.ts'
import { FOLD_MS, isShortReply } from './rules.ts'

export interface Original {
  postId: number
  /** echo = a short reply that says no more than its thread: shown with it, as a copy is. */
  kind: 'exact' | 'near' | 'echo'
}

/** Short texts (顶, 同问) are nobody's copies. */
const LEAST_LENGTH = 12
/** Copies share at least so many of 12 hashes; what shares most is compared in full. */
const LEAST_SHARED = 2
const MOST_COMPARED = 30
const NONE = Number.POSITIVE_INFINITY

interface Candidate {
  post: Unanalysed
  analysis: Analysis
  likeness: Likeness | null
}

/**
 * Of each post the oldest earlier one with the same text, else the oldest that it is a near copy of, else the first
 * floor that it echoes; originals are no copies themselves. Posts in the order of their ids, the earlier ones of them among those that are looked at.
 * `known` = those of them that were analysed before: what is stored of them is of the past.
 */
export async function findOriginals(
  db: Db,
  posts: readonly Candidate[],
  known: readonly number[],
): Promise<Map<number, Original>> {
  const found = new Map<number, Original>()
  const stored = await sameTexts(db, posts, known)
  const firsts = new Map<string, number>()
  const earlier: Candidate[] = []
  const echoOf = await echoes(db, posts, id => found.get(id)?.postId ?? null)
  for (const each of posts) {
    const { post, analysis, likeness } = each
    const { fingerprint } = analysis
    const exact = Math.min(stored.get(fingerprint) ?? NONE, firsts.get(fingerprint) ?? NONE)
    if (post.text.length >= LEAST_LENGTH) {
      const near =
        exact < post.postId || isShortReply(post) ? null : await nearOriginal(db, each, earlier, known)
      if (exact < post.postId) found.set(post.postId, { postId: exact, kind: 'exact' })
      else if (near !== null) found.set(post.postId, { postId: near, kind: 'near' })
    }
    const echoed = found.has(post.postId) ? null : echoOf(each)
    if (echoed !== null) found.set(post.postId, { postId: echoed, kind: 'echo' })
    if (found.has(post.postId)) continue
    if (!firsts.has(fingerprint)) firsts.set(fingerprint, post.postId)
    if (likeness?.sketch.length && !isShortReply(post)) earlier.push(each)
  }
  return found
}

/** Fingerprint -> the oldest post outside of these that says so and is no copy. */
async function sameTexts(
  db: Db,
  posts: readonly Candidate[],
  known: readonly number[],
): Promise<Map<string, number>> {
  const texts = posts.filter(({ post }) => post.text.length >= LEAST_LENGTH)
  if (!texts.length) return new Map()
  const rows = await db
    .selectFrom('analysis')
    .select(['fingerprint', 'post_id'])
    .where('fingerprint', 'in', [...new Set(texts.map(({ analysis }) => analysis.fingerprint))])
    .where('copy_of', 'is', null)
    .$if(known.length > 0, q => q.where('post_id', 'not in', known))
    .execute()
  const oldest = new Map<string, number>()
  for (const { fingerprint, post_id } of rows)
    oldest.set(fingerprint, Math.min(post_id, oldest.get(fingerprint) ?? NONE))
  return oldest
}

const shared = (a: readonly number[], b: readonly number[]): number =>
  a.filter(hash => b.includes(hash)).length
const readFor = (title: string | null | undefined, text: string, places: Analysis['places']) =>
  liken([title, text].filter(Boolean).join('\n'), sceneOf(places, null))

async function nearOriginal(
  db: Db,
  { post, likeness }: Candidate,
  earlier: readonly Candidate[],
  known: readonly number[],
): Promise<number | null> {
  if (!likeness?.sketch.length) return null
  const stored = await db
    .selectFrom('sketch')
    .select(eb => ['post_id', eb.fn.countAll<number>().as('hashes')])
    .where('hash', 'in', likeness.sketch)
    .where('post_id', '<', post.postId)
    .$if(known.length > 0, q => q.where('post_id', 'not in', known))
    .groupBy('post_id')
    .having(eb => eb.fn.countAll(), '>=', LEAST_SHARED)
    .orderBy(eb => eb.fn.countAll(), 'desc')
    .orderBy('post_id')
    .limit(MOST_COMPARED)
    .execute()
  const inBatch = new Map(earlier.map(each => [each.post.postId, each]))
  const compared = [
    ...stored.map(({ post_id, hashes }) => ({ id: post_id, hashes: Number(hashes) })),
    ...earlier
      .map(each => ({ id: each.post.postId, hashes: shared(likeness.sketch, each.likeness?.sketch ?? []) }))
      .filter(({ hashes }) => hashes >= LEAST_SHARED),
  ]
    .sort((a, b) => b.hashes - a.hashes || a.id - b.id)
    .slice(0, MOST_COMPARED)
    .map(({ id }) => id)
    .sort((a, b) => a - b)
  const texts = await textsOf(
    db,
    compared.filter(id => !inBatch.has(id)),
  )
  const found = compared.find(id => {
    const mine = inBatch.get(id)
    const text = mine ? readFor(mine.post.title, mine.post.text, mine.analysis.places) : texts.get(id)
    return text && isCopy(likeness, text)
  })
  return found ?? null
}

async function textsOf(db: Db, ids: readonly number[]): Promise<Map<number, ReturnType<typeof liken>>> {
  if (!ids.length) return new Map()
  const rows = await db
    .selectFrom('post')
    .innerJoin('analysis', 'analysis.post_id', 'post.id')
    .select(['post.id', 'post.title', 'post.text', 'analysis.places'])
    .where('post.id', 'in', ids)
    .execute()
  return new Map(
    rows.map(row => [row.id, readFor(row.title, row.text, JSON.parse(row.places) as Analysis['places'])]),
  )
}

/** Only what concerns us and is no copy can be an original of later near copies. `known`: it may have had a sketch. */
export async function indexSketches(
  trx: Trx,
  posts: readonly { postId: number; known: boolean; sketch: readonly number[] }[],
): Promise<void> {
  const known = posts.filter(post => post.known).map(({ postId }) => postId)
  if (known.length) await trx.deleteFrom('sketch').where('post_id', 'in', known).execute()
  await insertRows(
    trx,
    'sketch',
    posts.flatMap(({ postId, sketch }) => sketch.map(hash => ({ hash, post_id: postId }))),
  )
}

/** Once answered, the same text again is a citizen who asks again (再次回应), not a repost. */
const DONE = ['finished', 'filing', 'archived']

/** True where the original or another copy of it was put before staff lately: this one is shown with it, not beside it. */
export async function isBeforeStaff(
  db: Db,
  original: Original,
  postId: number,
  at: number,
): Promise<boolean> {
  const shown = await db
    .selectFrom('flag')
    .innerJoin('post', 'post.id', 'flag.post_id')
    .leftJoin('slip', 'slip.id', 'flag.slip_id')
    .select('flag.post_id')
    // By its two indexes: an OR of the two looked at every flag there is.
    .where(
      'flag.post_id',
      'in',
      db
        .selectFrom('analysis')
        .select('post_id')
        .where('copy_of', '=', original.postId)
        .union(db.selectFrom('analysis').select('post_id').where('post_id', '=', original.postId)),
    )
    .where('flag.post_id', '!=', postId)
    .where(eb => eb.or([eb('slip.status', 'is', null), eb('slip.status', 'not in', DONE)]))
    .where(eb => eb.fn.coalesce('post.published_at', 'post.first_seen_at'), '>=', at - FOLD_MS)
    .limit(1)
    .executeTakeFirst()
  return shown !== undefined
}

/** Post -> how many others say the same or agree with it: its copies, or its original and the other copies. */
export async function copyCounts(db: Db, postIds: readonly number[]): Promise<Map<number, number>> {
  if (!postIds.length) return new Map()
  const rows = await db
    .selectFrom('analysis as own')
    .innerJoin('analysis as c', join =>
      join.on('c.copy_of', '=', eb => eb.fn.coalesce('own.copy_of', 'own.post_id')),
    )
    .select(eb => ['own.post_id', eb.fn.countAll<number>().as('copies')])
    .where('own.post_id', 'in', postIds)
    .groupBy('own.post_id')
    .execute()
  return new Map(rows.map(({ post_id, copies }) => [post_id, Number(copies)]))
}
