import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Files hung on a post, as its page lists them: the crawlers' item has had them, the table had not. */
export const attachments = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema.alterTable('post').addColumn('attachments', 'text').execute()
  },
})
