import type { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect, type SqliteStatement } from 'kysely'
import type { Database } from '../../api/db/open.ts'
import type { Schema } from '../../api/db/schema.ts'
import { openSqliteFile } from '../../api/db/sqlite.ts'

export interface NestedDatabase {
  database: Database
  raw: DatabaseSync
  /** Runs `work` and then takes back everything that it did to the database. */
  undone<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Real SQLite whose transactions are savepoints of one that is never committed: a fixture is built once, tried many
 * times and taken back in no time.
 */
export function openNested(path: string): NestedDatabase {
  const { database, raw } = openSqliteFile(path)
  const ACTS: Record<string, string> = {
    begin: 'savepoint act',
    commit: 'release act',
    rollback: 'rollback to act; release act',
  }
  const statement = (sql: string): SqliteStatement => ({
    reader: false,
    all: () => [],
    run() {
      raw.exec(sql)
      return { changes: 0, lastInsertRowid: 0 }
    },
    iterate: () => [][Symbol.iterator](),
  })
  const db = new Kysely<Schema>({
    dialect: new SqliteDialect({
      database: {
        prepare: sql => (ACTS[sql] ? statement(ACTS[sql]) : database.prepare(sql)),
        close: () => database.close(),
      },
    }),
  })
  let depth = 0
  return {
    raw,
    database: { kind: 'sqlite', db, close: () => db.destroy() },
    async undone(work) {
      const name = `undone_${++depth}`
      raw.exec(`savepoint ${name}`)
      try {
        return await work()
      } finally {
        raw.exec(`rollback to ${name}; release ${name}`)
        depth--
      }
    },
  }
}
