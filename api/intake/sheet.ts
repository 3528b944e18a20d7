/** CSV and XLSX as rows of text: encodings of Chinese Windows, dates as they are shown. */
import { CsvError, parse } from 'csv-parse/sync'
import { unzipSync, zipSync } from 'fflate'
import { AppError } from '../errors.ts'

export interface Sheet {
  form: 'csv' | 'xlsx'
  /** Of a CSV: what its bytes were read as. */
  encoding: string | null
  /** `number` as the spreadsheet counts, from 1; rows without any text are left out. */
  rows: { number: number; cells: string[] }[]
}

const MOST_ROWS = 10_000
const MOST_CELLS = 60
/** Unpacked; a packed file of a few kB may hold gigabytes. */
const MOST_BYTES = 80 << 20

const refuse = (message: string) => new AppError('intake.file', { message })

/** @throws AppError intake.file, saying what to do. */
export async function readSheet(bytes: Uint8Array): Promise<Sheet> {
  const [a, b] = bytes
  if (!bytes.length) throw refuse('文件是空的，请重新选择。')
  if (a === 0xd0 && b === 0xcf)
    throw refuse('这是旧版 Excel 文件（.xls），请在 Excel 里另存为 .xlsx 或 CSV 后再导入。')
  const sheet = a === 0x50 && b === 0x4b ? await readWorkbook(bytes) : readCsv(bytes)
  sheet.rows = sheet.rows.filter(({ cells }) => cells.some(cell => cell.trim()))
  if (sheet.rows.length > MOST_ROWS + 1) throw refuse(`一次最多导入 ${MOST_ROWS} 行，请分成几个文件。`)
  return sheet
}

/** UTF-8 where the bytes are that, else what Excel of a Chinese Windows writes. */
function decode(bytes: Uint8Array): { text: string; encoding: string } {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe
  for (const encoding of marked ? ['utf-16le'] : ['utf-8', 'gb18030'])
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding }
    } catch {
      // The next one.
    }
  throw refuse('认不出文件的编码，请在 Excel 里另存为「CSV UTF-8」或 .xlsx 后再导入。')
}

function readCsv(bytes: Uint8Array): Sheet {
  const { text, encoding } = decode(bytes)
  if (text.includes('\0')) throw refuse('这不是 CSV 或 Excel 文件，请重新选择。')
  const first = text.slice(0, text.search(/[\r\n]|$/))
  const delimiter = ['\t', ';', ','].find(each => first.includes(each)) ?? ','
  try {
    const records = parse(text, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: false,
    }) as string[][]
    return {
      form: 'csv',
      encoding,
      rows: records.map((cells, at) => ({ number: at + 1, cells: cells.slice(0, MOST_CELLS) })),
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = (error as { lines?: number }).lines
    throw refuse(
      `${line ? `第 ${line} 行附近` : '文件中'}引号不成对，请在 Excel 里打开后另存为 .xlsx 再导入。`,
    )
  }
}

/** The same archive without pressing, refused where it holds too much: what it says of its sizes may be a lie. */
function unpacked(bytes: Uint8Array): Uint8Array {
  let size = 0
  const files = unzipSync(bytes, {
    filter: ({ originalSize }) => {
      size += originalSize
      if (size > MOST_BYTES) throw refuse('表格过大，请分成几个文件。')
      return true
    },
  })
  return zipSync(files, { level: 0 })
}

async function readWorkbook(bytes: Uint8Array): Promise<Sheet> {
  // Loads only when somebody brings a workbook.
  const { default: excel } = await import('exceljs')
  const workbook = new excel.Workbook()
  try {
    await workbook.xlsx.load(unpacked(bytes) as never)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw refuse('文件打不开，可能没有下载完整或设了密码，请重新保存后再导入。')
  }
  const sheet = workbook.worksheets.find(({ rowCount }) => rowCount > 0)
  const rows: Sheet['rows'] = []
  sheet?.eachRow({ includeEmpty: false }, (row, number) => {
    const last = Math.min(row.cellCount, MOST_CELLS)
    const cells = Array.from({ length: last }, (_, at) => cellText(row.getCell(at + 1).value))
    rows.push({ number, cells })
  })
  return { form: 'xlsx', encoding: null, rows }
}

/** What the cell shows; a date as fine as it is. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return dateText(value)
  if (typeof value !== 'object') return String(value)
  if ('richText' in value) return (value.richText as { text: string }[]).map(({ text }) => text).join('')
  if ('result' in value) return cellText(value.result)
  if ('text' in value) return cellText(value.text)
  return ''
}

/** Excel has no zones: what stands in the cell is the time in Shanghai. */
function dateText(date: Date): string {
  const text = date.toISOString()
  const [day = '', clock = ''] = [text.slice(0, 10), text.slice(11, 19)]
  if (clock === '00:00:00') return day
  return `${day} ${clock.endsWith(':00') ? clock.slice(0, 5) : clock}`
}
