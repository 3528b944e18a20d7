import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

export const calendar = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('calendar_notice')
      .addColumn('year', 'integer', c => c.notNull())
      .addColumn('version', 'integer', c => c.notNull())
      .addColumn('notice', 'text')
      .addColumn('sources', 'text', c => c.notNull())
      .addColumn('off', 'text', c => c.notNull())
      .addColumn('work', 'text', c => c.notNull())
      .addColumn('reason', 'text', c => c.notNull())
      .addColumn('entered_by', 'bigint', c => c.references('person.id'))
      .addColumn('entered_at', 'bigint', c => c.notNull())
      .addPrimaryKeyConstraint('calendar_notice_key', ['year', 'version'])
      .execute()
    await tableWithId(db, kind, 'calendar_override')
      .addColumn('day', 'text', c => c.notNull())
      .addColumn('workday', 'integer', c => c.notNull())
      .addColumn('reason', 'text', c => c.notNull())
      .addColumn('basis', 'text', c => c.notNull())
      .addColumn('entered_by', 'bigint', c => c.notNull().references('person.id'))
      .addColumn('entered_at', 'bigint', c => c.notNull())
      .addColumn('revoked_at', 'bigint')
      .execute()
  },
})
