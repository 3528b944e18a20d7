import { Kysely, PostgresDialect, SqliteDialect, type Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { migrations } from './migrations.ts'
import type { Schema } from './schema.ts'
import { openSqliteFile } from './sqlite.ts'

export type DatabaseKind = 'sqlite' | 'postgres'
/** A database or a transaction on it: store functions take either, and never open `db` inside a transaction. */
export type Db = Kysely<Schema>
export type Trx = Transaction<Schema>

export interface Database {
  kind: DatabaseKind
  db: Db
  close(): Promise<void>
}

/** Opens SQLite (`file path` or `:memory:`) or PostgreSQL (`postgres://…`); does not migrate. */
export function openDatabase(address: string, onError: (error: Error) => void = () => {}): Database {
  if (/^postgres(ql)?:/.test(address)) return openPostgres(address, onError)
  const { database } = openSqliteFile(address)
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) })
  return { kind: 'sqlite', db, close: () => db.destroy() }
}

function openPostgres(address: string, onError: (error: Error) => void): Database {
  // bigint and numeric as numbers: our ids and epoch milliseconds stay far below 2^53.
  pg.types.setTypeParser(20, Number)
  pg.types.setTypeParser(1700, Number)
  const pool = new pg.Pool({ connectionString: address, max: 10 })
  // Without a listener a server stop would end this process.
  pool.on('error', onError)
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  return { kind: 'postgres', db, close: () => db.destroy() }
}

/** Brings the schema up to date; throws the first error. Safe to call from two processes at once. */
export async function migrate({ db, kind }: Database): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(kind) } })
  const { error, results } = await migrator.migrateToLatest()
  if (error) throw error
  return (results ?? []).map(result => result.migrationName)
}
