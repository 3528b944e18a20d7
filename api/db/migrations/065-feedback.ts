import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

export const feedback = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await tableWithId(db, kind, 'feedback_set')
      .addColumn('words', 'text', c => c.notNull())
      .addColumn('kept', 'integer', c => c.notNull())
      .addColumn('dismissed', 'integer', c => c.notNull())
      .addColumn('effect', 'text', c => c.notNull())
      .addColumn('state', 'text', c => c.notNull())
      .addColumn('created_at', 'bigint', c => c.notNull())
      .addColumn('decided_by', 'bigint')
      .addColumn('decided_at', 'bigint')
      .addColumn('decided_why', 'text')
      .execute()
  },
})
