import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Who still needs a file is asked before it is let go. */
export const missedPruned = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema.createIndex('evidence_file').on('evidence').column('sha256').execute()
    await db.schema.createIndex('missed_page_file').on('missed_page').column('page').execute()
    await db.schema.createIndex('missed_page_head').on('missed_page').column('headers').execute()
  },
})
