import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Pages as received of which the reader of that day made nothing: a mended one reads them again. */
export const missedPages = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('missed_page')
      .addColumn('source_id', 'text', c => c.notNull().references('source.id'))
      .addColumn('url', 'text', c => c.notNull())
      .addColumn('page', 'text', c => c.notNull().references('blob.sha256'))
      .addColumn('headers', 'text', c => c.notNull().references('blob.sha256'))
      .addColumn('received_at', 'bigint', c => c.notNull())
      .addColumn('thread_key', 'text')
      .addPrimaryKeyConstraint('missed_page_key', ['source_id', 'url', 'page'])
      .execute()
  },
})
