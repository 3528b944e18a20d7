import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

export const casework = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await tableWithId(db, kind, 'audit_entry')
      .addColumn('case_kind', 'text', c => c.notNull())
      .addColumn('case_id', 'text', c => c.notNull())
      .addColumn('seq', 'integer', c => c.notNull())
      .addColumn('at', 'bigint', c => c.notNull())
      .addColumn('actor_id', 'bigint')
      .addColumn('for_id', 'bigint')
      .addColumn('action', 'text', c => c.notNull())
      .addColumn('detail', 'text', c => c.notNull())
      .addColumn('prev_hash', 'text', c => c.notNull())
      .addColumn('hash', 'text', c => c.notNull())
      .addUniqueConstraint('audit_entry_chain', ['case_kind', 'case_id', 'seq'])
      .execute()
    await db.schema
      .createTable('audit_root')
      .addColumn('day', 'text', c => c.primaryKey())
      .addColumn('made_at', 'bigint', c => c.notNull())
      .addColumn('chains', 'integer', c => c.notNull())
      .addColumn('heads', 'text', c => c.notNull())
      .addColumn('prev_hash', 'text', c => c.notNull())
      .addColumn('hash', 'text', c => c.notNull())
      .execute()
    await db.schema
      .createTable('setting')
      .addColumn('key', 'text', c => c.notNull())
      .addColumn('valid_from', 'text', c => c.notNull())
      .addColumn('value', 'text', c => c.notNull())
      .addColumn('set_by', 'bigint')
      .addColumn('set_at', 'bigint', c => c.notNull())
      .addPrimaryKeyConstraint('setting_key', ['key', 'valid_from'])
      .execute()
  },
})
