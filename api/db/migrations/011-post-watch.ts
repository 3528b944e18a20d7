import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** 补采: published before its board was watched. */
export const postWatch = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .alterTable('post')
      .addColumn('backfilled', 'integer', c => c.notNull().defaultTo(0))
      .execute()
  },
})
