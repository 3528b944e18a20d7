import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { buildApp } from '../../api/app.ts'
import { readConfig } from '../../api/config.ts'
import { type Context, openContext } from '../../api/context.ts'
import type { Database } from '../../api/db/open.ts'
import { shanghaiDay } from '../../api/deadline.ts'
import { SESSION_COOKIE } from '../../api/people/session-routes.ts'
import { openSession } from '../../api/people/sessions.ts'
import { addDemoPeople, type DemoPerson } from '../replica/demo-people.ts'

/** How far a test's clock may go on before a person signs in again; under the idle limit. */
const SESSION_MS = 90 * 60_000

export interface TestContext {
  context: Context
  app: FastifyInstance
  people: DemoPerson[]
  /** Epoch ms that the program takes for now; move it as needed. */
  clock: { now: number }
  /** Calls the API signed in as that login name (roles: test/replica/demo-people.ts). */
  as(
    login: string,
  ): (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
    headers?: Record<string, string>,
  ) => Promise<LightMyRequestResponse>
  /** Session cookie of that person, for calls over a real connection. */
  cookie(login: string): Promise<string>
  close(): Promise<void>
}

/** The real program on a fresh embedded profile in a temporary folder, one person per role, a clock to move. */
export async function testContext(
  now = Date.parse('2019-05-20T01:10:00Z'),
  options: {
    people?: boolean
    env?: Record<string, string>
    /** Another database than SQLite in that folder. */
    open?: (folder: string) => Database | Promise<Database>
  } = {},
): Promise<TestContext> {
  const folder = await mkdtemp(join(tmpdir(), 'yuqing-test-'))
  const clock = { now }
  const config = readConfig({ DATA_DIR: folder, PORT: '0', ...options.env })
  const context = await openContext(config, {
    now: () => clock.now,
    log: pino({ level: 'silent' }),
    ...(options.open && { database: await options.open(folder) }),
  })
  const platforms = [{ id: 'zhongwu', accountName: '常州市应急管理局', uid: '1001' }]
  const people =
    options.people === false
      ? []
      : await context.db.transaction().execute(trx => addDemoPeople(trx, platforms, shanghaiDay(now), now))
  const app = await buildApp(context)
  const cookies = new Map<string, string>()
  let since = now
  const origin = { origin: 'http://localhost:80', host: 'localhost:80' }

  async function cookieOf(login: string): Promise<string> {
    // A clock moved far ends sessions. Opened without the password: hashing it is what logging in costs.
    if (clock.now < since || clock.now >= since + SESSION_MS) {
      cookies.clear()
      since = clock.now
    }
    const known = cookies.get(login)
    if (known) return known
    const person = await context.db
      .selectFrom('person')
      .select('id')
      .where('login', '=', login)
      .executeTakeFirstOrThrow()
    const token = await context.db.transaction().execute(trx => openSession(trx, person.id, null, clock.now))
    const cookie = `${SESSION_COOKIE}=${token}`
    cookies.set(login, cookie)
    return cookie
  }

  return {
    context,
    app,
    people,
    clock,
    as: login => async (method, url, body, headers) =>
      app.inject({
        method,
        url,
        headers: { ...origin, cookie: await cookieOf(login), ...headers },
        ...(body && { payload: body }),
      }),
    cookie: cookieOf,
    async close() {
      await app.close()
      await context.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A picture (PNG, 1 x 1) uploaded through the API, to be named in an act. */
export async function uploadedPicture(test: TestContext): Promise<{ sha256: string; fileName: string }> {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const boundary = 'picture-boundary'
  const answer = await test.app.inject({
    method: 'POST',
    url: '/api/uploads',
    headers: {
      origin: 'http://localhost:80',
      host: 'localhost:80',
      cookie: await test.cookie('office'),
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    payload: Buffer.concat([
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="p.png"\r\ncontent-type: image/png\r\n\r\n`,
      ),
      png,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  })
  return answer.json()
}
