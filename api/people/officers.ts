/** S-3: each unit names its 舆情专员 and a deputy, from a day to a day. */
import type { Db, Trx } from '../db/open.ts'
import type { Day } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { personById } from './store.ts'
import { requireUnit } from './unit-store.ts'

export interface Officer {
  id: number
  unitId: number
  personId: number
  isDeputy: boolean
  validFrom: Day
  validTo: Day | null
}

export async function officerList(db: Db): Promise<Officer[]> {
  const rows = await db.selectFrom('officer').selectAll().orderBy('id').execute()
  return rows.map(row => ({
    id: row.id,
    unitId: row.unit_id,
    personId: row.person_id,
    isDeputy: row.is_deputy === 1,
    validFrom: row.valid_from,
    validTo: row.valid_to,
  }))
}

/** @throws AppError request.invalid where the person is not an active member of the unit, or the dates do not fit. */
export async function createOfficer(trx: Trx, input: Omit<Officer, 'id'>): Promise<number> {
  await requireUnit(trx, input.unitId)
  const person = await personById(trx, input.personId)
  if (!person?.active || person.unitId !== input.unitId)
    throw new AppError('request.invalid', { message: '舆情专员须是本处室在职人员。' })
  if (!person.roles.includes('duty'))
    throw new AppError('request.invalid', { message: '请先给这名人员加上「舆情专员（值班）」岗位。' })
  if (input.validTo !== null && input.validTo < input.validFrom)
    throw new AppError('request.invalid', { message: '止日不得早于起日。' })
  const { id } = await trx
    .insertInto('officer')
    .values({
      unit_id: input.unitId,
      person_id: input.personId,
      is_deputy: input.isDeputy ? 1 : 0,
      valid_from: input.validFrom,
      valid_to: input.validTo,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** @throws AppError notFound, request.invalid. */
export async function endOfficer(trx: Trx, id: number, validTo: Day): Promise<Officer> {
  const known = (await officerList(trx)).find(each => each.id === id)
  if (!known) throw new AppError('notFound')
  if (validTo < known.validFrom) throw new AppError('request.invalid', { message: '止日不得早于起日。' })
  await trx.updateTable('officer').set({ valid_to: validTo }).where('id', '=', id).execute()
  return known
}
