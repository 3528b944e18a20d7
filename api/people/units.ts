/** Changes of the organisation; a unit is never removed, its slips stay with it. */
import type { Trx } from '../db/open.ts'
import type { Day } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { type Unit, unitList } from './store.ts'

async function requireFreeName(trx: Trx, name: string, ownId: number | null): Promise<void> {
  const taken = (await unitList(trx)).some(unit => unit.name === name && unit.id !== ownId)
  if (taken) throw new AppError('request.invalid', { message: `已有名为「${name}」的单位。` })
}

/** @throws AppError request.invalid for a name that is taken. */
export async function createUnit(
  trx: Trx,
  input: { name: string; kind: Unit['kind']; activeFrom: Day },
): Promise<number> {
  const name = input.name.trim()
  await requireFreeName(trx, name, null)
  const sort = (await unitList(trx)).length
  const { id } = await trx
    .insertInto('unit')
    .values({ name, kind: input.kind, sort, active_from: input.activeFrom, active_to: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Answers what it was before. @throws AppError notFound, request.invalid. */
export async function updateUnit(
  trx: Trx,
  id: number,
  input: { name: string; activeTo: Day | null },
): Promise<Unit> {
  const known = (await unitList(trx)).find(unit => unit.id === id)
  if (!known) throw new AppError('notFound')
  if (known.kind === 'office' && input.activeTo !== null)
    throw new AppError('request.invalid', { message: '市局办公室不能撤销。' })
  if (input.activeTo !== null && input.activeTo < known.activeFrom)
    throw new AppError('request.invalid', { message: '撤销日期不得早于设立日期。' })
  await requireFreeName(trx, input.name.trim(), id)
  await trx
    .updateTable('unit')
    .set({ name: input.name.trim(), active_to: input.activeTo })
    .where('id', '=', id)
    .execute()
  return known
}
