import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

export const evidence = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('blob')
      .addColumn('sha256', 'text', c => c.primaryKey())
      .addColumn('size', 'bigint', c => c.notNull())
      .addColumn('media_type', 'text', c => c.notNull())
      .addColumn('created_at', 'bigint', c => c.notNull())
      .execute()
    await tableWithId(db, kind, 'evidence')
      .addColumn('kind', 'text', c => c.notNull())
      .addColumn('sha256', 'text', c => c.notNull().references('blob.sha256'))
      .addColumn('post_id', 'bigint')
      .addColumn('slip_id', 'bigint')
      .addColumn('reply_id', 'bigint')
      .addColumn('url', 'text')
      .addColumn('file_name', 'text')
      .addColumn('captured_at', 'bigint', c => c.notNull())
      .addColumn('person_id', 'bigint')
      .execute()
    await db.schema.createIndex('evidence_post').on('evidence').column('post_id').execute()
    await db.schema.createIndex('evidence_slip').on('evidence').column('slip_id').execute()
  },
})
