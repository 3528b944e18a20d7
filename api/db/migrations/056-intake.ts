import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

/** Tables that staff took in, and texts from elsewhere among the posts. */
export const intake = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .alterTable('post')
      .addColumn('anywhere', 'integer', c => c.notNull().defaultTo(0))
      .execute()
    await tableWithId(db, kind, 'intake_file')
      .addColumn('source_id', 'text', c => c.notNull().references('source.id'))
      .addColumn('file_name', 'text', c => c.notNull())
      .addColumn('sha256', 'text', c => c.notNull())
      .addColumn('rows', 'integer', c => c.notNull())
      .addColumn('added', 'integer', c => c.notNull())
      .addColumn('skipped', 'integer', c => c.notNull())
      .addColumn('person_id', 'bigint', c => c.notNull())
      .addColumn('at', 'bigint', c => c.notNull())
      .execute()
  },
})
