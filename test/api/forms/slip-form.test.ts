import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import PizZip from 'pizzip'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { docxToPdf, findOffice } from '../../../api/print/pdf.ts'
import { type TestContext, testContext } from '../context.ts'

const at = (text: string) => Date.parse(`${text}+08:00`)
const CHEMICALS = 2
const LONG = '武进区湖塘镇某化工厂夜间排放刺鼻气味，附近居民反映头晕、咽喉不适，孩子无法开窗睡觉。'.repeat(14)

let test: TestContext
let threads = 0
beforeAll(async () => {
  test = await testContext(at('2019-05-20T09:10'))
})
afterAll(() => test.close())

interface Slip {
  id: number
  version: number
  texts: { id: number; hash: string }[]
  entries: { id: number }[]
}

async function create(title: string, text: string): Promise<Slip> {
  const manual = {
    platform: '化龙巷',
    board: '龙城茶座',
    // Each another page: the same one on an open slip would ask for a reason (S-9).
    url: `https://www.hualongxiang.com/chazuo/${14162162 + ++threads}`,
    author: '龙城老李',
    title,
    text,
    publishedAt: test.clock.now - 3_600_000,
    publishedPrecision: 'minute',
    uploads: [],
  }
  const answer = await test.as('duty')(
    'POST',
    '/api/slips',
    {
      postIds: [],
      manual: [manual],
      foundHow: 'public',
      topic: '安全生产',
      summary: text,
      phone: '13812345678',
    },
    { 'idempotency-key': `form-${title.length}-${Math.random().toString(36).slice(2)}` },
  )
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

async function go(login: string, slip: Slip, action: string, body: object = {}): Promise<Slip> {
  const url = `/api/slips/${slip.id}/actions/${action}`
  const answer = await test.as(login)('POST', url, { version: slip.version, ...body })
  expect(answer.statusCode, `${action}: ${answer.body}`).toBe(200)
  return answer.json()
}

async function judged(title: string, text: string, level: string, more: object = {}): Promise<Slip> {
  const slip = await go('duty', await create(title, text), 'submit')
  return go('office', slip, 'judge', {
    level,
    ground: '涉及危险化学品，多人反映。',
    leadUnitId: CHEMICALS,
    ...more,
  })
}

/** Written, approved and posted. */
async function answered(start: Slip, body: string): Promise<Slip> {
  let slip = await go('staff', start, 'saveText', { purpose: 'reply', body, mode: 'public' })
  const { id, hash } = slip.texts.at(-1) as Slip['texts'][number]
  slip = await go('staff', slip, 'sendForReview', { textId: id })
  slip = await go('leader', slip, 'approve', { textId: id, textHash: hash, opinion: '同意' })
  return go('staff', slip, 'recordReply', {
    entryId: slip.entries[0]?.id,
    textId: id,
    accountId: 1,
    mode: 'public',
    url: `https://www.hualongxiang.com/chazuo/${14162162 + threads}#${id}`,
    repliedAt: test.clock.now,
  })
}

const wordsOf = (docx: Buffer): string =>
  new PizZip(docx)
    .file('word/document.xml')
    ?.asText()
    .replace(/<w:br\/>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&amp;', '&') ?? ''

async function docxOf(slip: Slip, query = ''): Promise<Buffer> {
  const answer = await test.as('office')('GET', `/api/slips/${slip.id}/form.docx${query}`)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.rawPayload
}

/** Pages of the PDF as LibreOffice lays them out, each as its words without white space. */
async function pagesOf(docx: Buffer): Promise<string[]> {
  const file = join(mkdtempSync(join(tmpdir(), 'yuqing-form-')), 'form.pdf')
  writeFileSync(file, await docxToPdf(test.context.config, docx))
  const done = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
  expect(done.status, done.stderr).toBe(0)
  return done.stdout
    .split('\f')
    .slice(0, -1)
    .map(page => page.replace(/\s+/g, ''))
}

describe('附件1 处理单 (requirements §3.1, S-7, S-34)', () => {
  it('prints what is known, "/" where the level has no such row, nothing where it is still open', async () => {
    const slip = await judged('湖塘化工厂异味', '夜里有刺鼻气味。电话 13912345678。', 'general')
    const words = wordsOf(await docxOf(slip))
    expect(words).toContain('☑一般性　□较大、复杂性　□重大、影响全局性')
    expect(words).toContain('时限：2019年5月22日 24时')
    expect(words).toContain('编号：YQ〔2019〕')
    expect(words).toMatch(/主要领导意见\//)
    expect(words).toMatch(/分管领导意见签名：/)
    expect(words).toMatch(/上报情况\//)
  })

  it('masks netizens in print (S-38)', async () => {
    const slip = await judged('湖塘化工厂异味二', '联系 13912345678，身份证 320402198001011234。', 'general')
    const words = wordsOf(await docxOf(slip))
    expect(words).toContain('龙***')
    expect(words).not.toContain('龙城老李')
    expect(words).not.toContain('13912345678')
    expect(words).not.toContain('320402198001011234')
  })

  it('a long text goes to 附页 whole; markup in a text stays text', async () => {
    const slip = await judged('异味<b>&"三"</b>', `${LONG}<script>alert(1)</script>`, 'complex')
    const words = wordsOf(await docxOf(slip))
    expect(words).toContain('（全文见附页）')
    expect(words).toContain(`${LONG}&lt;script&gt;alert(1)&lt;/script&gt;`)
    expect(words).toContain('异味&lt;b&gt;')
  })

  it('with history, every act is on the 办理记录', async () => {
    const slip = await judged('湖塘化工厂异味四', '夜里有刺鼻气味。', 'general')
    expect(wordsOf(await docxOf(slip))).not.toContain('办理记录')
    const words = wordsOf(await docxOf(slip, '?history=true'))
    for (const label of ['填报', '提交研判', '研判']) expect(words).toContain(label)
  })

  it('a voided slip says so on its face, with the reason (S-36)', async () => {
    let slip = await judged('湖塘化工厂异味五', '夜里有刺鼻气味。', 'general')
    slip = await go('office', slip, 'void', { reason: '与前单重复' })
    expect(wordsOf(await docxOf(slip))).toContain('【已作废】与前单重复')
  })

  it('a further round keeps the answer of the first on the form, and has its own on 附页', async () => {
    let slip = await judged('湖塘化工厂异味八', '夜里有刺鼻气味。', 'general')
    slip = await answered(slip, '您好，已责令整改。')
    const { now } = test.clock
    slip = await go('office', slip, 'openRound', { foundAt: now, reason: '网民再次追问' })
    expect(wordsOf(await docxOf(slip))).toMatch(/回复情况账号：常州市应急管理局/)
    slip = await answered(slip, '您好，复查已达标。')
    const words = wordsOf(await docxOf(slip))
    expect(words.match(/回复：账号：/g)).toHaveLength(1)
    expect(words).toContain('第2轮回应')
    expect(words.indexOf('您好，已责令整改。')).toBeLessThan(words.indexOf('附页'))
    expect(words.indexOf('您好，复查已达标。')).toBeGreaterThan(words.indexOf('附页'))
  })

  it('a template that the bureau broke is named, not half printed', async () => {
    const { fillTemplate } = await import('../../../api/print/docx.ts')
    expect(() => fillTemplate(tmpdir(), '没有.docx', {})).toThrow(/表单模板「没有.docx」有误/)
  })

  it('is one A4 page; overflow adds 附页 and nothing is cut', async () => {
    expect(findOffice(test.context.config), 'LibreOffice (setup.mjs --browser brings it)').not.toBeNull()
    const short = await judged('湖塘化工厂异味六', '夜里有刺鼻气味。', 'major', {
      dueAt: at('2019-05-21T18:00'),
      order: '省厅要求 21 日前回复',
    })
    expect(await pagesOf(await docxOf(short))).toHaveLength(1)
    const long = await judged('湖塘化工厂异味七', LONG, 'complex')
    const [first, ...rest] = await pagesOf(await docxOf(long))
    expect(first).toContain('（全文见附页）')
    expect(first).toContain('不适用的栏目记')
    expect(rest.join('')).toContain(LONG)
  })
})

describe('台账 (S-37)', () => {
  it('lists the slips found in a month, by unit and level; what looks like a formula stays text', async () => {
    const slip = await judged('=cmd|异味八', '夜里有刺鼻气味。', 'general')
    const answer = await test.as('office')('GET', '/api/register.xlsx?month=2019-05')
    expect(answer.statusCode, answer.body).toBe(200)
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(answer.rawPayload as never)
    const rows = book.worksheets[0]?.getSheetValues() as unknown as unknown[][]
    expect(rows[1]?.[1]).toBe('应急管理舆情台账（2019年5月）')
    const row = rows.find(each => String(each?.[2]).includes('异味八'))
    expect(row?.slice(2, 10)).toEqual([
      "'=cmd|异味八",
      '一般性',
      '待拟稿',
      '危险化学品安全监督管理处',
      '危险化学品安全监督管理处',
      '2019年5月20日',
      '2019年5月22日 24时',
      expect.anything(),
    ])
    expect(slip.id).toBeGreaterThan(0)
    // On paper: a frame around every cell, the head again on each page.
    const sheet = book.worksheets[0] as ExcelJS.Worksheet
    expect(sheet.pageSetup.printTitlesRow).toBe('1:2')
    expect(sheet.lastRow?.getCell(12).border).toMatchObject({
      top: { style: 'thin' },
      left: { style: 'thin' },
    })
    const other = await test.as('office')('GET', '/api/register.xlsx?month=2019-06')
    const empty = new ExcelJS.Workbook()
    await empty.xlsx.load(other.rawPayload as never)
    expect(empty.worksheets[0]?.rowCount).toBe(2)
    expect((await test.as('office')('GET', '/api/register.xlsx?month=2019-13')).statusCode).toBe(400)
  })
})
