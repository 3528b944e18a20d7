import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

/** Daily sums of one dimension each, so that a year reads in milliseconds; bursts. Posts are counted anew. */
export const trends = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema.dropTable('daily').execute()
    await db.schema
      .createTable('daily')
      .addColumn('dimension', 'text', c => c.notNull())
      .addColumn('value', 'text', c => c.notNull())
      .addColumn('day', 'text', c => c.notNull())
      .addColumn('concern', 'text', c => c.notNull())
      .addColumn('posts', 'bigint', c => c.notNull())
      .addPrimaryKeyConstraint('daily_key', ['dimension', 'day', 'value', 'concern'])
      .execute()
    await sql`delete from hourly`.execute(db)
    await sql`update analysis set hour = null`.execute(db)
    await sql`update post set to_analyse = 1 where id in (select post_id from analysis)`.execute(db)
    await tableWithId(db, kind, 'burst')
      .addColumn('kind', 'text', c => c.notNull())
      .addColumn('key', 'text', c => c.notNull())
      .addColumn('started_at', 'bigint', c => c.notNull())
      .addColumn('last_alarm_at', 'bigint', c => c.notNull())
      .addColumn('closed_at', 'bigint')
      .addColumn('posts', 'bigint', c => c.notNull())
      .addColumn('noticed_posts', 'bigint', c => c.notNull())
      .addColumn('notices', 'integer', c => c.notNull())
      .addColumn('evidence', 'text', c => c.notNull())
      .execute()
    await db.schema.createIndex('burst_series').on('burst').columns(['kind', 'key']).execute()
    await db.schema.createIndex('burst_alarm').on('burst').column('last_alarm_at').execute()
    await db.schema
      .createTable('burst_setting')
      .addColumn('id', 'integer', c => c.primaryKey())
      .addColumn('sensitivity', 'text', c => c.notNull())
      .addColumn('set_by', 'bigint', c => c.references('person.id'))
      .addColumn('set_at', 'bigint', c => c.notNull())
      .execute()
  },
})
