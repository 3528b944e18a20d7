/** A table as somebody brought it: what it holds, what is wrong with which row, what is known already. */
import { AppError } from '../errors.ts'
import { COLUMNS, type Column, type Entry, entryKey, type Problem, readHeader, readRow } from './rules.ts'
import { readSheet, type Sheet } from './sheet.ts'

export interface ReadFile {
  sheet: Sheet
  columns: { name: string; column: Column | null }[]
  /** Good rows, each once, with their number. */
  entries: { row: number; entry: Entry }[]
  problems: Problem[]
  /** Rows that have mistakes. */
  bad: number
  /** Rows that say the same as one before them. */
  repeated: number
  rows: number
}

/** @throws AppError intake.file where it is no table, or has no column of texts. */
export async function readFile(bytes: Uint8Array, now: number): Promise<ReadFile> {
  const sheet = await readSheet(bytes)
  const [head, ...rest] = sheet.rows
  const names = head?.cells.map(cell => cell.trim()) ?? []
  const header = readHeader(names)
  if (!header.includes('text')) {
    const found = names.filter(Boolean).slice(0, 12).join('、')
    throw new AppError('intake.file', {
      message: `第一行应为表头，其中要有「${COLUMNS.text.label}」一列${found ? `；现在的第一行是：${found}` : ''}。请下载模板，照表头填写。`,
    })
  }
  const read: ReadFile = {
    sheet,
    columns: names.map((name, at) => ({ name, column: header[at] ?? null })),
    entries: [],
    problems: [],
    bad: 0,
    repeated: 0,
    rows: rest.length,
  }
  const seen = new Set<string>()
  for (const { number, cells } of rest) {
    const { entry, problems } = readRow(number, cells, header, names, now)
    read.problems.push(...problems)
    if (!entry) read.bad++
    else if (seen.has(entryKey(entry))) read.repeated++
    else {
      seen.add(entryKey(entry))
      read.entries.push({ row: number, entry })
    }
  }
  return read
}
