import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors.ts'

const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 << 20 }

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, 32, COST, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )

/** `scrypt$salt$key`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `scrypt$${salt.toString('base64url')}$${(await derive(password, salt)).toString('base64url')}`
}

/** Takes the same time whether or not there is a hash, so that a login name can't be guessed by the clock. */
export async function passwordMatches(password: string, hash: string | null): Promise<boolean> {
  const [, salt = 'AAAAAAAAAAAAAAAAAAAAAA', key = ''] = (hash ?? '').split('$')
  const derived = await derive(password, Buffer.from(salt, 'base64url'))
  const expected = Buffer.from(key, 'base64url')
  return expected.length === derived.length && timingSafeEqual(expected, derived)
}

/** 等保: eight or more, three of lower case, upper case, digits, signs; without the login name. @throws auth.weakPassword */
export function requireStrongPassword(password: string, login: string): void {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter(kind => kind.test(password)).length
  const holdsLogin = password.toLowerCase().includes(login.toLowerCase())
  if (password.length < 8 || password.length > 200 || kinds < 3 || holdsLogin)
    throw new AppError('auth.weakPassword')
}
