/** Versions of a slip and the entries of its two chains: its acts, and what the system notes between them. */
import { appendAudit, readAudit, type SealedRows } from '../audit.ts'
import type { Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import type { SlipRow } from './store.ts'

/** @throws AppError slip.stale, with what was done since that version. */
export async function requireVersion(trx: Trx, slip: SlipRow, version: number): Promise<void> {
  if (slip.version === version) return
  const changes = (await readAudit(trx, 'slip', String(slip.id))).filter(({ seq }) => seq > version)
  throw new AppError('slip.stale', {
    details: { changes: changes.map(({ action, at, actorId, detail }) => ({ action, at, actorId, detail })) },
  })
}

/** Takes the next version, for good when the transaction ends; the second of two writers waits here and is refused. */
export async function takeVersion(trx: Trx, slip: SlipRow): Promise<void> {
  const rows = await trx
    .updateTable('slip')
    .set({ version: slip.version + 1 })
    .where('id', '=', slip.id)
    .where('version', '=', slip.version)
    .returning('id')
    .execute()
  if (!rows.length) await requireVersion(trx, { ...slip, version: slip.version + 1 }, slip.version)
}

/** Holds the slip until the transaction ends, so that what is read of it afterwards stays so. Returns its version. */
export async function lockSlip(trx: Trx, id: number): Promise<number> {
  const { version } = await trx
    .updateTable('slip')
    .set(eb => ({ version: eb.ref('version') }))
    .where('id', '=', id)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

interface SystemEntry {
  action: string
  detail?: object
  /** Fields that it changed (`seal.ts`). */
  rows: SealedRows
  /** Epoch ms. */
  at: number
}

const bySystem = (id: number) => ({ caseId: String(id), actorId: null, forId: null })

/** What the system itself does to a slip: a version and an entry of the chain, like any act. */
export async function systemAct(trx: Trx, id: number, entry: SystemEntry): Promise<void> {
  await trx
    .updateTable('slip')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
  await appendAudit(trx, { ...bySystem(id), caseKind: 'slip', ...entry, detail: entry.detail ?? {} })
}

/** What the system notes without an act, so that nobody is overtaken by it; `after` = the version it came after. */
export async function noteUpkeep(trx: Trx, id: number, entry: SystemEntry): Promise<void> {
  const after = await lockSlip(trx, id)
  await appendAudit(trx, {
    ...bySystem(id),
    caseKind: 'upkeep',
    ...entry,
    detail: { ...entry.detail, after },
  })
}
