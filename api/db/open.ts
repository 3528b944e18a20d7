import { setTimeout as wait } from 'node:timers/promises'
import { Kysely, PostgresDialect, SqliteAdapter, SqliteDialect, sql, type Transaction } from 'kysely'
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

/**
 * SQLite can take schema changes back, which Kysely does not count on: in one transaction, a migration that was killed
 * leaves nothing behind, and two processes that start at once wait for each other.
 */
class TransactionalSqlite extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    const adapter = new SqliteAdapter()
    return Object.defineProperty(adapter, 'supportsTransactionalDdl', { value: true })
  }
}

/** Opens SQLite (`file path` or `:memory:`) or PostgreSQL (`postgres://…`); does not migrate. */
export function openDatabase(address: string, onError: (error: Error) => void = () => {}): Database {
  if (/^postgres(ql)?:/.test(address)) return openPostgres(address, onError)
  const { database } = openSqliteFile(address)
  const db = new Kysely<Schema>({ dialect: new TransactionalSqlite({ database }) })
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
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations(kind) },
    // Each part numbers its migrations in a range of its own, so a later release may bring a lower number.
    allowUnorderedMigrations: true,
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error) throw error
  return (results ?? []).map(result => result.migrationName)
}

/** Any number, the same in every process: who fills empty tables waits for who does so already. */
const SEED_LOCK = 20_190_417

/** One transaction that no other process is in at the same time; SQLite has only such. */
export async function alone<T>({ db, kind }: Database, work: (trx: Trx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async trx => {
    if (kind === 'postgres') await sql`select pg_advisory_xact_lock(${SEED_LOCK})`.execute(trx)
    return work(trx)
  })
}

/** At least so long; whoever waits for SQLite's lock looks every tenth of a second. */
const TURN_MS = 25

/**
 * One transaction of many of a long job, and a pause as long as it took. SQLite gives its one lock to whoever asks when it
 * is free: a writer that comes back at once keeps everybody else out until they give up.
 */
export async function inTurn<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  const from = performance.now()
  const done = await db.transaction().execute(work)
  await wait(Math.max(TURN_MS, performance.now() - from))
  return done
}
