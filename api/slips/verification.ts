import type { Trx } from '../db/open.ts'
import type { VerifyState } from '../vocabulary.ts'
import { lockSlip, noteUpkeep, systemAct } from './chain.ts'
import { changedRows, rowsOf } from './seal.ts'
import { settle } from './settle.ts'
import { loadSlip, type ReplyRow, type WholeSlip } from './store.ts'
import { tellReply } from './tell.ts'

const MINUTE = 60_000
/** When to read again after each try that did not find the reply. */
const AGAIN_MS = [MINUTE, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 720 * MINUTE]
/** From here on it is a 待核验 task; reading goes on. */
const TASK_AFTER = 3

/** design §5: what the page shows once read back; its time replaces the typed one (design §5.2). */
export async function recordVerification(
  trx: Trx,
  input: {
    replyId: number
    found: 'verified' | 'different' | null
    difference: string | null
    pageRepliedAt: number | null
    /** The floor that it was found as. */
    page: { postId: number; revision: number } | null
    at: number
  },
): Promise<void> {
  const { before, reply } = await heldReply(trx, input.replyId)
  const attempts = reply.verify_attempts + 1
  const state: VerifyState = input.found ?? (attempts >= TASK_AFTER ? 'notFound' : 'unverified')
  const next = AGAIN_MS[Math.min(attempts, AGAIN_MS.length) - 1] as number
  await updateReply(trx, input.replyId, {
    verify: state,
    verify_difference: input.difference,
    verify_attempts: attempts,
    verified_at: input.found ? input.at : null,
    verify_next_at: input.found || attempts >= 12 ? null : input.at + next,
    page_post_id: input.page?.postId ?? null,
    page_revision: input.page?.revision ?? null,
    ...(input.found && input.pageRepliedAt !== null && { replied_at: input.pageRepliedAt }),
  })
  const { difference, pageRepliedAt } = input
  await entered(trx, before, reply, { state, detail: { difference, pageRepliedAt }, at: input.at })
}

/** What became of a reply's floor after it was found: taken away, put back, rewritten. */
export async function recordPage(
  trx: Trx,
  input: {
    replyId: number
    state: 'verified' | 'different' | 'gone'
    difference: string | null
    revision: number
    goneAt: number | null
    at: number
  },
): Promise<void> {
  const { before, reply } = await heldReply(trx, input.replyId)
  const { state, difference, goneAt } = input
  await updateReply(trx, input.replyId, {
    verify: state,
    // What it said while it stood remains the last that is known of it.
    ...(state !== 'gone' && { verify_difference: difference }),
    page_revision: input.revision,
    page_gone_at: goneAt,
  })
  const action = 'watchReply'
  await entered(trx, before, reply, { action, state, detail: { difference, goneAt }, at: input.at })
}

/** The reply, its slip held until the transaction ends. */
async function heldReply(trx: Trx, replyId: number): Promise<{ before: WholeSlip; reply: ReplyRow }> {
  const { slip_id: slipId } = await trx
    .selectFrom('slip_reply')
    .select('slip_id')
    .where('id', '=', replyId)
    .executeTakeFirstOrThrow()
  await lockSlip(trx, slipId)
  const before = await loadSlip(trx, slipId)
  return { before, reply: before.replies.find(({ id }) => id === replyId) as ReplyRow }
}

const updateReply = (trx: Trx, id: number, change: Partial<ReplyRow>) =>
  trx.updateTable('slip_reply').set(change).where('id', '=', id).execute()

/** An act of the system where the reply's state is another now, and told; else a note. */
async function entered(
  trx: Trx,
  before: WholeSlip,
  reply: ReplyRow,
  { action = 'verifyReply', state, detail, at }: Entered,
): Promise<void> {
  const { slip } = before
  const after = await settle(trx, slip.id)
  const rows = changedRows(rowsOf(before), rowsOf(after))
  if (state === reply.verify) return noteUpkeep(trx, slip.id, { action: 'readBack', rows, at })
  await systemAct(trx, slip.id, { action, detail: { replyId: reply.id, state, ...detail }, rows, at })
  await tellReply(trx, after, { replyId: reply.id, state, at })
}

interface Entered {
  action?: 'verifyReply' | 'watchReply'
  state: VerifyState
  detail: object
  at: number
}
