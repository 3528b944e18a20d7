import { DatabaseSync } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'

/** node:sqlite binds a JavaScript number as REAL (a text column would get '1.0'), so integers go in as BigInt. */
function bind(value: unknown): null | number | bigint | string | Uint8Array {
  if (value === undefined || value === null) return null
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'string' || typeof value === 'bigint' || value instanceof Uint8Array) return value
  throw new TypeError(`cannot bind ${typeof value} to an SQL parameter`)
}

function statement(database: DatabaseSync, sql: string): SqliteStatement {
  const prepared = database.prepare(sql)
  return {
    reader: prepared.columns().length > 0,
    all: parameters => prepared.all(...parameters.map(bind)),
    run: parameters => {
      const { changes, lastInsertRowid } = prepared.run(...parameters.map(bind))
      return { changes, lastInsertRowid }
    },
    // A statement that is being iterated can't serve a second query: iterate on one of its own.
    iterate: parameters =>
      database.prepare(sql).iterate(...parameters.map(bind)) as IterableIterator<unknown>,
  }
}

/**
 * Indexes are written all over the file: with the usual 2 MB their pages leave the cache before the transaction ends,
 * and with a checkpoint every 4 MB the same pages are copied back again and again. 64 MB of cache, 32 MB of log.
 */
export const ROOMY = 'pragma cache_size = -65536; pragma wal_autocheckpoint = 8000'

/**
 * Opens a file (or ':memory:') for Kysely's SqliteDialect: statements cached, `begin` made immediate so that two
 * writers wait for each other instead of failing half-way.
 */
export function openSqliteFile(path: string): { database: SqliteDatabase; raw: DatabaseSync } {
  // The timeout first: two processes that open a new file at once both want to make it WAL.
  const raw = new DatabaseSync(path, { timeout: 15_000 })
  raw.exec(
    `pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma temp_store = memory; ${ROOMY}`,
  )
  const cache = new Map<string, SqliteStatement>()
  return {
    raw,
    database: {
      prepare(sql) {
        const text = sql === 'begin' ? 'begin immediate' : sql
        let found = cache.get(text)
        if (!found) {
          found = statement(raw, text)
          if (cache.size > 500) cache.clear()
          cache.set(text, found)
        }
        return found
      },
      close: () => raw.close(),
    },
  }
}
