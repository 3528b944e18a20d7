import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * The first post of each text, which every new one is looked up against. With an index on the fingerprint alone SQLite
 * went through all posts that are no copies instead, so that reading slowed down as the store grew.
 */
export const originals = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .createIndex('analysis_original')
      .on('analysis')
      .columns(['fingerprint', 'copy_of', 'post_id'])
      .execute()
    await db.schema.dropIndex('analysis_fingerprint').execute()
  },
})
