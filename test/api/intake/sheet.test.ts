import excel from 'exceljs'
import { zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { readFile } from '../../../api/intake/read-file.ts'
import { readHeader, writtenTime } from '../../../api/intake/rules.ts'
import { csvTemplate, xlsxTemplate } from '../../../api/intake/template.ts'

const NOW = Date.parse('2026-11-24T02:00:00Z')
const read = (bytes: Uint8Array) => readFile(bytes, NOW)
const csv = (text: string, encoding = 'utf8') => iconv.encode(text, encoding)
const refusal = (bytes: Uint8Array) =>
  read(bytes).then(
    () => '',
    error => `${error.code} ${error.message}`,
  )

const TABLE = [
  '标题,内容,发布时间,链接,点赞数',
  '车库异味,湖塘一小区车库有刺鼻气味,2026-11-23 09:30,https://v.example.cn/1,1.2万',
  ',"两行的\r\n内容",2026/11/22,,',
  '',
  '没有内容,,昨天下午,不是网址,很多',
  '将来,明天的事,2027-01-01,,3',
  '车库异味,湖塘一小区车库有刺鼻气味,2026-11-23 09:30,https://v.example.cn/1,9',
].join('\r\n')

describe('a table is read row by row', () => {
  it.each(['utf8', 'gb18030', 'utf16le'])(
    'a CSV in %s: entries, and every mistake with row, column, what to do',
    async encoding => {
      const text = encoding === 'utf16le' ? `\uFEFF${TABLE}` : TABLE
      const file = await read(csv(text, encoding))
      expect(
        file.entries.map(({ row, entry }) => [
          row,
          entry.title,
          entry.text,
          entry.publishedAt,
          entry.publishedPrecision,
          entry.counts.likes,
        ]),
      ).toEqual([
        [2, '车库异味', '湖塘一小区车库有刺鼻气味', '2026-11-23T01:30:00.000Z', 'minute', 12_000],
        [3, null, '两行的\r\n内容', '2026-11-21T16:00:00.000Z', 'day', null],
      ])
      expect(file.problems.map(({ row, column }) => [row, column])).toEqual([
        [5, '内容'],
        [5, '链接'],
        [5, '发布时间'],
        [5, '点赞数'],
        [6, '发布时间'],
      ])
      expect(file.problems[2]?.message).toBe('认不出「昨天下午」，请写成 2026-11-24 09:30；不知道可留空。')
      expect([file.rows, file.bad, file.repeated]).toEqual([5, 2, 1])
    },
  )

  it('a workbook: dates, numbers, links and formulas as the cell shows them', async () => {
    const workbook = new excel.Workbook()
    const sheet = workbook.addWorksheet('表')
    sheet.addRow(['编号', '正文（必填）', '来电时间', '网址', '评论数'])
    sheet.addRow([
      20261124001,
      { richText: [{ text: '电梯' }, { text: '困人' }] },
      new Date('2026-11-23T09:30:00Z'),
      { text: 'https://v.example.cn/2', hyperlink: 'https://v.example.cn/2' },
      12,
    ])
    sheet.addRow([
      'b',
      { formula: '"甲"&"乙"', result: '甲乙' },
      new Date('2026-11-22T00:00:00Z'),
      null,
      null,
    ])
    const file = await read(new Uint8Array(await workbook.xlsx.writeBuffer()))
    expect(file.problems).toEqual([])
    expect(
      file.entries.map(({ entry }) => [
        entry.id,
        entry.text,
        entry.publishedAt,
        entry.publishedPrecision,
        entry.url,
        entry.counts.replies,
      ]),
    ).toEqual([
      ['20261124001', '电梯困人', '2026-11-23T01:30:00.000Z', 'minute', 'https://v.example.cn/2', 12],
      ['b', '甲乙', '2026-11-21T16:00:00.000Z', 'day', null, null],
    ])
  })

  it('the templates can be filled in and read', async () => {
    for (const bytes of [Buffer.from(csvTemplate()), await xlsxTemplate()]) {
      const file = await read(bytes)
      expect(file.columns.map(({ column }) => column)).not.toContain(null)
      expect([file.entries.length, file.problems]).toEqual([1, []])
    }
  })

  it('what is no such table is refused with what to do', async () => {
    expect(await refusal(new Uint8Array())).toContain('文件是空的')
    expect(await refusal(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))).toContain('另存为 .xlsx')
    expect(await refusal(csv('姓名,电话\n张三,1'))).toMatch(/「内容」一列；现在的第一行是：姓名、电话/)
    expect(await refusal(csv('内容\n"没有收尾'))).toContain('引号不成对')
    expect(await refusal(Buffer.from([0x50, 0x4b, 3, 4, 1, 2]))).toContain('文件打不开')
    expect(await refusal(Buffer.from([0x81, 0xff, 0xff, 0xfe]))).toContain('认不出文件的编码')
    expect(await refusal(csv(`内容\n${'一行\n'.repeat(10_001)}`))).toContain('一次最多导入 10000 行')
    const bomb = zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(90 << 20) }, { level: 1 })
    expect(bomb.length).toBeLessThan(1 << 20)
    expect(await refusal(bomb)).toContain('表格过大')
  })

  it('headers by any of their names, each once; times only as people write a day', () => {
    expect(readHeader(['正文*', '内容', ' 发布时间（北京时间）', 'URL', '备注'])).toEqual([
      'text',
      null,
      'time',
      'url',
      null,
    ])
    const at = (text: string) => writtenTime(text)?.publishedAt
    expect([at('2026年11月24日 9:05'), at('2026-11-24T01:05:00Z'), at('')]).toEqual([
      '2026-11-24T01:05:00.000Z',
      '2026-11-24T01:05:00.000Z',
      null,
    ])
    expect(['3天前', '昨天', '2026-13-01', '2026-02-30', '11-24'].map(writtenTime)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ])
  })
})
