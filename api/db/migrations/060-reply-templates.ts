import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

export const replyTemplates = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await tableWithId(db, kind, 'reply_template')
      .addColumn('name', 'text', c => c.notNull())
      .addColumn('hint', 'text', c => c.notNull())
      .addColumn('body', 'text', c => c.notNull())
      .addColumn('active', 'integer', c => c.notNull())
      .addColumn('version', 'integer', c => c.notNull())
      .execute()
  },
})
