/** S-38: who reads netizens' names and numbers as they were written, and the trace that each reading leaves. */
import { appendAudit } from './audit.ts'
import { type Actor, holdsRole } from './auth.ts'
import type { Trx } from './db/open.ts'

/** Whoever handles, judges or approves; the inspection group sees cases, not people. */
export const mayReveal = (actor: Actor): boolean =>
  holdsRole(actor, 'duty', 'staff', 'head', 'office', 'office_head', 'leader', 'chief')

/** In a chain of its own, `12` for a slip, `post:12` for a post: a case's own chain counts its versions. */
export async function noteReading(
  trx: Trx,
  of: { slipId: number } | { postId: number },
  actor: Actor,
  at: number,
  detail: object = {},
): Promise<void> {
  const caseId = 'slipId' in of ? String(of.slipId) : `post:${of.postId}`
  const entry = { caseKind: 'reading', caseId, at, actorId: actor.id, forId: null } as const
  await appendAudit(trx, { ...entry, action: 'reveal', detail })
}
