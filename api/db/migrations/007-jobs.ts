import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

export const jobs = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await tableWithId(db, kind, 'job')
      .addColumn('name', 'text', c => c.notNull())
      .addColumn('key', 'text')
      .addColumn('payload', 'text', c => c.notNull())
      .addColumn('state', 'text', c => c.notNull())
      .addColumn('run_at', 'bigint', c => c.notNull())
      .addColumn('lease_until', 'bigint')
      .addColumn('attempts', 'integer', c => c.notNull())
      .addColumn('error', 'text')
      .execute()
    await db.schema.createIndex('job_due').on('job').columns(['name', 'state', 'run_at']).execute()
  },
})
