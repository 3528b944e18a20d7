import type { Precision } from '../../pipeline/post.ts'
import type { Db } from '../db/open.ts'
import { maskPersonal } from '../mask.ts'
import type { CopyKind, DismissReason, SlipState } from '../vocabulary.ts'
import type { OriginalView } from './routes.ts'

const TITLE_LENGTH = 40

/** Of each post that says what an earlier one says: that one, and what became of it and of its other copies (S-9). */
export async function originalsOf(db: Db, postIds: readonly number[]): Promise<Map<number, OriginalView>> {
  if (!postIds.length) return new Map()
  const rows = await db
    .selectFrom('analysis as a')
    .innerJoin('post as o', 'o.id', 'a.copy_of')
    .innerJoin('source as s', 's.id', 'o.source_id')
    .select(['a.post_id', 'a.copy_kind', 'o.id', 'o.title', 'o.text', 'o.url', 'o.state', 'o.board'])
    .select(['o.published_at', 'o.published_precision', 'o.first_seen_at', 's.name as source'])
    .where('a.post_id', 'in', postIds)
    .execute()
  const originals = [...new Set(rows.map(({ id }) => id))]
  const [slips, dismissals] = [await slipsOf(db, originals), await dismissalsOf(db, originals)]
  return new Map(
    rows.map(row => [
      row.post_id,
      {
        id: row.id,
        kind: (row.copy_kind ?? 'exact') as CopyKind,
        source: row.source,
        board: row.board,
        title: maskPersonal(row.title?.trim() || row.text.slice(0, 2 * TITLE_LENGTH)).slice(0, TITLE_LENGTH),
        url: row.url,
        state: row.state,
        publishedAt: row.published_at,
        publishedPrecision: row.published_precision as Precision,
        firstSeenAt: row.first_seen_at,
        slips: slips.get(row.id) ?? [],
        dismissed: dismissedBeside(dismissals.get(row.id) ?? [], row.post_id),
      },
    ]),
  )
}

function dismissedBeside(dismissals: readonly Dismissal[], ownId: number): OriginalView['dismissed'] {
  const found = dismissals.find(({ postId }) => postId !== ownId)
  return found ? { reason: found.reason, by: found.by, at: found.at } : null
}

/** Post and what it is a copy of, itself where it is none; those that merely agree are no copies. */
const groups = (db: Db, originals: readonly number[]) =>
  db
    .selectFrom('analysis')
    .select(eb => ['post_id', eb.fn.coalesce('copy_of', 'post_id').as('original')])
    .where(eb =>
      eb.or([eb('post_id', 'in', originals), eb('copy_of', 'in', originals).and('copy_kind', '!=', 'echo')]),
    )

/** 作废 holds nothing any more. */
async function slipsOf(db: Db, originals: readonly number[]): Promise<Map<number, OriginalView['slips']>> {
  if (!originals.length) return new Map()
  const rows = await db
    .selectFrom(groups(db, originals).as('g'))
    .innerJoin('slip_post as sp', 'sp.post_id', 'g.post_id')
    .innerJoin('slip', 'slip.id', 'sp.slip_id')
    .select(['g.original', 'slip.id', 'slip.number', 'slip.status'])
    .distinct()
    .where('sp.detached_at', 'is', null)
    .where('slip.status', '!=', 'void')
    .orderBy('slip.id')
    .execute()
  return grouped(
    rows.map(({ original, status, ...slip }) => [original, { ...slip, status: status as SlipState }]),
  )
}

type Dismissal = NonNullable<OriginalView['dismissed']> & { postId: number }

/** Latest first. */
async function dismissalsOf(db: Db, originals: readonly number[]): Promise<Map<number, Dismissal[]>> {
  if (!originals.length) return new Map()
  const rows = await db
    .selectFrom(groups(db, originals).as('g'))
    .innerJoin('flag as f', 'f.post_id', 'g.post_id')
    .leftJoin('person', 'person.id', 'f.decided_by')
    .select(['g.original', 'g.post_id', 'f.reason', 'f.decided_at', 'person.name'])
    .where('f.state', '=', 'dismissed')
    .orderBy('f.decided_at', 'desc')
    .execute()
  return grouped(
    rows.map(row => [
      row.original,
      {
        postId: row.post_id,
        reason: row.reason as DismissReason,
        by: row.name,
        at: row.decided_at as number,
      },
    ]),
  )
}

function grouped<T>(pairs: readonly [number, T][]): Map<number, T[]> {
  const groups = Map.groupBy(pairs, ([key]) => key)
  return new Map([...groups].map(([key, list]) => [key, list.map(([, value]) => value)]))
}
