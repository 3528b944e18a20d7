import type { Trx } from '../db/open.ts'
import type { VerifyState } from '../vocabulary.ts'
import { lockSlip, noteUpkeep, systemAct } from './chain.ts'
import { changedRows, rowsOf } from './seal.ts'
import { settle } from './settle.ts'
import { loadSlip, type ReplyRow } from './store.ts'

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
    at: number
  },
): Promise<void> {
  const { slip_id: slipId } = await trx
    .selectFrom('slip_reply')
    .select('slip_id')
    .where('id', '=', input.replyId)
    .executeTakeFirstOrThrow()
  await lockSlip(trx, slipId)
  const before = await loadSlip(trx, slipId)
  const reply = before.replies.find(({ id }) => id === input.replyId) as ReplyRow
  const attempts = reply.verify_attempts + 1
  const state: VerifyState = input.found ?? (attempts >= TASK_AFTER ? 'notFound' : 'unverified')
  const next = AGAIN_MS[Math.min(attempts, AGAIN_MS.length) - 1] as number
  await trx
    .updateTable('slip_reply')
    .set({
      verify: state,
      verify_difference: input.difference,
      verify_attempts: attempts,
      verified_at: input.found ? input.at : null,
      verify_next_at: input.found || attempts >= 12 ? null : input.at + next,
      ...(input.found && input.pageRepliedAt !== null && { replied_at: input.pageRepliedAt }),
    })
    .where('id', '=', input.replyId)
    .execute()
  const after = await settle(trx, slipId)
  const rows = changedRows(rowsOf(before), rowsOf(after))
  if (state === reply.verify) return noteUpkeep(trx, slipId, { action: 'readBack', rows, at: input.at })
  const detail = {
    replyId: reply.id,
    state,
    difference: input.difference,
    pageRepliedAt: input.pageRepliedAt,
  }
  await systemAct(trx, slipId, { action: 'verifyReply', detail, rows, at: input.at })
}
