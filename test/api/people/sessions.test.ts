import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildApp } from '../../../api/app.ts'
import { SESSION_COOKIE } from '../../../api/people/session-routes.ts'
import { makeSetupLink } from '../../../api/people/sessions.ts'
import { type TestContext, testContext } from '../context.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const OWN = { origin: 'http://localhost:80', host: 'localhost:80' }

let test: TestContext
let app: FastifyInstance
const call = (options: InjectOptions): Promise<LightMyRequestResponse> =>
  app.inject({ ...options, headers: { ...OWN, ...options.headers } })
const post = (url: string, payload: object, headers: InjectOptions['headers'] = {}) =>
  call({ method: 'POST', url, payload, headers })
const passwordOf = (login: string) => test.people.find(person => person.login === login)?.password ?? ''
const logIn = (login: string, password = passwordOf(login)) => post('/api/session', { login, password })
const cookieOf = (answer: LightMyRequestResponse) => {
  const cookie = answer.cookies.find(({ name }) => name === SESSION_COOKIE)
  return `${SESSION_COOKIE}=${cookie?.value ?? ''}`
}
/** Any route that wants a session. */
const session = (cookie: string) => call({ method: 'GET', url: '/api/units', headers: { cookie } })
const codeOf = (answer: LightMyRequestResponse) => [answer.statusCode, answer.json().code]

beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
// A fresh app counts calls from nothing: the rate limit has a test of its own.
beforeEach(async () => {
  app = await buildApp(test.context)
})
afterEach(() => app.close())

describe('logging in', () => {
  it('gives a cookie that scripts cannot read and other sites do not send', async () => {
    const answer = await logIn('duty')
    expect(answer.statusCode).toBe(200)
    expect(answer.json().person).toMatchObject({ login: 'duty', roles: ['duty'] })
    const [cookie] = answer.cookies
    expect(cookie).toMatchObject({ name: SESSION_COOKIE, httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(String(cookie?.value).length).toBeGreaterThan(40)
    expect(answer.body).not.toContain(String(cookie?.value))
  })

  it('says the same for a wrong password and an unknown name', async () => {
    const [wrong, unknown] = [await logIn('duty', 'Falsch-123456'), await logIn('nobody', 'Falsch-123456')]
    expect(codeOf(wrong)).toEqual([401, 'auth.wrong'])
    expect(wrong.json()).toEqual(unknown.json())
  })

  it('five wrong ones lock for fifteen minutes, the right one too; then it opens', async () => {
    for (let i = 0; i < 5; i++) expect(codeOf(await logIn('staff', 'Falsch-123456'))[0]).toBe(401)
    expect(codeOf(await logIn('staff'))).toEqual([423, 'auth.locked'])
    expect((await logIn('head')).statusCode).toBe(200)
    test.clock.now += 15 * MINUTE - 1
    expect(codeOf(await logIn('staff'))).toEqual([423, 'auth.locked'])
    test.clock.now += 2
    expect((await logIn('staff')).statusCode).toBe(200)
  })

  it('a right one in between starts the count again', async () => {
    for (const password of ['x', 'x', 'x', 'x', passwordOf('head'), 'x', 'x', 'x', 'x'])
      await logIn('head', password)
    expect((await logIn('head')).statusCode).toBe(200)
  })

  it('is limited by address, whatever the name; so is guessing a setup link', async () => {
    expect((await logIn('duty')).headers['x-ratelimit-limit']).toBe('30')
    const answers: number[] = []
    for (let i = 0; i < 31; i++)
      answers.push((await call({ method: 'GET', url: `/api/setup/guess${i}` })).statusCode)
    expect(answers.slice(0, 30)).toEqual(Array(30).fill(410))
    expect(answers[30]).toBe(429)
  })
})

describe('a session', () => {
  it('ends after two hours without a request, not before', async () => {
    const cookie = cookieOf(await logIn('duty'))
    test.clock.now += 2 * HOUR - MINUTE
    expect((await session(cookie)).statusCode).toBe(200)
    test.clock.now += 2 * HOUR - MINUTE
    expect((await session(cookie)).statusCode).toBe(200)
    test.clock.now += 2 * HOUR
    expect(codeOf(await session(cookie))).toEqual([401, 'auth.required'])
  })

  it('is not kept alive by what a page asks for on its own', async () => {
    const cookie = cookieOf(await logIn('duty'))
    const polled = () => call({ method: 'GET', url: '/api/units', headers: { cookie, 'x-background': '1' } })
    for (let minutes = 0; minutes < 120; minutes += 7) {
      expect((await polled()).statusCode).toBe(200)
      test.clock.now += 7 * MINUTE
    }
    expect(codeOf(await polled())).toEqual([401, 'auth.required'])
    expect(codeOf(await session(cookie))).toEqual([401, 'auth.required'])
  })

  it('ends after twelve hours, however busy', async () => {
    const cookie = cookieOf(await logIn('duty'))
    for (let i = 0; i < 23; i++) {
      test.clock.now += 30 * MINUTE
      expect((await session(cookie)).statusCode).toBe(200)
    }
    test.clock.now += 30 * MINUTE
    expect((await session(cookie)).statusCode).toBe(401)
  })

  it('is not in the database as the cookie carries it', async () => {
    const cookie = cookieOf(await logIn('duty'))
    const rows = await test.context.db.selectFrom('session').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(cookie.split('=')[1])
  })

  it('ends by logging out, on this device only', async () => {
    const [one, two] = [cookieOf(await logIn('duty')), cookieOf(await logIn('duty'))]
    await call({ method: 'DELETE', url: '/api/session', headers: { cookie: one } })
    expect((await session(one)).statusCode).toBe(401)
    expect((await session(two)).statusCode).toBe(200)
  })

  it('ends everywhere else when the password changes', async () => {
    const [here, there] = [cookieOf(await logIn('finance')), cookieOf(await logIn('finance'))]
    const changed = await post(
      '/api/session/password',
      { old: passwordOf('finance'), new: 'Neu-Passwort-42' },
      { cookie: here },
    )
    expect(changed.statusCode).toBe(200)
    expect((await session(here)).statusCode).toBe(200)
    expect((await session(there)).statusCode).toBe(401)
    expect((await logIn('finance')).statusCode).toBe(401)
    expect((await logIn('finance', 'Neu-Passwort-42')).statusCode).toBe(200)
  })

  it('ends at once for who is switched off', async () => {
    const cookie = cookieOf(await logIn('liaison'))
    const admin = test.as('admin')
    const people = (await admin('GET', '/api/people')).json() as {
      id: number
      login: string
      version: number
    }[]
    const person = people.find(({ login }) => login === 'liaison')
    await admin('PATCH', `/api/people/${person?.id}`, { version: person?.version, active: false })
    expect((await session(cookie)).statusCode).toBe(401)
    expect(codeOf(await logIn('liaison'))).toEqual([401, 'auth.wrong'])
  })
})

describe('a password that someone else has set', () => {
  it('must be changed before anything else, into one that meets the rules', async () => {
    const admin = test.as('admin')
    const added = await admin('POST', '/api/people', {
      login: 'neuling',
      name: '新同志',
      unitId: 1,
      roles: ['duty'],
      password: 'Erstes-Wort-1',
    })
    expect(added.statusCode).toBe(200)
    const cookie = cookieOf(await logIn('neuling', 'Erstes-Wort-1'))
    const view = await call({ method: 'GET', url: '/api/session', headers: { cookie } })
    expect(view.json().session.mustChangePassword).toBe(true)
    for (const url of ['/api/triage', '/api/posts', '/api/slips', '/api/sources', '/api/units'])
      expect(codeOf(await call({ method: 'GET', url, headers: { cookie } })), url).toEqual([
        403,
        'auth.mustChangePassword',
      ])
    const change = (password: string) =>
      post('/api/session/password', { old: 'Erstes-Wort-1', new: password }, { cookie })
    for (const weak of ['Kurz-1', 'nurkleinbuchstaben', 'kleinund12345', 'Neuling-1234'])
      expect(codeOf(await change(weak)), weak).toEqual([400, 'auth.weakPassword'])
    expect(codeOf(await post('/api/session/password', { old: 'x', new: 'Ganz-Neu-77' }, { cookie }))).toEqual(
      [401, 'auth.wrong'],
    )
    expect((await change('Ganz-Neu-77')).statusCode).toBe(200)
    expect((await call({ method: 'GET', url: '/api/units', headers: { cookie } })).statusCode).toBe(200)
  })
})

describe('a change', () => {
  it('must come from a page of ours', async () => {
    const cookie = cookieOf(await logIn('duty'))
    const change = (headers: Record<string, string>) =>
      app.inject({ method: 'DELETE', url: '/api/session', headers: { cookie, ...headers } })
    for (const headers of [
      { host: 'localhost:80' },
      { host: 'localhost:80', origin: 'null' },
      { host: 'localhost:80', origin: 'https://evil.example' },
      { host: 'localhost:80', origin: 'http://localhost:81' },
      { host: 'localhost:80', origin: 'http://localhost.evil.example' },
    ])
      expect(codeOf(await change(headers)), JSON.stringify(headers)).toEqual([403, 'request.origin'])
    expect((await session(cookie)).statusCode).toBe(200)
    expect((await change({ host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' })).statusCode).toBe(200)
  })
})

describe('the setup link', () => {
  const body = (token: string) => ({
    token,
    admin: { login: 'chefadmin', name: '管理员', password: 'Sehr-Geheim-1' },
    office: { login: 'buero', name: '办公室', password: 'Sehr-Geheim-2' },
  })

  it('is not made where people exist', async () => {
    expect(await test.context.db.transaction().execute(trx => makeSetupLink(trx, test.clock.now))).toBeNull()
    expect(codeOf(await post('/api/setup', body('erfunden')))).toEqual([410, 'setup.used'])
  })

  it('works once, for the last start only, and makes nobody where it fails half-way', async () => {
    const fresh = await testContext(undefined, { people: false })
    const { db } = fresh.context
    const link = () => db.transaction().execute(trx => makeSetupLink(trx, fresh.clock.now))
    const setUp = (token: string, over = {}) =>
      fresh.app.inject({
        method: 'POST',
        url: '/api/setup',
        headers: OWN,
        payload: { ...body(token), ...over },
      })
    try {
      const [old, token] = [String(await link()), String(await link())]
      expect(codeOf(await setUp(old))).toEqual([410, 'setup.used'])
      const weak = await setUp(token, { office: { login: 'buero', name: '办公室', password: 'schwach' } })
      expect(codeOf(weak)).toEqual([400, 'auth.weakPassword'])
      expect(await db.selectFrom('person').select('id').execute()).toEqual([])
      const results = await Promise.all([setUp(token), setUp(token)])
      expect(results.map(({ statusCode }) => statusCode).sort()).toEqual([200, 410])
      expect(await db.selectFrom('person').select(['login']).orderBy('login').execute()).toEqual([
        { login: 'buero' },
        { login: 'chefadmin' },
      ])
      expect(await link()).toBeNull()
    } finally {
      await fresh.close()
    }
  })
})

describe('every page', () => {
  it('comes under a content policy that lets nothing in from elsewhere', async () => {
    for (const url of ['/', '/slips/1', '/healthz', '/api/session']) {
      const { headers } = await call({ method: 'GET', url })
      const policy = String(headers['content-security-policy'])
      for (const part of [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
      ])
        expect(policy, url).toContain(part)
      expect(policy, url).not.toMatch(/unsafe-(inline|eval)|\*|https?:/)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('no-referrer')
    }
  })
})
