import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

export const events = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await tableWithId(db, kind, 'event')
      .addColumn('title', 'text')
      .addColumn('created_at', 'bigint', c => c.notNull())
      .addColumn('hand', 'integer', c => c.notNull())
      .addColumn('merged_into', 'bigint', c => c.references('event.id'))
      .addColumn('version', 'integer', c => c.notNull().defaultTo(1))
      .execute()
    await db.schema
      .createTable('event_post')
      .addColumn('post_id', 'bigint', c => c.primaryKey().references('post.id'))
      .addColumn('event_id', 'bigint', c => c.references('event.id'))
      .addColumn('at', 'bigint', c => c.notNull())
      .addColumn('fixed', 'integer', c => c.notNull())
      .execute()
    await db.schema.createIndex('event_post_event').on('event_post').columns(['event_id', 'at']).execute()
    await db.schema.createIndex('event_post_at').on('event_post').column('at').execute()
    await db.schema
      .createTable('event_text')
      .addColumn('post_id', 'bigint', c => c.primaryKey().references('post.id'))
      .addColumn('key', 'text', c => c.notNull())
      .addColumn('at', 'bigint', c => c.notNull())
      .addColumn('terms', 'text', c => c.notNull())
      .addColumn('places', 'text', c => c.notNull())
      .addColumn('districts', 'text', c => c.notNull())
      .addColumn('event_class', 'text')
      .execute()
    await db.schema.createIndex('event_text_at').on('event_text').column('at').execute()
    await db.schema
      .createTable('event_term')
      .addColumn('term', 'text', c => c.notNull())
      .addColumn('post_id', 'bigint', c => c.notNull().references('post.id'))
      .addColumn('at', 'bigint', c => c.notNull())
      .addPrimaryKeyConstraint('event_term_key', ['term', 'post_id'])
      .execute()
    await db.schema.createIndex('event_term_at').on('event_term').columns(['term', 'at']).execute()
    await db.schema.createIndex('event_term_post').on('event_term').column('post_id').execute()
    await db.schema
      .createTable('event_turn')
      .addColumn('id', 'integer', c => c.primaryKey())
      .addColumn('turn', 'bigint', c => c.notNull())
      .addColumn('settled_turn', 'bigint', c => c.notNull())
      .execute()
    await sql`insert into event_turn (id, turn, settled_turn) values (1, 0, 0)`.execute(db)
  },
})
