import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unzipSync } from 'fflate'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WARCParser } from 'warcio'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import { findBrowser } from '../../../api/evidence/browser.ts'
import { captureDue } from '../../../api/evidence/capture.ts'
import { addPage, preparePage } from '../../../api/evidence/pages.ts'
import { evidenceOfSlip, verifyManifests } from '../../../api/evidence/store.ts'
import { postKey, recordPosts } from '../../../api/posts/store.ts'
import { Lexicon } from '../../../api/rules/lexicon.ts'
import { followEvidence } from '../../../api/slips/follow-evidence.ts'
import type { RawPost } from '../../../pipeline/post.ts'
import { startPageHost } from '../../replica/page-host.ts'
import { type TestContext, testContext } from '../context.ts'

const HTML = '<html><meta charset="utf-8"><h1>武进湖塘化工厂氨气泄漏</h1><p>刺鼻气味很重，求查处。</p></html>'

let test: TestContext
let host: Awaited<ReturnType<typeof startPageHost>>
let browser: Browser
beforeAll(async () => {
  test = await testContext(Date.parse('2026-11-20T09:10+08:00'))
  host = await startPageHost(HTML)
  browser = await chromium.launch({
    executablePath: (await findBrowser(test.context.config)) as string,
    args: ['--no-sandbox', '--disable-background-networking'],
  })
})
afterAll(async () => {
  await browser.close()
  await host.close()
  await test.close()
})

const rawPost = (now: number): RawPost => ({
  source: 'zhongwu',
  key: '1',
  url: host.url,
  kind: 'thread',
  parent: null,
  floor: 1,
  board: '百姓呼声',
  title: '武进湖塘化工厂氨气泄漏',
  author: { id: '7', name: '湖塘小马' },
  text: '武进湖塘化工厂半夜氨气泄漏，刺鼻气味很重，求有关部门查处。',
  quote: null,
  images: [],
  publishedAt: new Date(now - 3_600_000).toISOString(),
  publishedPrecision: 'minute',
  publishedRaw: '1 小时前',
  seenAt: new Date(now).toISOString(),
  counts: { views: 10, replies: 0, reposts: null, likes: null },
  place: null,
  state: 'visible',
})

/** Stored as the crawl stores it: posts, page, headers and what was read in one transaction. */
async function storedPost(): Promise<number> {
  const { context, clock } = test
  const raw = rawPost(clock.now)
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip', server: 'nginx' }
  const received = {
    url: host.url,
    status: 200,
    headers,
    body: Buffer.from(HTML),
    receivedAt: new Date(clock.now).toISOString(),
  }
  const page = await preparePage(context.blobs, received, [raw])
  const id = await context.db.transaction().execute(async trx => {
    const { ids } = await recordPosts(trx, [raw])
    const postId = ids.get(postKey('zhongwu', '1')) as number
    await addPage(trx, page, postId)
    return postId
  })
  await analyseWaiting(context, await new Lexicon(context).current())
  return id
}

async function makeSlip(postId: number): Promise<{ id: number; version: number }> {
  const answer = await test.as('duty')(
    'POST',
    '/api/slips',
    { postIds: [postId], foundHow: 'monitor', topic: '安全生产' },
    { 'idempotency-key': 'package-test-1' },
  )
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

/** Unpacks the ZIP and opens its page from disk, with no server anywhere. */
async function checked(files: Record<string, Uint8Array>): Promise<string[]> {
  const folder = join(mkdtempSync(join(tmpdir(), 'yuqing-package-')), 'case')
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  const page = await browser.newPage()
  await page.goto(pathToFileURL(join(folder, '校验.html')).href)
  await page.locator('#chain li').first().waitFor()
  await page.locator('#folder').setInputFiles(folder)
  await page.locator('#files li').first().waitFor()
  const lines = await page.locator('li').allTextContents()
  await page.close()
  return lines
}

describe('the evidence package of a case', () => {
  let slip: { id: number; version: number }
  let files: Record<string, Uint8Array>

  it('page, headers, what was read and pictures become the case’s own, each once', async () => {
    const { context } = test
    const postId = await storedPost()
    await followEvidence(context)
    expect(await captureDue(context)).toBe(1)
    slip = await makeSlip(postId)
    for (let again = 0; again < 3; again++) await followEvidence(context)
    expect(await captureDue(context)).toBe(1)
    expect(await captureDue(context)).toBe(0)
    const names = (await evidenceOfSlip(context.db, slip.id)).map(({ kind, fileName }) =>
      (fileName ?? kind).replace(/-\d+\.png$/, ''),
    )
    expect(names.sort()).toEqual(['headers', 'page', 'posts', '填报时截图', '提示时截图'].sort())
  })

  it('every act names the evidence that stood then; `verify` finds a row taken away', async () => {
    const { db } = test.context
    const answer = await test.as('duty')('POST', `/api/slips/${slip.id}/actions/submit`, {
      version: slip.version,
    })
    expect(answer.statusCode, answer.body).toBe(200)
    expect(await verifyManifests(db)).toEqual({ manifests: 1, problems: [] })
    const [row] = await evidenceOfSlip(db, slip.id)
    const move = (slipId: number | null) =>
      db
        .updateTable('evidence')
        .set({ slip_id: slipId })
        .where('id', '=', row?.id ?? 0)
        .execute()
    await move(null)
    expect((await verifyManifests(db)).problems).toEqual([
      `处理单 ${slip.id} 第2步的证据清单与现存证据不符。`,
    ])
    await move(slip.id)
  })

  it('is for 办公室, logged (S-38), and verifies itself from disk', async () => {
    const url = `/api/slips/${slip.id}/package.zip`
    expect((await test.as('duty')('GET', url)).statusCode).toBe(403)
    const answer = await test.as('office')('GET', url)
    expect(answer.statusCode).toBe(200)
    files = unzipSync(answer.rawPayload)
    expect(await checked(files)).toEqual([
      expect.stringMatching(/^✓ 审计链 2 条、证据清单 5 件，全部完好/),
      expect.stringMatching(/^✓ 文件 8 个，全部完好/),
    ])
    const logged = await test.context.db
      .selectFrom('audit_entry')
      .select('action')
      .where('case_id', '=', 'exports')
      .execute()
    expect(logged).toEqual([{ action: 'export.package' }])
  })

  it('names a flipped byte, a missing file, a changed act', async () => {
    const path = Object.keys(files).find(name => name.endsWith('.page.txt')) as string
    const flipped = Buffer.from(files[path] as Uint8Array)
    flipped.writeUInt8(flipped.readUInt8(3) ^ 1, 3)
    expect(await checked({ ...files, [path]: flipped })).toContain(`✗ ${path} 被改动`)
    const { [path]: _, ...missing } = files
    expect(await checked(missing)).toContain(`✗ ${path} 缺失`)
    const page = Buffer.from(files['校验.html'] as Uint8Array).toString('utf8')
    const forged = Buffer.from(page.replace('"submit"', '"approve"'))
    expect((await checked({ ...files, '校验.html': forged }))[0]).toBe('✗ 审计链第 2 条被改动或缺少前一条')
  })

  it('holds a WARC with the page as received and its pictures', async () => {
    const records: [string | null, string | null, string][] = []
    for await (const record of new WARCParser([files['evidence.warc.gz'] as Uint8Array])) {
      const body = Buffer.from(await record.readFully(false)).toString('utf8')
      records.push([record.warcType ?? null, record.warcTargetURI ?? null, body.slice(0, 20)])
    }
    expect(records.map(([type]) => type)).toEqual(['warcinfo', 'response', 'resource', 'resource'])
    expect(records[1]).toEqual(['response', host.url, HTML.slice(0, 20)])
  })
})
