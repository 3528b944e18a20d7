/** 台账: the slips of a month as one sheet, each row with its clock's verdict (S-37). */
import ExcelJS from 'exceljs'
import { maskPersonal } from '../mask.ts'
import { paperDate, paperDeadline } from '../print/format.ts'
import type { SlipListItem } from '../slips/routes.ts'
import { LEVELS, SLIP_STATES } from '../vocabulary.ts'

export interface RegisterRow extends SlipListItem {
  /** Due of round 1, whether it still runs or not. */
  firstDueAt: number | null
  answeredAt: number | null
  result: string | null
}

const COLUMNS: { header: string; width: number; value(row: RegisterRow): string }[] = [
  { header: '编号', width: 18, value: row => row.number ?? '' },
  { header: '标题', width: 40, value: row => maskPersonal(row.title) },
  { header: '等级', width: 16, value: row => (row.level ? LEVELS[row.level] : '未定级') },
  { header: '状态', width: 10, value: row => SLIP_STATES[row.status] },
  { header: '填报处室', width: 22, value: row => row.unit.name },
  { header: '主办处室', width: 22, value: row => row.leadUnit?.name ?? '' },
  { header: '发现日期', width: 16, value: row => paperDate(row.foundAt) },
  {
    header: '答复时限',
    width: 20,
    value: row => paperDeadline(row.firstDueAt) + (row.provisional ? '（暂定）' : ''),
  },
  { header: '答复日期', width: 16, value: row => paperDate(row.answeredAt) },
  {
    header: '是否按时',
    width: 10,
    value: row => (row.onTime === null ? '' : row.onTime ? '按时' : '超时'),
  },
  { header: '帖数', width: 8, value: row => String(row.posts) },
  { header: '办理结果', width: 40, value: row => maskPersonal(row.result ?? '') },
]

export async function makeRegister(title: string, rows: readonly RegisterRow[]): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook()
  book.creator = '常州应急舆情'
  const sheet = book.addWorksheet('台账', {
    pageSetup: {
      paperSize: 9,
      orientation: 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: '1:2',
      horizontalCentered: true,
      margins: { left: 0.4, right: 0.4, top: 0.6, bottom: 0.6, header: 0.3, footer: 0.3 },
    },
    headerFooter: { oddFooter: '第 &P 页，共 &N 页' },
    views: [{ state: 'frozen', ySplit: 2 }],
  })
  sheet.columns = COLUMNS.map(({ width }) => ({ width }))
  sheet.addRow([title])
  sheet.mergeCells(1, 1, 1, COLUMNS.length)
  sheet.getRow(1).font = { bold: true, size: 16 }
  sheet.addRow(COLUMNS.map(({ header }) => header)).font = { bold: true }
  for (const row of rows) sheet.addRow(COLUMNS.map(({ value }) => asText(value(row))))
  sheet.eachRow((row, number) => {
    row.alignment = { vertical: 'middle', wrapText: true, ...(number <= 2 && { horizontal: 'center' }) }
    row.height = number === 1 ? 30 : LINE * linesOf(row) + 6
    if (number > 1)
      row.eachCell({ includeEmpty: true }, cell => {
        cell.border = { top: THIN, bottom: THIN, left: THIN, right: THIN }
      })
  })
  return new Uint8Array(await book.xlsx.writeBuffer())
}

const THIN = { style: 'thin' } as const
/** Points. */
const LINE = 15

/** Lines that the longest cell of a row takes; a Chinese character is as wide as two of the column's units. */
const linesOf = (row: ExcelJS.Row): number =>
  Math.max(
    1,
    ...COLUMNS.map(({ width }, at) =>
      Math.ceil((String(row.getCell(at + 1).value ?? '').length * 2) / (width - 1)),
    ),
  )

/** A text that begins like a formula stays a text in every program that opens the sheet. */
const asText = (value: string): string => (/^[=+\-@\t]/.test(value) ? `'${value}` : value)
