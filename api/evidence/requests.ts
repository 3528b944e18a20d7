import type { Db, Trx } from '../db/open.ts'
import type { CaptureReason } from '../vocabulary.ts'

export interface NewCapture {
  /** Says what for, so that it is asked once: `flag:12`, `approved:7:3`. */
  key: string
  reason: CaptureReason
  url: string
  postId: number | null
  slipId: number | null
  replyId: number | null
  /** Epoch ms. */
  at: number
}

/** Asks for a picture of a page, once by key. */
export async function requestCapture(trx: Trx, input: NewCapture): Promise<void> {
  await trx
    .insertInto('capture_request')
    .values({
      key: input.key,
      reason: input.reason,
      url: input.url,
      post_id: input.postId,
      slip_id: input.slipId,
      reply_id: input.replyId,
      state: 'waiting',
      attempts: 0,
      next_at: input.at,
      created_at: input.at,
      error: null,
    })
    .onConflict(conflict => conflict.column('key').doNothing())
    .execute()
}

export interface DueCapture {
  id: number
  reason: CaptureReason
  url: string
  postId: number | null
  slipId: number | null
  replyId: number | null
  attempts: number
}

/** After a reply is read back and before one is posted come first: those moments do not come again. */
const FIRST: readonly CaptureReason[] = ['reply', 'approved', 'change', 'slip', 'flag']

export async function dueCaptures(db: Db, now: number, limit: number): Promise<DueCapture[]> {
  const rows = await db
    .selectFrom('capture_request')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('next_at', '<=', now)
    .orderBy('id')
    .limit(limit * 10)
    .execute()
  return rows
    .map(row => ({
      id: row.id,
      reason: row.reason as CaptureReason,
      url: row.url,
      postId: row.post_id,
      slipId: row.slip_id,
      replyId: row.reply_id,
      attempts: row.attempts,
    }))
    .sort((a, b) => FIRST.indexOf(a.reason) - FIRST.indexOf(b.reason) || a.id - b.id)
    .slice(0, limit)
}

const AGAIN_MS = [60_000, 15 * 60_000, 2 * 3_600_000]

export const captureDone = (trx: Trx, id: number) =>
  trx.updateTable('capture_request').set({ state: 'done', error: null }).where('id', '=', id).execute()

/** Tried again later and later; after that it stays as failed with its words. */
export const captureFailed = (db: Db, { id, attempts }: DueCapture, now: number, error: string) => {
  const wait = AGAIN_MS[attempts]
  return db
    .updateTable('capture_request')
    .set({
      attempts: attempts + 1,
      error: error.slice(0, 300),
      ...(wait === undefined ? { state: 'failed' } : { next_at: now + wait }),
    })
    .where('id', '=', id)
    .execute()
}
