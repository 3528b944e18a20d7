/**
 * What a slip's chains say of its rows: every entry carries the fields that the act changed, as they then stood, so that
 * the last word on each field can be held against the row (`verify.ts`). Pure.
 */
import { type SealedRows, sealedValue } from '../audit.ts'
import type { WholeSlip } from './store.ts'

type Row = Record<string, unknown>

interface Table {
  name: string
  /** As `verify` names it. */
  label: string
  /** Column that tells the rows of one slip apart. */
  key: 'id' | 'round'
}

/** The tables of a slip by their place in WholeSlip. */
const TABLES = {
  slip: { name: 'slip', label: '处理单', key: 'id' },
  entries: { name: 'slip_post', label: '帖子', key: 'id' },
  texts: { name: 'slip_text', label: '文稿', key: 'id' },
  replies: { name: 'slip_reply', label: '回复', key: 'id' },
  clocks: { name: 'slip_clock', label: '时限', key: 'round' },
  extensions: { name: 'slip_extension', label: '延期申请', key: 'id' },
  tracking: { name: 'slip_tracking', label: '跟踪', key: 'id' },
  reports: { name: 'slip_report', label: '上报', key: 'id' },
  rounds: { name: 'slip_round', label: '轮次', key: 'round' },
  transfers: { name: 'slip_transfer', label: '转办', key: 'id' },
  notes: { name: 'slip_note', label: '批示、会签', key: 'id' },
} satisfies Record<keyof WholeSlip, Table>

/** Beside them what the system notes: each is sealed where it is written. */
export const LABELS: Record<string, string> = {
  ...Object.fromEntries(Object.values(TABLES).map(({ name, label }) => [name, label])),
  slip_reminder: '提醒',
  evidence: '证据',
  notice_recipient: '提醒的确认',
}

/** `version` is the number of the chain's newest entry; `remind_at` is worked out anew from the clock. */
const UNSEALED: Record<string, readonly string[]> = { slip: ['version'], slip_clock: ['remind_at'] }

/** A row without what is not sealed. */
export const sealedRow = (table: string, row: object): Row => {
  const open = UNSEALED[table] ?? []
  return Object.fromEntries(Object.entries(row).filter(([field]) => !open.includes(field)))
}

export function rowsOf(whole: WholeSlip): SealedRows {
  const rows: SealedRows = {}
  for (const [part, { name, key }] of Object.entries(TABLES)) {
    const found = [whole[part as keyof WholeSlip]].flat() as Row[]
    if (found.length) rows[name] = Object.fromEntries(found.map(row => [row[key], sealedRow(name, row)]))
  }
  return rows
}

/** The fields that differ; a row that was not there before, whole. Nothing of a slip is ever deleted. */
export function changedRows(before: SealedRows, after: SealedRows): SealedRows {
  const changed: SealedRows = {}
  for (const [table, rows] of Object.entries(after))
    for (const [key, row] of Object.entries(rows)) {
      const known = before[table]?.[key] ?? {}
      const fields = Object.entries(row).filter(([field, value]) => known[field] !== value)
      if (fields.length) changed[table] = { ...changed[table], [key]: Object.fromEntries(fields) }
    }
  return changed
}

/** What several entries say together, oldest first: the later word on a field holds. */
export function lastWords(entries: readonly SealedRows[]): SealedRows {
  const words: SealedRows = {}
  for (const rows of entries)
    for (const [table, byKey] of Object.entries(rows))
      for (const [key, row] of Object.entries(byKey)) {
        const known = words[table] ?? {}
        words[table] = known
        known[key] = { ...known[key], ...row }
      }
  return words
}

/**
 * Chinese sentences on each field, row or missing row where they differ. `whole` = the entries name every row there is;
 * else (a case begun before entries carried rows) what they do not name says nothing.
 */
export function differences(told: SealedRows, found: SealedRows, whole: boolean): string[] {
  const problems: string[] = []
  for (const table of new Set([...Object.keys(told), ...Object.keys(found)])) {
    const [words, rows] = [told[table] ?? {}, found[table] ?? {}]
    for (const key of new Set([...Object.keys(words), ...Object.keys(rows)])) {
      const name = `${LABELS[table] ?? '记录'}（${table} ${key}）`
      const [word, row] = [words[key], rows[key]]
      if (!row) problems.push(`审计记录中的${name}已不存在。`)
      else if (!word) whole && problems.push(`${name}没有审计记录。`)
      else
        for (const [field, value] of Object.entries(row))
          if ((whole || field in word) && word[field] !== sealedValue(value))
            problems.push(`${name}的「${field}」与审计记录不符。`)
    }
  }
  return problems
}
