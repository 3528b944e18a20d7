import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

export const rules = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('rule_version')
      .addColumn('rule_id', 'text', c => c.notNull())
      .addColumn('version', 'integer', c => c.notNull())
      .addColumn('body', 'text', c => c.notNull())
      .addColumn('state', 'text', c => c.notNull())
      .addColumn('why', 'text', c => c.notNull())
      .addColumn('created_by', 'bigint')
      .addColumn('created_at', 'bigint', c => c.notNull())
      .addColumn('decided_by', 'bigint')
      .addColumn('decided_at', 'bigint')
      .addColumn('decided_why', 'text')
      .addPrimaryKeyConstraint('rule_version_key', ['rule_id', 'version'])
      .execute()
    await db.schema
      .createTable('lexicon')
      .addColumn('version', 'integer', c => c.primaryKey())
      .addColumn('at', 'bigint', c => c.notNull())
      .addColumn('person_id', 'bigint')
      .addColumn('what', 'text', c => c.notNull())
      .execute()
    await db.schema
      .createTable('rule_hit')
      .addColumn('post_id', 'bigint', c => c.notNull())
      .addColumn('rule_id', 'text', c => c.notNull())
      .addColumn('version', 'integer', c => c.notNull())
      .addColumn('at', 'bigint', c => c.notNull())
      .addPrimaryKeyConstraint('rule_hit_key', ['post_id', 'rule_id'])
      .execute()
    await db.schema.createIndex('rule_hit_rule').on('rule_hit').columns(['rule_id', 'at']).execute()
    await tableWithId(db, kind, 'rule_trial')
      .addColumn('kind', 'text', c => c.notNull())
      .addColumn('input', 'text', c => c.notNull())
      .addColumn('state', 'text', c => c.notNull())
      .addColumn('done', 'integer', c => c.notNull())
      .addColumn('total', 'integer', c => c.notNull())
      .addColumn('result', 'text')
      .addColumn('created_by', 'bigint', c => c.notNull())
      .addColumn('created_at', 'bigint', c => c.notNull())
      .addColumn('finished_at', 'bigint')
      .execute()
  },
})
