import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { SearchDocument, SearchIndex, SearchQuery } from '../ports.ts'
import { indexTerms, queryPhrases } from './bigrams.ts'

/** Rebuilt from the database by `reindex`, so its own file may be lost without harm. */
const TABLES = `
  create table if not exists document (
    id integer primary key, source text not null, board text, topics text not null, places text not null,
    at integer not null, flagged integer not null
  );
  create index if not exists document_at on document (at desc, id desc);
  create virtual table if not exists terms using fts5 (
    body, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '|'"
  );
`

/** Lists are kept as |a|b| so that one `like` finds a member. */
const joined = (list: string[]) => `|${list.join('|')}|`
const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&')

/** FTS5 over our bigrams (design §4, §6), one file, WAL: readers do not wait for the writer. */
export function sqliteSearch(path: string): SearchIndex {
  const raw = new DatabaseSync(path, { timeout: 15_000 })
  raw.exec('pragma journal_mode = wal; pragma synchronous = normal')
  raw.exec(TABLES)
  const dropTerms = raw.prepare('delete from terms where rowid = ?')
  const dropDocument = raw.prepare('delete from document where id = ?')
  const addTerms = raw.prepare('insert into terms (rowid, body) values (?, ?)')
  const addDocument = raw.prepare('insert into document values (?, ?, ?, ?, ?, ?, ?)')

  function inTransaction(work: () => void): void {
    raw.exec('begin immediate')
    try {
      work()
      raw.exec('commit')
    } catch (error) {
      raw.exec('rollback')
      throw error
    }
  }

  function remove(id: number): void {
    dropTerms.run(id)
    dropDocument.run(id)
  }

  function put(document: SearchDocument): void {
    const { id, source, board, topics, places, at, flagged } = document
    remove(id)
    addTerms.run(id, indexTerms(document.text))
    addDocument.run(id, source, board, joined(topics), joined(places), at, flagged ? 1 : 0)
  }

  return {
    put: async documents => inTransaction(() => documents.forEach(put)),
    remove: async ids => inTransaction(() => ids.forEach(remove)),
    search: async query => search(raw, query),
    clear: async () => raw.exec('delete from terms; delete from document'),
    close: async () => raw.close(),
  }
}

function conditions(query: SearchQuery): { where: string; values: SQLInputValue[] } | null {
  const parts: string[] = []
  const values: SQLInputValue[] = []
  const add = (sql: string, ...more: SQLInputValue[]) => {
    parts.push(sql)
    values.push(...more)
  }
  if (query.text?.trim()) {
    const phrases = queryPhrases(query.text)
    // Only signs: nothing can be found by them.
    if (!phrases.length) return null
    const match = phrases.map(({ terms, prefix }) => `"${terms.join(' ')}"${prefix ? '*' : ''}`).join(' AND ')
    add('d.id in (select rowid from terms where terms match ?)', match)
  }
  if (query.source) add('d.source = ?', query.source)
  if (query.board) add('d.board = ?', query.board)
  // A topic also finds the finer ones under it.
  if (query.topic) {
    const topic = escapeLike(query.topic)
    add(
      String.raw`(d.topics like ? escape '\' or d.topics like ? escape '\')`,
      `%|${topic}|%`,
      `%|${topic}/%`,
    )
  }
  if (query.place) add(String.raw`d.places like ? escape '\'`, `%${escapeLike(query.place)}%`)
  if (query.from !== undefined) add('d.at >= ?', query.from)
  if (query.to !== undefined) add('d.at < ?', query.to)
  if (query.flagged !== undefined) add('d.flagged = ?', query.flagged ? 1 : 0)
  return { where: parts.join(' and ') || '1', values }
}

function search(
  raw: DatabaseSync,
  query: SearchQuery,
): { ids: number[]; total: number; next: string | null } {
  const found = conditions(query)
  if (!found) return { ids: [], total: 0, next: null }
  const { where, values } = found
  const total = raw.prepare(`select count(*) as n from document d where ${where}`).get(...values) as {
    n: number
  }
  const cursor = /^(-?\d+)\.(\d+)$/.exec(query.cursor ?? '')
  const after = cursor ? ' and (d.at, d.id) < (?, ?)' : ''
  const from = cursor ? [Number(cursor[1]), Number(cursor[2])] : []
  const rows = raw
    .prepare(`select d.id, d.at from document d where ${where}${after} order by d.at desc, d.id desc limit ?`)
    .all(...values, ...from, query.limit + 1) as { id: number; at: number }[]
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  const next = rows.length > query.limit && last ? `${last.at}.${last.id}` : null
  return { ids: page.map(({ id }) => id), total: total.n, next }
}
