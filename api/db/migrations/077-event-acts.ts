import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

/** What each decision about events changed, so that it can be taken back; those made before stay as they are. */
export const eventActs = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await tableWithId(db, kind, 'event_act')
      .addColumn('action', 'text', c => c.notNull())
      .addColumn('event_id', 'bigint', c => c.notNull().references('event.id'))
      .addColumn('by_id', 'bigint', c => c.notNull().references('person.id'))
      .addColumn('at', 'bigint', c => c.notNull())
      .addColumn('undone_by', 'bigint', c => c.references('person.id'))
      .addColumn('undone_at', 'bigint')
      .execute()
    await db.schema
      .createTable('event_act_event')
      .addColumn('act_id', 'bigint', c => c.notNull().references('event_act.id'))
      .addColumn('event_id', 'bigint', c => c.notNull().references('event.id'))
      .addColumn('title', 'text')
      .addColumn('hand', 'integer', c => c.notNull())
      .addColumn('merged_into', 'bigint')
      .addPrimaryKeyConstraint('event_act_event_key', ['act_id', 'event_id'])
      .execute()
    await db.schema.createIndex('event_act_event_event').on('event_act_event').column('event_id').execute()
    await db.schema
      .createTable('event_act_post')
      .addColumn('act_id', 'bigint', c => c.notNull().references('event_act.id'))
      .addColumn('post_id', 'bigint', c => c.notNull().references('post.id'))
      .addColumn('from_event', 'bigint')
      .addColumn('from_fixed', 'integer')
      .addColumn('to_event', 'bigint')
      .addColumn('to_fixed', 'integer')
      .addPrimaryKeyConstraint('event_act_post_key', ['act_id', 'post_id'])
      .execute()
    await db.schema.createIndex('event_act_post_post').on('event_act_post').column('post_id').execute()
  },
})
