import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import type { IntakeAnswer, IntakeFile, IntakePreview } from '../../../api/intake/routes.ts'
import type { PostDetail } from '../../../api/posts/routes.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { type TestContext, testContext, uploadedPicture } from '../context.ts'

let test: TestContext
beforeAll(async () => {
  test = await testContext(Date.parse('2026-11-24T02:00:00Z'))
})
afterAll(() => test.close())

async function send(url: string, text: string, login = 'duty') {
  const boundary = 'table-boundary'
  return test.app.inject({
    method: 'POST',
    url,
    headers: {
      origin: 'http://localhost:80',
      host: 'localhost:80',
      cookie: await test.cookie(login),
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    payload: `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="t.csv"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n--${boundary}--\r\n`,
  })
}
const posts = async () => (await test.context.db.selectFrom('post').select('id').execute()).length
const detail = async (id: number): Promise<PostDetail> =>
  (await test.as('duty')('GET', `/api/posts/${id}`)).json()
const analyse = () =>
  analyseWaiting(test.context, createPipeline({ configDir: test.context.config.configDir }))

describe('one post by hand', () => {
  it('with link, words and screenshot; the same again is the same post, and a slip is made of it', async () => {
    const picture = await uploadedPicture(test)
    const body = {
      source: '抖音、小红书等',
      board: '抖音',
      url: 'https://www.douyin.com/video/73',
      author: '湖塘小马',
      text: '武进湖塘化工厂半夜氨气泄漏，刺鼻气味很重，求有关部门查处。',
      publishedAt: test.clock.now - 3_600_000,
      uploads: [picture],
    }
    const first = (await test.as('duty')('POST', '/api/intake/posts', body)).json()
    expect(first).toEqual({ id: expect.any(Number), added: true })
    const again = (await test.as('office')('POST', '/api/intake/posts', body)).json()
    expect(again).toEqual({ id: first.id, added: false })
    await analyse()
    expect(await detail(first.id)).toMatchObject({
      source: { id: 'short-video' },
      board: '抖音',
      author: '湖***',
      publishedPrecision: 'minute',
      flag: { state: 'open' },
      evidence: [{ kind: 'upload', fileName: 'p.png' }],
    })
    const slip = await test.as('duty')(
      'POST',
      '/api/slips',
      { postIds: [first.id], foundHow: 'public' },
      { 'idempotency-key': 'from-intake' },
    )
    expect(slip.statusCode, slip.body).toBeLessThan(300)
  })

  it('what can’t be is refused, and nothing is stored', async () => {
    const before = await posts()
    const body = { source: '电话', text: '有人来电反映' }
    for (const [over, said] of [
      [{ text: '   ' }, '请填写内容'],
      [{ url: 'javascript:alert(1)' }, '链接应以 http'],
      [{ publishedAt: test.clock.now + 86_400_000 }, '在将来'],
      [{ uploads: [{ sha256: 'a'.repeat(64), fileName: 'x.png' }] }, '没有上传成功'],
    ] as const)
      expect(
        (await test.as('duty')('POST', '/api/intake/posts', { ...body, ...over })).json().message,
      ).toContain(said)
    expect(await posts()).toBe(before)
    expect((await test.as('admin')('POST', '/api/intake/posts', body)).statusCode).toBe(403)
  })
})

describe('a table of posts', () => {
  const TABLE =
    '内容,发布时间,链接\n燃气管道漏气，常州新北三井,2026-11-23 09:30,\n,2026-11-23,\n消防通道被堵,下周,网址\n'

  it('previewed by row and column, without anything stored', async () => {
    const before = await posts()
    const preview: IntakePreview = (await send('/api/intake/preview?source=热线', TABLE)).json()
    expect(preview).toMatchObject({ form: 'csv', rows: 3, fresh: 1, known: 0, bad: 2 })
    expect(preview.problems.map(({ row, column }) => `${row}${column}`)).toEqual([
      '3内容',
      '4链接',
      '4发布时间',
    ])
    expect(preview.samples[0]).toMatchObject({ row: 2, text: '燃气管道漏气，常州新北三井' })
    expect(await posts()).toBe(before)
  })

  it('with mistakes it is taken in only where they are to be skipped; once each on repeated import', async () => {
    const before = await posts()
    const refused = await send('/api/intake/files?source=热线', TABLE)
    expect([refused.statusCode, refused.json().code, await posts()]).toEqual([409, 'intake.problems', before])
    const first: IntakeAnswer = (await send('/api/intake/files?source=热线&skipBad=true', TABLE)).json()
    expect(first).toEqual({ added: 1, known: 0, skipped: 2 })
    const again: IntakeAnswer = (await send('/api/intake/files?source=热线&skipBad=true', TABLE)).json()
    expect(again).toEqual({ added: 0, known: 1, skipped: 2 })
    expect(await posts()).toBe(before + 1)
    const files: IntakeFile[] = (await test.as('office')('GET', '/api/intake/files')).json()
    expect(files.map(({ source, added, skipped }) => [source, added, skipped])).toEqual([
      ['热线', 0, 2],
      ['热线', 1, 2],
    ])
  })

  it('texts from elsewhere are analysed without the local gate', async () => {
    const text = '郑州某化工厂发生氨气泄漏，已有多人送医，请有关部门查处。'
    const flagged = async (source: string, more: string) => {
      await send(`/api/intake/files?source=${source}${more}`, `内容\n${text}\n`)
      await analyse()
      const row = await test.context.db
        .selectFrom('analysis')
        .innerJoin('post', 'post.id', 'analysis.post_id')
        .innerJoin('source', 'source.id', 'post.source_id')
        .select(['analysis.flagged', 'post.anywhere'])
        .where('source.name', '=', source)
        .executeTakeFirstOrThrow()
      return [row.anywhere, row.flagged]
    }
    expect(await flagged('外地', '')).toEqual([0, 0])
    expect(await flagged('外地案例', '&anywhere=true')).toEqual([1, 1])
  })

  it('templates are files to download', async () => {
    for (const form of ['xlsx', 'csv']) {
      const answer = await test.as('duty')('GET', `/api/intake/template.${form}`)
      expect(answer.headers['content-disposition']).toContain('attachment')
      expect(answer.rawPayload.length).toBeGreaterThan(200)
    }
  })
})
