import type { Db, Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import type { DismissReason } from '../vocabulary.ts'

/**
 * The post goes onto a slip; fine where it was never flagged (a copy of one that was, an ordinary post).
 * @throws AppError post.handled where another slip has it.
 */
export async function takeFlag(
  trx: Trx,
  postId: number,
  slipId: number,
  actorId: number,
  at: number,
): Promise<void> {
  const taken = await trx
    .updateTable('flag')
    .set(eb => ({
      state: 'slip',
      slip_id: slipId,
      decided_by: actorId,
      decided_at: at,
      reason: null,
      note: null,
      version: eb('version', '+', 1),
    }))
    .where('post_id', '=', postId)
    .where(eb => eb.or([eb('state', '!=', 'slip'), eb('slip_id', '=', slipId)]))
    .returning('post_id')
    .execute()
  if (taken.length) return
  const flag = await trx.selectFrom('flag').select('post_id').where('post_id', '=', postId).executeTakeFirst()
  if (flag || (await isOnAnotherSlip(trx, postId, slipId))) throw new AppError('post.handled')
}

async function isOnAnotherSlip(db: Db, postId: number, slipId: number): Promise<boolean> {
  const found = await db
    .selectFrom('slip_post')
    .innerJoin('slip', 'slip.id', 'slip_post.slip_id')
    .select('slip.id')
    .where('slip_post.post_id', '=', postId)
    .where('slip_post.detached_at', 'is', null)
    .where('slip.id', '!=', slipId)
    .where('slip.status', '!=', 'void')
    .executeTakeFirst()
  return found !== undefined
}

/** The post leaves its slip and lies open again. */
export async function releaseFlag(trx: Trx, postId: number, actorId: number, at: number): Promise<void> {
  await trx
    .updateTable('flag')
    .set(eb => ({
      state: 'open',
      slip_id: null,
      decided_by: actorId,
      decided_at: at,
      version: eb('version', '+', 1),
    }))
    .where('post_id', '=', postId)
    .where('state', '=', 'slip')
    .execute()
}

/** Bureau-wide, with reason (design §5.9). @throws AppError notFound, post.handled when someone was quicker. */
export async function dismissFlag(
  trx: Trx,
  postId: number,
  input: { reason: DismissReason; note: string | null; version: number },
  actorId: number,
  at: number,
): Promise<void> {
  const changed = await trx
    .updateTable('flag')
    .set(eb => ({
      state: 'dismissed',
      reason: input.reason,
      note: input.note,
      decided_by: actorId,
      decided_at: at,
      version: eb('version', '+', 1),
    }))
    .where('post_id', '=', postId)
    .where('state', '=', 'open')
    .where('version', '=', input.version)
    .returning('post_id')
    .execute()
  if (changed.length) return
  const known = await trx
    .selectFrom('flag')
    .select('post_id')
    .where('post_id', '=', postId)
    .executeTakeFirst()
  throw new AppError(known ? 'post.handled' : 'notFound')
}

/** Takes a dismissal back. @throws AppError notFound, post.undo. */
export async function undoDismissal(
  trx: Trx,
  postId: number,
  version: number,
  actorId: number,
  at: number,
): Promise<void> {
  const changed = await trx
    .updateTable('flag')
    .set(eb => ({
      state: 'open',
      reason: null,
      note: null,
      decided_by: actorId,
      decided_at: at,
      version: eb('version', '+', 1),
    }))
    .where('post_id', '=', postId)
    .where('state', '=', 'dismissed')
    .where('version', '=', version)
    .returning('post_id')
    .execute()
  if (changed.length) return
  const known = await trx
    .selectFrom('flag')
    .select('post_id')
    .where('post_id', '=', postId)
    .executeTakeFirst()
  throw new AppError(known ? 'post.undo' : 'notFound')
}

export type TriageView = 'new' | 'open' | 'dismissed'

/** Ids for the desk: own unit's first, then newest first. `new` = flagged since this person last looked. */
export async function triageIds(
  db: Db,
  options: { view: TriageView; personId: number; unitId: number | null; limit: number },
): Promise<{ ids: number[]; open: number; seenSeq: number; newestSeq: number }> {
  const seen = await db
    .selectFrom('flag_seen')
    .select('seq')
    .where('person_id', '=', options.personId)
    .executeTakeFirst()
  const totals = await db
    .selectFrom('flag')
    .select(eb => [
      eb.fn.max('seq').as('newest'),
      eb.fn.sum<number>(eb.case().when('state', '=', 'open').then(1).else(0).end()).as('open'),
    ])
    .executeTakeFirst()
  const seenSeq = seen?.seq ?? 0
  let query = db
    .selectFrom('flag')
    .select('post_id')
    .where('state', '=', options.view === 'dismissed' ? 'dismissed' : 'open')
  if (options.view === 'new') query = query.where('seq', '>', seenSeq)
  const rows = await query
    .orderBy(eb =>
      eb
        .case()
        .when('unit_id', '=', options.unitId ?? -1)
        .then(0)
        .else(1)
        .end(),
    )
    .orderBy('seq', 'desc')
    .limit(options.limit)
    .execute()
  return {
    ids: rows.map(row => row.post_id),
    open: Number(totals?.open ?? 0),
    seenSeq,
    newestSeq: Number(totals?.newest ?? 0),
  }
}

/** Remembers how far this person has looked; never goes back. */
export async function markSeen(trx: Trx, personId: number, seq: number, at: number): Promise<void> {
  await trx
    .insertInto('flag_seen')
    .values({ person_id: personId, seq, at })
    .onConflict(conflict =>
      conflict.column('person_id').doUpdateSet({ seq, at }).where('flag_seen.seq', '<', seq),
    )
    .execute()
}

/** Number of the newest flag; 0 before the first. */
export async function newestFlagSeq(db: Db): Promise<number> {
  const row = await db
    .selectFrom('flag')
    .select(eb => eb.fn.max('seq').as('newest'))
    .executeTakeFirst()
  return Number(row?.newest ?? 0)
}
