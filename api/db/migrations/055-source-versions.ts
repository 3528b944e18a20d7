import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Who changed a source, why, and what it was; sources that are there already begin with what they are now. */
export const sourceVersions = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('source_version')
      .addColumn('source_id', 'text', c => c.notNull().references('source.id'))
      .addColumn('version', 'integer', c => c.notNull())
      .addColumn('config', 'text', c => c.notNull())
      .addColumn('enabled', 'integer', c => c.notNull())
      .addColumn('reason', 'text')
      .addColumn('why', 'text', c => c.notNull())
      .addColumn('created_by', 'bigint')
      .addColumn('created_at', 'bigint', c => c.notNull())
      .addPrimaryKeyConstraint('source_version_key', ['source_id', 'version'])
      .execute()
    await sql`insert into source_version
      (source_id, version, config, enabled, reason, why, created_by, created_at)
      select id, version, config, enabled, reason, '由配置文件载入', null, created_at from source`.execute(db)
  },
})
