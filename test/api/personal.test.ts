import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../api/analysis-job.ts'
import { readAudit, verifyAudit } from '../../api/audit.ts'
import { addBlob, addEvidence, putBlob } from '../../api/evidence/store.ts'
import { personList } from '../../api/people/store.ts'
import type { PostDetail } from '../../api/posts/routes.ts'
import { recordPosts } from '../../api/posts/store.ts'
import { findPersonal } from '../../pipeline/personal.ts'
import { createPipeline } from '../../pipeline/run.ts'
import { type TestContext, testContext } from './context.ts'
import { rawPost } from './posts/raw-post.ts'

const NAME = '湖畔听雨人'
const UID = '90714455'
const PHONE = '13812345678'
const TEXT = `武进湖塘化工厂半夜氨气泄漏，刺鼻气味很重，联系人：周建国，电话${PHONE}，求有关部门查处。`
/** Everyone who works on content, and the administrator. */
const LOGINS = ['duty', 'office', 'leader', 'chief', 'discipline', 'admin']

let test: TestContext
let id: number
let slipId: number

beforeAll(async () => {
  test = await testContext()
  const { context } = test
  const seen = (at: number) => new Date(test.clock.now - at).toISOString()
  const said = (key: string, text: string, seenAt: string) =>
    rawPost(key, {
      source: 'zhongwu',
      title: `化工厂氨气泄漏 ${PHONE}`,
      author: { id: UID, name: NAME },
      text,
      quote: `我的号码 ${PHONE}`,
      poll: { voters: 3, options: [{ text: `打 ${PHONE}`, votes: 3 }] },
      attachments: [{ name: `登记 ${PHONE}.doc`, url: null }],
      seenAt,
      publishedAt: seen(7_200_000),
    })
  const { ids } = await context.db
    .transaction()
    .execute(trx => recordPosts(trx, [said('1', `${TEXT}急！`, seen(3_600_000)), said('2', TEXT, seen(0))]))
  await context.db.transaction().execute(trx => recordPosts(trx, [said('1', TEXT, seen(0))]))
  await analyseWaiting(context, createPipeline({ configDir: context.config.configDir }))
  id = ids.get('zhongwu\n1') as number
  const created = await test.as('duty')(
    'POST',
    '/api/slips',
    { postIds: [ids.get('zhongwu\n2')], foundHow: 'monitor' },
    { 'idempotency-key': 'personal-test' },
  )
  expect(created.statusCode, created.body).toBeLessThan(300)
  slipId = created.json().id
  await test.as('duty')('POST', '/api/events', { postIds: [...ids.values()] })
})
afterAll(() => test.close())

const shown = async (login: string) =>
  (await test.as(login)('GET', `/api/posts/${id}`)).json() as PostDetail & { message?: string }

describe('S-38 personal data', () => {
  it('is found in what the posts say, so that what follows can fail', () => {
    expect(findPersonal(TEXT).map(({ kind }) => kind)).toEqual(['name', 'mobile'])
  })

  it('stands unmasked in no answer of any route that only reads, for anyone', async () => {
    const { paths } = (await test.app.inject('/api/openapi.json')).json() as {
      paths: Record<string, Record<string, unknown>>
    }
    const urls = Object.keys(paths)
      .filter(path => paths[path]?.get && !/stream|\/evidence|openapi|\.(pdf|docx|xlsx|zip)$/.test(path))
      .map(path => path.replace('/posts/{id}', `/posts/${id}`).replace('/slips/{id}', `/slips/${slipId}`))
      .map(path => path.replace(/\{\w+\}/g, '1'))
    const asked = [...urls, `/api/posts?text=${PHONE}`, '/api/triage?view=new', '/api/trends/posts']
    let answered = 0
    for (const login of LOGINS)
      for (const url of asked) {
        const answer = await test.as(login)('GET', url)
        if (answer.statusCode !== 200) continue
        answered++
        // What staff edit of a slip is as they wrote it, or an edit would save the stars.
        const body =
          url === `/api/slips/${slipId}`
            ? JSON.stringify({ ...answer.json(), title: null, summary: null })
            : answer.body
        for (const told of [NAME, UID, PHONE, '周建国'])
          expect(body.includes(told), `${login} ${url} ${told}`).toBe(false)
      }
    expect(answered).toBeGreaterThan(60)
  })

  it('stands unmasked on no form that is printed for circulation', async () => {
    const answer = await test.as('office')('GET', `/api/slips/${slipId}/form.docx`)
    const files = Object.values(unzipSync(answer.rawPayload)).map(bytes => strFromU8(bytes))
    for (const told of [NAME, UID, PHONE, '周建国'])
      expect(files.filter(text => text.includes(told)).length, told).toBe(0)
    expect(files.join('')).toContain('138****5678')
  })

  it('is masked on the page of a post, with what was flagged still marked', async () => {
    const post = await shown('duty')
    expect(post).toMatchObject({ author: '湖***', authorId: null, masked: true, mayReveal: true })
    expect(post.text).toContain('联系人：周**，电话138****5678')
    expect(post.text).toHaveLength(TEXT.length)
    expect(post.revisions.map(({ text }) => text.includes('138****5678'))).toEqual([true, true])
    const spans = post.analysis?.reasons.flatMap(({ spans }) => spans) ?? []
    expect(spans.length).toBeGreaterThan(0)
    expect(await shown('discipline')).toMatchObject({ author: '湖***', masked: true, mayReveal: false })
  })

  it('the page as received is for the same people, and leaves the same trace', async () => {
    const { context, clock } = test
    const blob = await putBlob(context.blobs, Buffer.from(`<html>${NAME} ${TEXT}</html>`), 'text/html')
    const evidence = await context.db.transaction().execute(async trx => {
      await addBlob(trx, blob, clock.now)
      return addEvidence(trx, { kind: 'page', sha256: blob.sha256, url: null, postId: id, at: clock.now })
    })
    const url = `/api/evidence/${evidence}`
    expect((await test.as('discipline')('GET', url)).statusCode).toBe(403)
    const before = (await readAudit(context.db, 'reading', `post:${id}`)).length
    expect((await test.as('staff')('GET', url)).body).toContain(NAME)
    const trace = (await readAudit(context.db, 'reading', `post:${id}`)).slice(before)
    expect(trace.map(({ detail }) => detail)).toEqual([{ evidence }])
  })

  it('is read in full by whoever handles or decides, and each reading leaves a trace', async () => {
    const reveal = (login: string) => test.as(login)('POST', `/api/posts/${id}/reveal`)
    const full = (await reveal('duty')).json() as PostDetail
    expect(full).toMatchObject({ author: NAME, authorId: UID, text: TEXT, masked: false })
    expect(full.quote).toContain(PHONE)
    expect(full.poll?.options[0]?.text).toContain(PHONE)
    expect((await reveal('leader')).statusCode).toBe(200)
    for (const login of ['discipline', 'admin']) expect((await reveal(login)).statusCode, login).toBe(403)
    const refused = await reveal('discipline')
    expect(refused.json().message).toMatch(/[一-龥]/)
    const trace = (await readAudit(test.context.db, 'reading', `post:${id}`)).slice(-2)
    const people = await personList(test.context.db)
    const idOf = (login: string) => people.find(each => each.login === login)?.id
    expect(trace.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['reveal', idOf('duty')],
      ['reveal', idOf('leader')],
    ])
    expect((await verifyAudit(test.context.db)).problems).toEqual([])
    expect((await test.as('duty')('POST', '/api/posts/999999/reveal')).statusCode).toBe(404)
    expect((await shown('duty')).author).toBe('湖***')
  })
})
