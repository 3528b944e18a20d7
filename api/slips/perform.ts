import { appendAudit } from '../audit.ts'
import type { Actor } from '../auth.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Context } from '../context.ts'
import type { Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { manifestOf } from '../evidence/store.ts'
import { personById } from '../people/store.ts'
import { settingList, settingsOn } from '../settings/store.ts'
import type { SlipAction } from '../vocabulary.ts'
import type { Act } from './act.ts'
import { ACTIONS } from './actions.ts'
import { requireVersion, takeVersion } from './chain.ts'
import { maySee } from './relations.ts'
import type { ActionBody } from './routes.ts'
import { requireAllowed } from './rules.ts'
import { changedRows, rowsOf } from './seal.ts'
import { factsOf, loadSlip, scopeFacts, slipRow, type WholeSlip } from './store.ts'
import { tellNext } from './tell.ts'

/**
 * One act on a slip: allowed by rules.ts, based on the version that the person saw, all or nothing, with its audit
 * entry in the same transaction. @throws AppError slip.forbidden, slip.state, slip.stale, request.invalid.
 */
export async function act<A extends SlipAction>(
  context: Context,
  actor: Actor,
  slipId: number,
  action: A,
  body: ActionBody[A],
  version: number,
): Promise<void> {
  const now = context.now()
  await context.db.transaction().execute(async trx => {
    const slip = await slipRow(trx, slipId)
    if (!maySee(scopeFacts(slip), actor)) throw new AppError('slip.forbidden')
    // Before the state: who was overtaken is told by what, not that the slip is no longer where he saw it.
    await requireVersion(trx, slip, version)
    // Held from here on: what is read now is what the act changes.
    await takeVersion(trx, slip)
    const whole = await loadSlip(trx, slipId)
    const standing = requireAllowed(factsOf(whole), action, actor)
    const calendar = await loadCalendar(trx)
    const settings = await settingList(trx)
    const drafterUnits = await unitsOf(trx, whole.texts)
    const run = ACTIONS[action] as (act: Act, body: ActionBody[A]) => Promise<object | undefined>
    const more = await run(
      {
        ...whole,
        trx,
        actor,
        standing,
        calendar,
        settingsOn: day => settingsOn(settings, day),
        drafterUnits,
        now,
      },
      body,
    )
    const after = await loadSlip(trx, slipId)
    await appendAudit(trx, {
      caseKind: 'slip',
      caseId: String(slipId),
      at: now,
      actorId: actor.id,
      forId: standing.forId,
      action,
      detail: {
        ...body,
        ...more,
        before: whole.slip.status,
        evidence: await manifestOf(trx, slipId),
      },
      rows: changedRows(rowsOf(whole), rowsOf(after)),
    })
    await tellNext(trx, whole, after, { action, actorId: actor.id, now })
  })
}

async function unitsOf(trx: Trx, texts: WholeSlip['texts']): Promise<Map<number, number | null>> {
  const units = new Map<number, number | null>()
  for (const { author_id } of texts) units.set(author_id, (await personById(trx, author_id))?.unitId ?? null)
  return units
}
