import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

/** Reminders of clocks, dated 专员, patrol log, notes of leaders on a slip, local closures that wait for approval. */
export const reminders = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .alterTable('slip_clock')
      .addColumn('remind_at', 'bigint', c => c.defaultTo(0))
      .execute()
    await db.schema
      .alterTable('slip_clock')
      .addColumn('armed', 'integer', c => c.notNull().defaultTo(0))
      .execute()
    await db.schema.alterTable('slip_clock').addColumn('armed_at', 'bigint').execute()
    await db.schema.createIndex('slip_clock_remind').on('slip_clock').column('remind_at').execute()
    await db.schema
      .alterTable('slip')
      .addColumn('serious', 'integer', c => c.notNull().defaultTo(0))
      .execute()
    await db.schema.alterTable('slip').addColumn('order_text', 'text').execute()
    await tableWithId(db, kind, 'slip_reminder')
      .addColumn('key', 'text', c => c.notNull().unique())
      .addColumn('slip_id', 'bigint', c => c.notNull())
      .addColumn('round', 'integer', c => c.notNull())
      .addColumn('stage', 'text', c => c.notNull())
      .addColumn('sent_at', 'bigint', c => c.notNull())
      .addColumn('rung', 'integer', c => c.notNull())
      .addColumn('climb_at', 'bigint')
      .execute()
    await db.schema.createIndex('slip_reminder_slip').on('slip_reminder').column('slip_id').execute()
    await db.schema.createIndex('slip_reminder_climb').on('slip_reminder').column('climb_at').execute()
    await tableWithId(db, kind, 'slip_note')
      .addColumn('slip_id', 'bigint', c => c.notNull())
      .addColumn('kind', 'text', c => c.notNull())
      .addColumn('text_id', 'bigint')
      .addColumn('body', 'text', c => c.notNull())
      .addColumn('by_id', 'bigint', c => c.notNull())
      .addColumn('for_id', 'bigint')
      .addColumn('at', 'bigint', c => c.notNull())
      .execute()
    await db.schema.createIndex('slip_note_slip').on('slip_note').column('slip_id').execute()
    await tableWithId(db, kind, 'officer')
      .addColumn('unit_id', 'bigint', c => c.notNull().references('unit.id'))
      .addColumn('person_id', 'bigint', c => c.notNull().references('person.id'))
      .addColumn('is_deputy', 'integer', c => c.notNull())
      .addColumn('valid_from', 'text', c => c.notNull())
      .addColumn('valid_to', 'text')
      .execute()
    await tableWithId(db, kind, 'patrol_log')
      .addColumn('unit_id', 'bigint', c => c.notNull().references('unit.id'))
      .addColumn('day', 'text', c => c.notNull())
      .addColumn('person_id', 'bigint', c => c.notNull().references('person.id'))
      .addColumn('at', 'bigint', c => c.notNull())
      .addColumn('source_ids', 'text', c => c.notNull())
      .addColumn('missing', 'text', c => c.notNull())
      .addColumn('found', 'integer', c => c.notNull())
      .addColumn('note', 'text')
      .execute()
    await db.schema.createIndex('patrol_log_day').on('patrol_log').columns(['day', 'unit_id']).execute()
    await db.schema.alterTable('calendar_override').addColumn('approved_by', 'bigint').execute()
    await db.schema.alterTable('calendar_override').addColumn('approved_at', 'bigint').execute()
    // What stands so far was entered by 办公室主任, who approves.
    await sql`update calendar_override set approved_by = entered_by, approved_at = entered_at`.execute(db)
  },
})
