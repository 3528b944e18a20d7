import { createHash, randomBytes } from 'node:crypto'
import type { Db, Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { hashPassword, passwordMatches, requireStrongPassword } from './passwords.ts'

const MINUTE = 60_000
/** Without a request that a person made for this long a session ends. */
export const IDLE_MS = 2 * 60 * MINUTE
export const ABSOLUTE_MS = 12 * 60 * MINUTE
const LOCK_AFTER = 5
const LOCK_MS = 15 * MINUTE

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

/**
 * Checks login and password; five wrong ones in a row lock for fifteen minutes.
 * @throws AppError auth.wrong, auth.locked.
 */
export async function logIn(
  db: Db,
  input: { login: string; password: string; userAgent: string | null },
  now: number,
): Promise<{ token: string; personId: number }> {
  const person = await db
    .selectFrom('person')
    .select(['id', 'password_hash', 'failed_logins', 'locked_until', 'active'])
    .where('login', '=', input.login.trim().toLowerCase())
    .executeTakeFirst()
  if (person?.locked_until && person.locked_until > now) throw new AppError('auth.locked')
  const right = await passwordMatches(input.password, person?.password_hash ?? null)
  if (!person?.active || !right) {
    if (person) await countFailure(db, person, now)
    throw new AppError('auth.wrong')
  }
  const token = await db.transaction().execute(async trx => {
    await trx
      .updateTable('person')
      .set({ failed_logins: 0, locked_until: null })
      .where('id', '=', person.id)
      .execute()
    return openSession(trx, person.id, input.userAgent, now)
  })
  return { token, personId: person.id }
}

/** A session of someone whose identity is proved; returns the cookie's token, of which only the hash is kept. */
export async function openSession(
  trx: Trx,
  personId: number,
  userAgent: string | null,
  now: number,
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await trx.deleteFrom('session').where('expires_at', '<', now).execute()
  await trx
    .insertInto('session')
    .values({
      token_hash: hashOf(token),
      person_id: personId,
      created_at: now,
      seen_at: now,
      expires_at: now + ABSOLUTE_MS,
      user_agent: userAgent,
    })
    .execute()
  return token
}

async function countFailure(
  db: Db,
  person: { id: number; failed_logins: number },
  now: number,
): Promise<void> {
  const locks = person.failed_logins + 1 >= LOCK_AFTER
  await db
    .updateTable('person')
    .set(eb =>
      locks
        ? { failed_logins: 0, locked_until: now + LOCK_MS }
        : { failed_logins: eb('failed_logins', '+', 1) },
    )
    .where('id', '=', person.id)
    .execute()
}

/** The person of a living session, or null. `background`: asked by a page on its own, nobody need be there. */
export async function sessionPerson(
  db: Db,
  token: string,
  now: number,
  background = false,
): Promise<number | null> {
  const hash = hashOf(token)
  const row = await db.selectFrom('session').selectAll().where('token_hash', '=', hash).executeTakeFirst()
  if (!row || row.expires_at <= now || row.seen_at + IDLE_MS <= now) return null
  // Once a minute is enough to know that someone is still there.
  if (!background && now - row.seen_at > MINUTE)
    await db.updateTable('session').set({ seen_at: now }).where('token_hash', '=', hash).execute()
  return row.person_id
}

export async function logOut(db: Db, token: string): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', hashOf(token)).execute()
}

/** Ends every other session of the person. @throws AppError auth.wrong, auth.weakPassword. */
export async function changePassword(
  db: Db,
  personId: number,
  input: { old: string; new: string; token: string },
): Promise<void> {
  const person = await db
    .selectFrom('person')
    .select(['login', 'password_hash'])
    .where('id', '=', personId)
    .executeTakeFirstOrThrow()
  if (!(await passwordMatches(input.old, person.password_hash)))
    throw new AppError('auth.wrong', { message: '原密码不对。' })
  if (input.new === input.old)
    throw new AppError('auth.weakPassword', { message: '新密码不能与原密码相同。' })
  requireStrongPassword(input.new, person.login)
  const password_hash = await hashPassword(input.new)
  await db.transaction().execute(async trx => {
    await trx
      .updateTable('person')
      .set(eb => ({ password_hash, must_change_password: 0, version: eb('version', '+', 1) }))
      .where('id', '=', personId)
      .execute()
    await trx
      .deleteFrom('session')
      .where('person_id', '=', personId)
      .where('token_hash', '!=', hashOf(input.token))
      .execute()
  })
}

/** First start: the token of a one-time link, or null where people exist. A new start replaces the link before. */
export async function makeSetupLink(trx: Trx, now: number): Promise<string | null> {
  const anyone = await trx.selectFrom('person').select('id').limit(1).executeTakeFirst()
  if (anyone) return null
  const token = randomBytes(24).toString('base64url')
  await trx.deleteFrom('setup_link').execute()
  await trx
    .insertInto('setup_link')
    .values({ token_hash: hashOf(token), created_at: now, used_at: null })
    .execute()
  return token
}

/** @throws AppError setup.used. */
export async function requireSetupLink(db: Db, token: string): Promise<void> {
  const row = await db
    .selectFrom('setup_link')
    .select('used_at')
    .where('token_hash', '=', hashOf(token))
    .executeTakeFirst()
  if (!row || row.used_at !== null) throw new AppError('setup.used')
}

/** @throws AppError setup.used where someone else was quicker. */
export async function useSetupLink(trx: Trx, token: string, now: number): Promise<void> {
  const rows = await trx
    .updateTable('setup_link')
    .set({ used_at: now })
    .where('token_hash', '=', hashOf(token))
    .where('used_at', 'is', null)
    .returning('token_hash')
    .execute()
  if (!rows.length) throw new AppError('setup.used')
}
