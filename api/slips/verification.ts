import { appendAudit } from '../audit.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Context } from '../context.ts'
import type { Trx } from '../db/open.ts'
import { dueDate, endOfDay, shanghaiDay } from '../deadline.ts'
import type { VerifyState } from '../vocabulary.ts'
import type { ClockHistory } from './clock.ts'
import { settle } from './settle.ts'
import { clockOf, loadSlip, saveClock } from './store.ts'

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
  const reply = await trx
    .selectFrom('slip_reply')
    .selectAll()
    .where('id', '=', input.replyId)
    .executeTakeFirstOrThrow()
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
  if (state === reply.verify) return
  await settle(trx, reply.slip_id)
  await trx
    .updateTable('slip')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', reply.slip_id)
    .execute()
  await appendAudit(trx, {
    caseKind: 'slip',
    caseId: String(reply.slip_id),
    at: input.at,
    actorId: null,
    forId: null,
    action: 'verifyReply',
    detail: { replyId: reply.id, state, difference: input.difference, pageRepliedAt: input.pageRepliedAt },
  })
}

/** A changed calendar counts open clocks again; the old date and the reason stay, closed ones are never touched. */
export async function recountClocks({ db, now }: Context): Promise<number> {
  const calendar = await loadCalendar(db)
  const open = await db
    .selectFrom('slip_clock')
    .select(['slip_id', 'round'])
    .where('stopped_at', 'is', null)
    .where('days', 'is not', null)
    .where('fixed', '=', 0)
    .where('calendar_version', '!=', calendar.version)
    .execute()
  for (const { slip_id, round } of open)
    await db.transaction().execute(async trx => {
      const whole = await loadSlip(trx, slip_id)
      const clock = whole.clocks.find(each => each.round === round) ?? clockOf(whole)
      if (!clock || clock.stopped_at !== null || clock.days === null) return
      const due = dueDate(calendar, shanghaiDay(clock.found_at), clock.days)
      const dueAt = endOfDay(due.day)
      const history = JSON.parse(clock.history) as ClockHistory[]
      if (dueAt !== clock.due_at) history.push({ at: now(), dueAt, reason: '放假调休日历更新', by: '系统' })
      await saveClock(trx, {
        ...clock,
        due_at: dueAt,
        provisional: due.provisional ? 1 : 0,
        steps: JSON.stringify(due.steps),
        calendar_version: calendar.version,
        history: JSON.stringify(history),
      })
    })
  return open.length
}
