import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const boards = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('board')
      .addColumn('source_id', 'text', c => c.notNull().references('source.id'))
      .addColumn('key', 'text', c => c.notNull())
      .addColumn('read_to', 'bigint', c => c.notNull())
      .addPrimaryKeyConstraint('board_key', ['source_id', 'key'])
      .execute()
  },
})
