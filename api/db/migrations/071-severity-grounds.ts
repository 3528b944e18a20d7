import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What a post ticks of the checklist for 研判; posts analysed before tick nothing until they are analysed again. */
export const severityGrounds = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .alterTable('analysis')
      .addColumn('severity_grounds', 'text', c => c.notNull().defaultTo('[]'))
      .execute()
  },
})
