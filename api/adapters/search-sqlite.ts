import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { ROOMY } from '../db/sqlite.ts'
import type { SearchAnswer, SearchDocument, SearchIndex, SearchQuery } from '../ports.ts'
import { indexTerms, type Phrase, queryPhrases, topicsAbove } from './bigrams.ts'

/**
 * Everything that a query asks for is a term of one FTS5 table, and its rows are numbered in the order of time: a page
 * and its count are answered by the index alone, without a look at any row. `prefix` = single characters.
 * Rebuilt from the database (`reindex`, or by itself when empty), so the file may be lost without harm.
 */
const TABLES = `
  create table document (slot integer primary key, id integer not null unique);
  create table size (documents integer not null);
  insert into size values (0);
  create virtual table terms using fts5 (
    body, places, facets, content = '', contentless_delete = 1, prefix = 1, tokenize = "ascii tokenchars '|'"
  );
`
/** Raised when TABLES or the terms change: an older file is emptied. */
const VERSION = 3

/** Documents of one second; beyond it they go into the next. Few, so that numbers stay close and the index small. */
const SLOTS = 1n << 14n
const firstSlot = (ms: number): bigint => BigInt(Math.max(0, Math.ceil(ms / 1000))) * SLOTS

/** A value as one term, whatever signs are in it. */
const facet = (kind: 'source' | 'board' | 'topic' | 'flagged', value: string): string =>
  kind.charAt(0) + Buffer.from(value).toString('hex')

function facetsOf({ source, board, topics, flagged }: SearchDocument): string {
  const above = new Set(topics.flatMap(topicsAbove))
  return [
    facet('source', source),
    ...(board === null ? [] : [facet('board', board)]),
    ...[...above].map(topic => facet('topic', topic)),
    facet('flagged', String(flagged)),
  ].join(' ')
}

/** FTS5 over our bigrams (design §4, §6), one file, WAL: readers do not wait for the writer. */
export function sqliteSearch(path: string): SearchIndex {
  const raw = new DatabaseSync(path, { timeout: 15_000 })
  raw.exec(`pragma journal_mode = wal; pragma synchronous = normal; ${ROOMY}`)
  prepareTables(raw)
  const bigints = (sql: string) => {
    const statement = raw.prepare(sql)
    statement.setReadBigInts(true)
    return statement
  }
  const slotOf = bigints('select slot from document where id = ?')
  const lastSlot = bigints('select max(slot) as slot from document where slot >= ? and slot < ?')
  const dropTerms = raw.prepare('delete from terms where rowid = ?')
  const dropDocument = raw.prepare('delete from document where id = ?')
  const addTerms = raw.prepare('insert into terms (rowid, body, places, facets) values (?, ?, ?, ?)')
  const addDocument = raw.prepare('insert into document values (?, ?)')
  const grow = raw.prepare('update size set documents = documents + ?')
  /** Documents more than before this transaction. */
  let grown = 0

  function freeSlot(at: number): bigint {
    for (let first = BigInt(Math.max(0, Math.floor(at / 1000))) * SLOTS; ; first += SLOTS) {
      const { slot } = lastSlot.get(first, first + SLOTS) as { slot: bigint | null }
      if (slot === null) return first
      if (slot + 1n < first + SLOTS) return slot + 1n
    }
  }

  function remove(id: number): bigint | null {
    const found = slotOf.get(id) as { slot: bigint } | undefined
    if (!found) return null
    dropTerms.run(found.slot)
    dropDocument.run(id)
    grown--
    return found.slot
  }

  function put(document: SearchDocument): void {
    const before = remove(document.id)
    const isSameTime = before !== null && before / SLOTS === BigInt(Math.floor(document.at / 1000))
    const slot = isSameTime ? before : freeSlot(document.at)
    addTerms.run(slot, indexTerms(document.text), indexTerms(document.places.join('\n')), facetsOf(document))
    addDocument.run(slot, document.id)
    grown++
  }

  const change = (work: () => void) =>
    inTransaction(raw, () => {
      grown = 0
      work()
      if (grown !== 0) grow.run(grown)
    })

  return {
    put: async documents => change(() => documents.forEach(put)),
    remove: async ids => change(() => ids.forEach(remove)),
    search: async query => search(raw, query),
    clear: async () =>
      inTransaction(raw, () =>
        raw.exec(
          "insert into terms (terms) values ('delete-all'); delete from document; update size set documents = 0",
        ),
      ),
    close: async () => raw.close(),
  }
}

function inTransaction(raw: DatabaseSync, work: () => void): void {
  raw.exec('begin immediate')
  try {
    work()
    raw.exec('commit')
  } catch (error) {
    raw.exec('rollback')
    throw error
  }
}

function prepareTables(raw: DatabaseSync): void {
  inTransaction(raw, () => {
    const { user_version } = raw.prepare('pragma user_version').get() as { user_version: number }
    if (user_version === VERSION) return
    raw.exec(
      `drop table if exists terms; drop table if exists document; drop table if exists size; ${TABLES}`,
    )
    raw.exec(`pragma user_version = ${VERSION}`)
  })
}

const phrase = (column: string, { terms, prefix }: Phrase): string =>
  `${column} : "${terms.join(' ')}"${prefix ? ' *' : ''}`

/** The FTS5 expression; '' = everything, null = nothing can be found (only signs were asked for). */
function expression({ text = '', place, source, board, topic, flagged }: SearchQuery): string | null {
  const words = queryPhrases(text)
  const names = queryPhrases(place ?? '')
  if ((text.trim() && !words.length) || (place?.trim() && !names.length)) return null
  const facets = [
    ...(source === undefined ? [] : [facet('source', source)]),
    ...(board === undefined ? [] : [facet('board', board)]),
    ...(topic === undefined ? [] : [facet('topic', topic)]),
    ...(flagged === undefined ? [] : [facet('flagged', String(flagged))]),
  ]
  return [
    ...words.map(word => phrase('body', word)),
    ...names.map(name => phrase('places', name)),
    ...facets.map(term => `facets : "${term}"`),
  ].join(' AND ')
}

function search(raw: DatabaseSync, query: SearchQuery): SearchAnswer {
  const match = expression(query)
  if (match === null) return { ids: [], total: 0, next: null }
  const [table, slot] = match ? ['terms', 'rowid'] : ['document', 'slot']
  const parts = match ? ['terms match ?'] : []
  const values: SQLInputValue[] = match ? [match] : []
  if (query.from !== undefined) {
    parts.push(`${slot} >= ?`)
    values.push(firstSlot(query.from))
  }
  if (query.to !== undefined) {
    parts.push(`${slot} < ?`)
    values.push(firstSlot(query.to))
  }
  const where = (more: string[]) => [...parts, ...more].join(' and ') || '1'
  // All of them, as the page opens: known without a look at each.
  const counting = parts.length
    ? `select count(*) as n from ${table} where ${where([])}`
    : 'select documents as n from size'
  const { n } = raw.prepare(counting).get(...values) as { n: number }
  const after = /^\d+$/.test(query.cursor ?? '') ? [BigInt(query.cursor ?? 0)] : []
  const rows = raw.prepare(
    `select d.id, cast(d.slot as text) as slot
     from (select ${slot} as slot from ${table} where ${where(after.map(() => `${slot} < ?`))} order by ${slot} desc limit ?) as page
     join document d on d.slot = page.slot order by d.slot desc`,
  )
  const found = rows.all(...values, ...after, query.limit + 1) as { id: number; slot: string }[]
  const page = found.slice(0, query.limit)
  const next = found.length > query.limit ? (page.at(-1)?.slot ?? null) : null
  return { ids: page.map(({ id }) => id), total: n, next }
}
