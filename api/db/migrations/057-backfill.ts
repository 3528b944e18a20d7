import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** 补采: how far back a board is read, and how far that has come. */
export const backfill = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('backfill')
      .addColumn('source_id', 'text', c => c.notNull().references('source.id'))
      .addColumn('board_key', 'text', c => c.notNull())
      .addColumn('since', 'bigint', c => c.notNull())
      .addColumn('state', 'text', c => c.notNull())
      .addColumn('next_url', 'text')
      .addColumn('page', 'integer', c => c.notNull())
      .addColumn('oldest_at', 'bigint')
      .addColumn('pages', 'integer', c => c.notNull())
      .addColumn('threads', 'integer', c => c.notNull())
      .addColumn('posts_new', 'integer', c => c.notNull())
      .addColumn('failures', 'integer', c => c.notNull())
      .addColumn('error_message', 'text')
      .addColumn('tried_at', 'bigint')
      .addColumn('asked_by', 'bigint', c => c.notNull())
      .addColumn('asked_at', 'bigint', c => c.notNull())
      .addColumn('finished_at', 'bigint')
      .addPrimaryKeyConstraint('backfill_key', ['source_id', 'board_key'])
      .execute()
  },
})
