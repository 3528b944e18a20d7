import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Number series; posts found after a clock had stopped; the posts of a further round; kinds of upward reports. */
export const slipProgress: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('number_series')
      .addColumn('series', 'text', c => c.primaryKey())
      .addColumn('last', 'integer', c => c.notNull())
      .execute()
    await db.schema
      .alterTable('slip_post')
      .addColumn('counts', 'integer', c => c.notNull().defaultTo(1))
      .execute()
    await db.schema.alterTable('slip_round').addColumn('entry_ids', 'text').execute()
    await db.schema
      .alterTable('slip_report')
      .addColumn('kind', 'text', c => c.notNull().defaultTo('first'))
      .execute()
    await db.schema.alterTable('evidence').addColumn('entry_id', 'bigint').execute()
    await db.schema.alterTable('slip_extension').addColumn('late_reason', 'text').execute()
  },
}
