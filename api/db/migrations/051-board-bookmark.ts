import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** One table per board: its bookmark stands beside its plan, which is there before any round of it begins. */
export const boardBookmark = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema.alterTable('board_plan').addColumn('read_to', 'bigint').execute()
    await sql`update board_plan set read_to = (
      select board.read_to from board where board.source_id = board_plan.source_id and board.key = board_plan.key
    )`.execute(db)
    await db.schema.dropTable('board').execute()
  },
})
