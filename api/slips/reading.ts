/** What is read of a slip beside its page: netizens' names unmasked, and its reminders. */
import type { Actor } from '../auth.ts'
import type { Db, Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { mayReveal, noteReading } from '../reveal.ts'
import type { RevealedPost, SlipReminder } from './answers.ts'
import { remindersOf } from './climb.ts'
import { slipNames } from './list-item.ts'
import { maySee } from './relations.ts'
import { loadSlip, scopeFacts, slipRow } from './store.ts'

/**
 * S-38: names and numbers of netizens as the posts have them, for handler, office and approver; each reading is kept in
 * a chain of its own. @throws AppError notFound, slip.forbidden.
 */
export async function revealSlip(trx: Trx, id: number, actor: Actor, now: number): Promise<RevealedPost[]> {
  if (!maySee(scopeFacts(await slipRow(trx, id)), actor) || !mayReveal(actor))
    throw new AppError('slip.forbidden')
  const { entries } = await loadSlip(trx, id)
  await noteReading(trx, { slipId: id }, actor, now, { entries: entries.map(each => each.id) })
  return entries.map(each => ({ id: each.id, author: each.author, title: each.title, text: each.text }))
}

/** S-33. @throws AppError notFound, slip.forbidden. */
export async function reminderList(db: Db, id: number, actor: Actor): Promise<SlipReminder[]> {
  if (!maySee(scopeFacts(await slipRow(db, id)), actor)) throw new AppError('slip.forbidden')
  const reminders = await remindersOf(db, id, actor.id)
  const names = await slipNames(
    db,
    reminders.flatMap(({ acknowledged }) => acknowledged.map(({ personId }) => personId)),
  )
  return reminders.map(({ acknowledged, ...reminder }) => ({
    ...reminder,
    acknowledged: acknowledged.map(({ personId, at }) => ({ by: names.person(personId), at })),
  }))
}
