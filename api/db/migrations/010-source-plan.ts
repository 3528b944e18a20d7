import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** When each board is read, what came of it, and the rhythm learnt from it; sums of a source are derived. */
export const sourcePlan = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('board_plan')
      .addColumn('source_id', 'text', c => c.notNull().references('source.id'))
      .addColumn('key', 'text', c => c.notNull())
      .addColumn('watched_since', 'bigint', c => c.notNull())
      .addColumn('tried_at', 'bigint')
      .addColumn('read_at', 'bigint')
      .addColumn('whole_at', 'bigint')
      .addColumn('asked_at', 'bigint')
      .addColumn('found_at', 'bigint')
      .addColumn('news_at', 'bigint')
      .addColumn('failures', 'integer', c => c.notNull())
      .addColumn('error_kind', 'text')
      .addColumn('error_url', 'text')
      .addColumn('error_message', 'text')
      .addColumn('empty_reads', 'integer', c => c.notNull())
      .addColumn('missed_reads', 'integer', c => c.notNull())
      .addPrimaryKeyConstraint('board_plan_key', ['source_id', 'key'])
      .execute()
    await db.schema
      .createTable('board_hour')
      .addColumn('source_id', 'text', c => c.notNull().references('source.id'))
      .addColumn('board_key', 'text', c => c.notNull())
      .addColumn('hour', 'bigint', c => c.notNull())
      .addColumn('posts', 'integer', c => c.notNull())
      .addColumn('undated', 'integer', c => c.notNull())
      .addPrimaryKeyConstraint('board_hour_key', ['source_id', 'board_key', 'hour'])
      .execute()
    await db.schema.alterTable('host').addColumn('turn_until', 'bigint').execute()
    await db.schema
      .alterTable('host')
      .addColumn('crawl_delay', 'integer', c => c.notNull().defaultTo(0))
      .execute()
    await db.schema.alterTable('thread').addColumn('changed_at', 'bigint').execute()
    await db.schema.alterTable('thread').addColumn('asked_at', 'bigint').execute()
    await db.schema
      .alterTable('thread')
      .addColumn('failures', 'integer', c => c.notNull().defaultTo(0))
      .execute()
    await db.schema.createIndex('thread_due').on('thread').column('revisit_at').execute()
    await db.schema.alterTable('visit').addColumn('board_key', 'text').execute()
    await db.schema
      .alterTable('visit')
      .addColumn('threads_missed', 'integer', c => c.notNull().defaultTo(0))
      .execute()
    for (const column of ['next_visit_at', 'last_success_at', 'last_new_post_at', 'consecutive_failures'])
      await db.schema.alterTable('source').dropColumn(column).execute()
  },
})
