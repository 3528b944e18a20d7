import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The floor of the page that a reply was found as, and since when it is no longer seen. */
export const replyPages = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema.alterTable('slip_reply').addColumn('page_post_id', 'bigint').execute()
    await db.schema.alterTable('slip_reply').addColumn('page_revision', 'integer').execute()
    await db.schema.alterTable('slip_reply').addColumn('page_gone_at', 'bigint').execute()
    await db.schema.createIndex('slip_reply_page').on('slip_reply').column('page_post_id').execute()
  },
})
