import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Copies, and what each post counts as in the rollups; posts analysed before are analysed again to fill both. */
export const likeness = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema.alterTable('analysis').addColumn('copy_kind', 'text').execute()
    for (const column of ['topic', 'mood', 'district'])
      await db.schema
        .alterTable('analysis')
        .addColumn(column, 'text', c => c.notNull().defaultTo(''))
        .execute()
    await db.schema.alterTable('analysis').addColumn('hour', 'bigint').execute()
    await db.schema.createIndex('analysis_copy_of').on('analysis').column('copy_of').execute()
    await sql`create index analysis_flagged_hour on analysis (hour) where flagged = 1`.execute(db)
    await db.schema
      .createTable('sketch')
      .addColumn('hash', 'bigint', c => c.notNull())
      .addColumn('post_id', 'bigint', c => c.notNull().references('post.id'))
      .addPrimaryKeyConstraint('sketch_key', ['hash', 'post_id'])
      .execute()
    await db.schema.createIndex('sketch_post').on('sketch').column('post_id').execute()
    await db.schema
      .createTable('daily')
      .addColumn('day', 'text', c => c.notNull())
      .addColumn('source_id', 'text', c => c.notNull())
      .addColumn('topic', 'text', c => c.notNull())
      .addColumn('mood', 'text', c => c.notNull())
      .addColumn('district', 'text', c => c.notNull())
      .addColumn('concern', 'text', c => c.notNull())
      .addColumn('posts', 'bigint', c => c.notNull())
      .addPrimaryKeyConstraint('daily_key', ['day', 'source_id', 'topic', 'mood', 'district', 'concern'])
      .execute()
    await sql`delete from hourly`.execute(db)
    await sql`update post set to_analyse = 1 where id in (select post_id from analysis)`.execute(db)
  },
})
