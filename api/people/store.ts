import type { Db, Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { ROLES, type Role } from '../vocabulary.ts'
import { hashPassword, requireStrongPassword } from './passwords.ts'
import { type Named, requireUnit } from './unit-store.ts'

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
