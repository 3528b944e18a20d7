import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Two processes that ask for the same at once add one job, not two. */
export const jobKey = (): Migration => ({
  async up(db: Kysely<never>) {
    // Hints only: what they point at is still there.
    await sql`delete from job where state = 'waiting' and key is not null`.execute(db)
    await db.schema
      .createIndex('job_waiting_key')
      .on('job')
      .unique()
      .columns(['name', 'key'])
      .where(sql.ref('state'), '=', sql.lit('waiting'))
      .execute()
  },
})
