import { parse } from 'yaml'
import type { Actor, Principal } from '../auth.ts'
import type { Db, Trx } from '../db/open.ts'
import { type Day, shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { ROLES, type Role } from '../vocabulary.ts'
import { hashPassword, requireStrongPassword } from './passwords.ts'
import { deputyProblem } from './rules.ts'

export interface Named {
  id: number
  name: string
}

export interface Unit extends Named {
  kind: 'office' | 'department' | 'subordinate'
  activeFrom: Day
  activeTo: Day | null
}

export interface Person extends Named {
  login: string
  unitId: number | null
  roles: Role[]
  phone: string | null
  active: boolean
  mustChangePassword: boolean
  version: number
}

interface PersonRow {
  id: number
  login: string
  name: string
  unit_id: number | null
  roles: string
  phone: string | null
  active: number
  must_change_password: number
  version: number
}

const PERSON_COLUMNS = [
  'id',
  'login',
  'name',
  'unit_id',
  'roles',
  'phone',
  'active',
  'must_change_password',
  'version',
] as const

const toPerson = (row: PersonRow): Person => ({
  id: row.id,
  login: row.login,
  name: row.name,
  unitId: row.unit_id,
  roles: JSON.parse(row.roles) as Role[],
  phone: row.phone,
  active: row.active === 1,
  mustChangePassword: row.must_change_password === 1,
  version: row.version,
})

// --- units ---

export async function unitList(db: Db): Promise<Unit[]> {
  const rows = await db.selectFrom('unit').selectAll().orderBy('sort').orderBy('id').execute()
  return rows.map(({ id, name, kind, active_from, active_to }) => ({
    id,
    name,
    kind,
    activeFrom: active_from,
    activeTo: active_to,
  }))
}

export const unitById = async (db: Db, id: number): Promise<Unit | null> =>
  (await unitList(db)).find(unit => unit.id === id) ?? null

export const unitByName = async (db: Db, name: string): Promise<Unit | null> =>
  (await unitList(db)).find(unit => unit.name === name) ?? null

export const unitNames = async (db: Db): Promise<Map<number, string>> =>
  new Map((await unitList(db)).map(({ id, name }) => [id, name]))

/** @throws AppError request.invalid where there is no such unit. */
export async function requireUnit(db: Db, id: number | null): Promise<void> {
  if (id !== null && !(await unitById(db, id)))
    throw new AppError('request.invalid', { message: '没有这个处室，请重新选择。' })
}

/** 市局办公室. @throws Error where the organisation has none. */
export async function officeUnit(db: Db): Promise<Unit> {
  const office = (await unitList(db)).find(({ kind }) => kind === 'office')
  if (!office) throw new Error('organisation without 办公室')
  return office
}

/** Loads config/organisation.yaml where no unit exists yet. */
export async function seedOrganisation(trx: Trx, yamlText: string, now: number): Promise<void> {
  if ((await unitList(trx)).length) return
  const { units } = parse(yamlText) as { units: { name: string; kind: Unit['kind'] }[] }
  await trx
    .insertInto('unit')
    .values(
      units.map(({ name, kind }, sort) => ({
        name,
        kind,
        sort,
        active_from: shanghaiDay(now),
        active_to: null,
      })),
    )
    .execute()
}

// --- persons ---

export async function personList(db: Db): Promise<Person[]> {
  const rows = await db.selectFrom('person').select(PERSON_COLUMNS).orderBy('id').execute()
  return rows.map(toPerson)
}

export async function personById(db: Db, id: number): Promise<Person | null> {
  const row = await db.selectFrom('person').select(PERSON_COLUMNS).where('id', '=', id).executeTakeFirst()
  return row ? toPerson(row) : null
}

export async function personNames(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  if (!ids.length) return new Map()
  const rows = await db
    .selectFrom('person')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export const peopleWithRole = async (db: Db, role: Role): Promise<Person[]> =>
  (await personList(db)).filter(person => person.active && person.roles.includes(role))

/** 主要领导. */
export const chiefs = (db: Db): Promise<Named[]> => peopleWithRole(db, 'chief')

/** S-1: 组长 is 局主要负责人, and there is one. @throws AppError person.secondChief. */
async function requireNoChief(db: Db, besides: number | null): Promise<void> {
  if ((await chiefs(db)).some(({ id }) => id !== besides)) throw new AppError('person.secondChief')
}

export interface NewPersonInput {
  login: string
  name: string
  unitId: number | null
  roles: readonly Role[]
  password: string | null
  phone?: string | null
  mustChangePassword: boolean
}

/** @throws AppError person.duplicate, auth.weakPassword, request.invalid (unknown role). */
export async function createPerson(trx: Trx, input: NewPersonInput, now: number): Promise<number> {
  const login = input.login.trim().toLowerCase()
  if (!/^[a-z0-9._-]{2,40}$/.test(login))
    throw new AppError('request.invalid', { message: '登录名用 2 至 40 位字母、数字、点或横线。' })
  for (const role of input.roles)
    if (!(role in ROLES)) throw new AppError('request.invalid', { message: `没有「${role}」这个岗位。` })
  await requireUnit(trx, input.unitId)
  const taken = await trx.selectFrom('person').select('id').where('login', '=', login).executeTakeFirst()
  if (taken) throw new AppError('person.duplicate')
  if (input.roles.includes('chief')) await requireNoChief(trx, null)
  if (input.password !== null) requireStrongPassword(input.password, login)
  const { id } = await trx
    .insertInto('person')
    .values({
      login,
      name: input.name.trim(),
      unit_id: input.unitId,
      roles: JSON.stringify(input.roles),
      phone: input.phone ?? null,
      password_hash: input.password === null ? null : await hashPassword(input.password),
      must_change_password: input.mustChangePassword ? 1 : 0,
      locked_until: null,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export interface PersonChange {
  name?: string
  unitId?: number | null
  roles?: readonly Role[]
  phone?: string | null
  active?: boolean
  password?: string
}

/** @throws AppError notFound, person.stale, person.lastAdmin, auth.weakPassword. */
export async function updatePerson(
  trx: Trx,
  id: number,
  version: number,
  change: PersonChange,
): Promise<void> {
  const person = await personById(trx, id)
  if (!person) throw new AppError('notFound')
  if (person.version !== version) throw new AppError('person.stale')
  const staysAdmin = (change.active ?? person.active) && (change.roles ?? person.roles).includes('admin')
  if (person.roles.includes('admin') && !staysAdmin) {
    const others = (await peopleWithRole(trx, 'admin')).filter(other => other.id !== id)
    if (!others.length) throw new AppError('person.lastAdmin')
  }
  if ((change.active ?? person.active) && (change.roles ?? person.roles).includes('chief'))
    await requireNoChief(trx, id)
  if (change.unitId !== undefined) await requireUnit(trx, change.unitId)
  if (change.password !== undefined) requireStrongPassword(change.password, person.login)
  await trx
    .updateTable('person')
    .set({
      ...(change.name !== undefined && { name: change.name.trim() }),
      ...(change.unitId !== undefined && { unit_id: change.unitId }),
      ...(change.roles !== undefined && { roles: JSON.stringify(change.roles) }),
      ...(change.phone !== undefined && { phone: change.phone }),
      ...(change.active !== undefined && { active: change.active ? 1 : 0 }),
      ...(change.password !== undefined && {
        password_hash: await hashPassword(change.password),
        must_change_password: 1,
        failed_logins: 0,
        locked_until: null,
      }),
      version: version + 1,
    })
    .where('id', '=', id)
    .execute()
  // Who is switched off or gets a new password leaves at once, on every device.
  if (change.active === false || change.password !== undefined)
    await trx.deleteFrom('session').where('person_id', '=', id).execute()
}

// --- charges and deputies ---

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
