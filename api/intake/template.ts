import { COLUMNS, type Column } from './rules.ts'

const columns = Object.keys(COLUMNS) as Column[]
const labels = columns.map(column => COLUMNS[column].label)
const example = columns.map(column => COLUMNS[column].example)

/** With the mark by which Excel of a Chinese Windows knows UTF-8. */
export const csvTemplate = (): string =>
  `\uFEFF${[labels, example].map(row => row.map(cell => `"${cell}"`).join(',')).join('\r\n')}\r\n`

/** The table to fill in, with an example row, and a sheet that says what each column takes. */
export async function xlsxTemplate(): Promise<Uint8Array> {
  const { default: excel } = await import('exceljs')
  const workbook = new excel.Workbook()
  const sheet = workbook.addWorksheet('导入', { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.addRow(labels).font = { bold: true }
  sheet.addRow(example)
  sheet.columns.forEach((column, at) => {
    column.width = [60, 24, 40, 20][at] ?? 14
    column.numFmt = '@'
  })
  const notes = workbook.addWorksheet('说明')
  notes.addRow(['列', '怎么填']).font = { bold: true }
  for (const column of columns) notes.addRow([COLUMNS[column].label, COLUMNS[column].note])
  notes.addRow(['示例行', '导入前请删去「导入」表里的示例行。'])
  notes.columns.forEach((column, at) => {
    column.width = [16, 80][at] ?? 20
  })
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}
