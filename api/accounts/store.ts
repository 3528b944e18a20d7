import type { Db, Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { requireUnit } from '../people/unit-store.ts'
import type { AccountView } from './routes.ts'

export type AccountInput = Omit<AccountView, 'id' | 'platformName' | 'unit' | 'version'> & { unitId: number }

/** S-26: the register of accounts under which the bureau replies. */
export async function accountList(db: Db): Promise<AccountView[]> {
  const rows = await db
    .selectFrom('account')
    .innerJoin('unit', 'unit.id', 'account.unit_id')
    .selectAll('account')
    // A platform that is watched goes by its source's id.
    .leftJoin('source', 'source.id', 'account.platform')
    .select(['unit.name as unit_name', 'source.name as source_name'])
    .orderBy('account.id')
    .execute()
  return rows.map(row => ({
    id: row.id,
    platform: row.platform,
    platformName: row.source_name ?? row.platform,
    name: row.name,
    platformUid: row.platform_uid,
    unit: { id: row.unit_id, name: row.unit_name },
    realName: row.real_name === 1,
    certified: row.certified === 1,
    custodian: row.custodian,
    contact: row.contact,
    activeFrom: row.active_from,
    activeTo: row.active_to,
    version: row.version,
  }))
}

export const accountById = async (db: Db, id: number): Promise<AccountView | null> =>
  (await accountList(db)).find(account => account.id === id) ?? null

const columns = (input: AccountInput) => ({
  platform: input.platform.trim(),
  name: input.name.trim(),
  platform_uid: input.platformUid,
  unit_id: input.unitId,
  real_name: input.realName ? 1 : 0,
  certified: input.certified ? 1 : 0,
  custodian: input.custodian,
  contact: input.contact,
  active_from: input.activeFrom,
  active_to: input.activeTo,
})

async function requireFree(db: Db, input: AccountInput, ownId: number | null): Promise<void> {
  const taken = (await accountList(db)).some(
    other =>
      other.id !== ownId && other.platform === input.platform.trim() && other.name === input.name.trim(),
  )
  if (taken) throw new AppError('account.duplicate')
}

/** @throws AppError account.duplicate, request.invalid (no such unit). */
export async function createAccount(trx: Trx, input: AccountInput): Promise<number> {
  await requireUnit(trx, input.unitId)
  await requireFree(trx, input, null)
  const { id } = await trx
    .insertInto('account')
    .values(columns(input))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** @throws AppError notFound, person.stale, account.duplicate. */
export async function updateAccount(
  trx: Trx,
  id: number,
  version: number,
  input: AccountInput,
): Promise<void> {
  const known = await accountById(trx, id)
  if (!known) throw new AppError('notFound')
  if (known.version !== version) throw new AppError('person.stale')
  await requireUnit(trx, input.unitId)
  await requireFree(trx, input, id)
  await trx
    .updateTable('account')
    .set({ ...columns(input), version: version + 1 })
    .where('id', '=', id)
    .execute()
}
