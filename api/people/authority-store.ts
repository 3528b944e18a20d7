/** In whose name a person may act: what leaders are in charge of, and who stands in for whom. */
import type { Actor, Principal } from '../auth.ts'
import type { Db, Trx } from '../db/open.ts'
import type { Day } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { deputyProblem } from './rules.ts'
import { type Person, personById } from './store.ts'
import { requireUnit } from './unit-store.ts'

const inForce = (day: Day, from: Day, to: Day | null): boolean => from <= day && (to === null || day <= to)

export interface Charge {
  id: number
  leaderId: number
  unitId: number | null
  matter: string | null
  validFrom: Day
  validTo: Day | null
}

export async function chargeList(db: Db): Promise<Charge[]> {
  const rows = await db.selectFrom('charge').selectAll().orderBy('id').execute()
  return rows.map(row => ({
    id: row.id,
    leaderId: row.leader_id,
    unitId: row.unit_id,
    matter: row.matter,
    validFrom: row.valid_from,
    validTo: row.valid_to,
  }))
}

/** @throws AppError charge.person, charge.overlap where the unit (or matter) has a leader in that time already. */
export async function createCharge(
  trx: Trx,
  input: Omit<Charge, 'id' | 'validTo'> & { validTo?: Day | null },
): Promise<number> {
  const leader = await personById(trx, input.leaderId)
  if (!leader?.active || !leader.roles.some(role => role === 'leader' || role === 'chief'))
    throw new AppError('charge.person')
  await requireUnit(trx, input.unitId)
  const to = input.validTo ?? null
  requireOrder(input.validFrom, to)
  const overlaps = (await chargeList(trx)).some(
    other =>
      other.unitId === input.unitId &&
      other.matter === input.matter &&
      (to === null || other.validFrom <= to) &&
      (other.validTo === null || input.validFrom <= other.validTo),
  )
  if (overlaps) throw new AppError('charge.overlap')
  const { id } = await trx
    .insertInto('charge')
    .values({
      leader_id: input.leaderId,
      unit_id: input.unitId,
      matter: input.matter,
      valid_from: input.validFrom,
      valid_to: to,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** False where there is none. @throws AppError request.invalid for an end before its beginning. */
export async function endCharge(trx: Trx, id: number, validTo: Day): Promise<boolean> {
  const known = (await chargeList(trx)).find(charge => charge.id === id)
  if (!known) return false
  requireOrder(known.validFrom, validTo)
  await trx.updateTable('charge').set({ valid_to: validTo }).where('id', '=', id).execute()
  return true
}

function requireOrder(from: Day, to: Day | null): void {
  if (to !== null && to < from) throw new AppError('request.invalid', { message: '止日不得早于起日。' })
}

export interface Deputy {
  id: number
  principalId: number
  deputyId: number
  validFrom: Day
  validTo: Day
  reason: string
  revokedAt: number | null
}

export async function deputyList(db: Db): Promise<Deputy[]> {
  const rows = await db.selectFrom('deputy').selectAll().orderBy('id').execute()
  return rows.map(row => ({
    id: row.id,
    principalId: row.principal_id,
    deputyId: row.deputy_id,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    reason: row.reason,
    revokedAt: row.revoked_at,
  }))
}

/** @throws AppError deputy.dates, deputy.person. */
export async function createDeputy(
  trx: Trx,
  input: Omit<Deputy, 'id' | 'revokedAt'>,
  by: number,
  now: number,
): Promise<number> {
  if (input.validTo < input.validFrom) throw new AppError('deputy.dates')
  const [principal, deputy] = [
    await personById(trx, input.principalId),
    await personById(trx, input.deputyId),
  ]
  if (!principal?.active || !deputy?.active) throw new AppError('deputy.person')
  const problem = principal.id === deputy.id ? '不能由本人代理本人。' : deputyProblem(principal, deputy)
  if (problem) throw new AppError('deputy.person', { message: problem })
  const { id } = await trx
    .insertInto('deputy')
    .values({
      principal_id: input.principalId,
      deputy_id: input.deputyId,
      valid_from: input.validFrom,
      valid_to: input.validTo,
      reason: input.reason,
      created_by: by,
      created_at: now,
      revoked_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function revokeDeputy(trx: Trx, id: number, now: number): Promise<boolean> {
  const rows = await trx
    .updateTable('deputy')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute()
  return rows.length === 1
}

/** Who asks, with everything that holds on that day; null for someone unknown or switched off. */
export async function loadActor(db: Db, personId: number, day: Day): Promise<Actor | null> {
  const person = await personById(db, personId)
  if (!person?.active) return null
  const charges = (await chargeList(db)).filter(charge => inForce(day, charge.validFrom, charge.validTo))
  const principal = (who: Person): Principal => {
    const own = charges.filter(({ leaderId }) => leaderId === who.id)
    return {
      id: who.id,
      name: who.name,
      unitId: who.unitId,
      roles: who.roles,
      chargeUnitIds: own.flatMap(({ unitId }) => (unitId === null ? [] : [unitId])),
      matters: own.flatMap(({ matter }) => (matter === null ? [] : [matter])),
    }
  }
  const lent = (await deputyList(db)).filter(
    ({ deputyId, validFrom, validTo, revokedAt }) =>
      deputyId === personId && revokedAt === null && inForce(day, validFrom, validTo),
  )
  const deputyFor: Principal[] = []
  for (const { principalId } of lent) {
    const who = await personById(db, principalId)
    if (who?.active) deputyFor.push(principal(who))
  }
  return { ...principal(person), deputyFor }
}
