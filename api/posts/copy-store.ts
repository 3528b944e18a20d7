import { isCopy, liken } from '../../pipeline/duplicates.ts'
import { sceneOf } from '../../pipeline/events.ts'
import type { Analysis, Likeness } from '../../pipeline/post.ts'
import type { Db, Trx } from '../db/open.ts'
import { FOLD_MS } from './rules.ts'

export interface Original {
  postId: number
  kind: 'exact' | 'near'
}

/** Short texts (顶, 同问) are nobody's copies. */
const LEAST_LENGTH = 12
/** Copies share at least so many of 12 hashes; what shares most is compared in full. */
const LEAST_SHARED = 2
const MOST_COMPARED = 30

/** The oldest earlier post with the same text, else the oldest that it is a near copy of. Originals are no copies themselves. */
export async function findOriginal(
  db: Db,
  post: { postId: number; text: string },
  fingerprint: string,
  likeness: Likeness | null,
): Promise<Original | null> {
  if (post.text.length < LEAST_LENGTH) return null
  const exact = await db
    .selectFrom('analysis')
    .select('post_id')
    .where('fingerprint', '=', fingerprint)
    .where('copy_of', 'is', null)
    .where('post_id', '<', post.postId)
    .orderBy('post_id')
    .limit(1)
    .executeTakeFirst()
  if (exact) return { postId: exact.post_id, kind: 'exact' }
  const near = likeness && (await nearOriginal(db, post.postId, likeness))
  return near ? { postId: near, kind: 'near' } : null
}

async function nearOriginal(db: Db, postId: number, likeness: Likeness): Promise<number | null> {
  if (!likeness.sketch.length) return null
  const candidates = await db
    .selectFrom('sketch')
    .select('post_id')
    .where('hash', 'in', likeness.sketch)
    .where('post_id', '<', postId)
    .groupBy('post_id')
    .having(eb => eb.fn.countAll(), '>=', LEAST_SHARED)
    .orderBy(eb => eb.fn.countAll(), 'desc')
    .orderBy('post_id')
    .limit(MOST_COMPARED)
    .execute()
  if (!candidates.length) return null
  const rows = await db
    .selectFrom('post')
    .innerJoin('analysis', 'analysis.post_id', 'post.id')
    .select(['post.id', 'post.title', 'post.text', 'analysis.places'])
    .where(
      'post.id',
      'in',
      candidates.map(({ post_id }) => post_id),
    )
    .orderBy('post.id')
    .execute()
  const found = rows.find(row => {
    const { places } = sceneOf(JSON.parse(row.places) as Analysis['places'], null)
    return isCopy(likeness, liken([row.title, row.text].filter(Boolean).join('\n'), places))
  })
  return found?.id ?? null
}

/** Only what concerns us and is no copy can be an original of later near copies. */
export async function indexSketch(trx: Trx, postId: number, sketch: readonly number[]): Promise<void> {
  await trx.deleteFrom('sketch').where('post_id', '=', postId).execute()
  if (sketch.length)
    await trx
      .insertInto('sketch')
      .values(sketch.map(hash => ({ hash, post_id: postId })))
      .execute()
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
    .innerJoin('analysis', 'analysis.post_id', 'flag.post_id')
    .innerJoin('post', 'post.id', 'flag.post_id')
    .leftJoin('slip', 'slip.id', 'flag.slip_id')
    .select('flag.post_id')
    .where(eb =>
      eb.or([eb('flag.post_id', '=', original.postId), eb('analysis.copy_of', '=', original.postId)]),
    )
    .where('flag.post_id', '!=', postId)
    .where(eb => eb.or([eb('slip.status', 'is', null), eb('slip.status', 'not in', DONE)]))
    .where(eb => eb.fn.coalesce('post.published_at', 'post.first_seen_at'), '>=', at - FOLD_MS)
    .limit(1)
    .executeTakeFirst()
  return shown !== undefined
}
