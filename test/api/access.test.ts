import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../api/analysis-job.ts'
import { recordPosts } from '../../api/posts/store.ts'
import { createPipeline } from '../../pipeline/run.ts'
import { type TestContext, testContext } from './context.ts'
import { rawPost } from './posts/raw-post.ts'

/** Stands in the post, its title, its author, the slip and its reply: whoever sees it has seen case content. */
const MARK = '𠮷辨识字'

interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  url: string
}

let test: TestContext
let routes: Route[]
let slipId: number

beforeAll(async () => {
  test = await testContext()
  const { context } = test
  const seenAt = new Date(test.clock.now).toISOString()
  const { ids } = await context.db.transaction().execute(trx =>
    recordPosts(trx, [
      rawPost('1', {
        source: 'zhongwu',
        title: `${MARK}化工厂氨气泄漏`,
        author: { id: '1', name: MARK },
        text: `武进湖塘化工厂半夜氨气泄漏，刺鼻气味很重，求有关部门查处。${MARK}`,
        seenAt,
        publishedAt: new Date(test.clock.now - 3_600_000).toISOString(),
      }),
    ]),
  )
  await analyseWaiting(context, createPipeline({ configDir: context.config.configDir }))
  const created = await test.as('duty')(
    'POST',
    '/api/slips',
    { postIds: [...ids.values()], foundHow: 'monitor' },
    { 'idempotency-key': 'access-test' },
  )
  expect(created.statusCode, created.body).toBeLessThan(300)
  slipId = created.json().id
  const { paths } = (await test.app.inject('/api/openapi.json')).json() as {
    paths: Record<string, Record<string, unknown>>
  }
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => ({
      method: method.toUpperCase() as Route['method'],
      url: path.replace('{token}', 'x').replace(/\{\w+\}/g, '1'),
    })),
  )
})
afterAll(() => test.close())

const PUBLIC = ['GET /api/session', 'POST /api/session', 'GET /api/setup/x', 'POST /api/setup']

describe('who may call what', () => {
  it('there is a case, and the desk sees it', async () => {
    const duty = test.as('duty')
    expect((await duty('GET', `/api/slips/${slipId}`)).body).toContain(MARK)
    expect((await duty('GET', '/api/posts')).body).toContain(MARK)
  })

  it('without a session every route but logging in and setting up answers 401', async () => {
    expect(routes.length).toBeGreaterThan(40)
    const headers = { origin: 'http://localhost:80', host: 'localhost:80' }
    for (const { method, url } of routes) {
      if (PUBLIC.includes(`${method} ${url}`)) continue
      const answer = await test.app.inject({ method, url, headers })
      expect(answer.statusCode, `${method} ${url}`).toBe(401)
    }
  })

  it('the administrator sees nothing of a case, by no route', async () => {
    const admin = test.as('admin')
    const streams = (url: string) => url.endsWith('/stream') || url.endsWith('/events')
    let answered = 0
    for (const { method, url } of routes) {
      if (method !== 'GET' || streams(url)) continue
      const answer = await admin('GET', url)
      expect(answer.body, url).not.toContain(MARK)
      expect(decodeURIComponent(JSON.stringify(answer.headers).replaceAll('%"', '"')), url).not.toContain(
        MARK,
      )
      if (answer.statusCode === 200) answered++
    }
    expect(answered).toBeGreaterThan(5)
  })

  it('nor changes anything of it', async () => {
    const admin = test.as('admin')
    const casework = routes.filter(
      ({ method, url }) =>
        method !== 'GET' && /^\/api\/(slips|posts|triage|uploads|evidence|tasks|deadlines)/.test(url),
    )
    expect(casework.length).toBeGreaterThan(5)
    const before = await test.context.db.selectFrom('slip').selectAll().execute()
    for (const { method, url } of casework)
      expect((await admin(method, url, {})).statusCode, `${method} ${url}`).toBe(403)
    expect(await test.context.db.selectFrom('slip').selectAll().execute()).toEqual(before)
  })
})
