import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

export const captures = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await tableWithId(db, kind, 'capture_request')
      .addColumn('key', 'text', c => c.notNull().unique())
      .addColumn('reason', 'text', c => c.notNull())
      .addColumn('url', 'text', c => c.notNull())
      .addColumn('post_id', 'bigint')
      .addColumn('slip_id', 'bigint')
      .addColumn('reply_id', 'bigint')
      .addColumn('state', 'text', c => c.notNull())
      .addColumn('attempts', 'integer', c => c.notNull())
      .addColumn('next_at', 'bigint', c => c.notNull())
      .addColumn('created_at', 'bigint', c => c.notNull())
      .addColumn('error', 'text')
      .execute()
    await db.schema
      .createIndex('capture_request_due')
      .on('capture_request')
      .columns(['state', 'next_at'])
      .execute()
  },
})
