import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { type Database, type DatabaseKind, migrate, openDatabase } from '../api/db/open.ts'

async function createPostgresDatabase(): Promise<string> {
  const base = inject('postgresUrl')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: `${base}/postgres` })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return `${base}/${name}`
}

/** A fresh, migrated database of that kind; the caller closes it. `file`: where SQLite keeps it, else in memory. */
export async function freshDatabase(
  kind: DatabaseKind,
  options: { file?: string; migrated?: boolean } = {},
): Promise<Database & { address: string }> {
  const address = kind === 'sqlite' ? (options.file ?? ':memory:') : await createPostgresDatabase()
  const database = openDatabase(address)
  if (options.migrated !== false) await migrate(database)
  return { ...database, address }
}

/** Runs one suite on SQLite and on a real PostgreSQL: `get()` inside a test gives the suite's database. */
export function onEveryDatabase(
  title: string,
  suite: (get: () => Database, kind: DatabaseKind) => void,
): void {
  for (const kind of ['sqlite', 'postgres'] as const) {
    describe(`${title} on ${kind}`, () => {
      let database: Database
      beforeAll(async () => {
        database = await freshDatabase(kind)
      })
      afterAll(() => database.close())
      suite(() => database, kind)
    })
  }
}
