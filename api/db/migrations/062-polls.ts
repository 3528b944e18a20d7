import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What a post asks others to vote on, with the votes as last seen. */
export const polls = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema.alterTable('post').addColumn('poll', 'text').execute()
  },
})
