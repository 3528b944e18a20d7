import type { CreateTableBuilder, Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tableWithId } from '../columns.ts'
import type { DatabaseKind } from '../open.ts'

type Columns = Record<string, 'text' | 'text?' | 'integer' | 'integer?' | 'bigint' | 'bigint?'>

/** `?` = may be null; the slips tables are wide and plain, so their columns are listed as data. */
function withColumns(table: CreateTableBuilder<string, string>, columns: Columns) {
  let built = table
  for (const [name, type] of Object.entries(columns)) {
    const nullable = type.endsWith('?')
    built = built.addColumn(name, type.replace('?', '') as 'text' | 'integer' | 'bigint', c =>
      nullable ? c : c.notNull(),
    ) as typeof built
  }
  return built
}

const SLIP: Columns = {
  number: 'text?',
  idempotency_key: 'text?',
  status: 'text',
  level: 'text?',
  title: 'text',
  unit_id: 'bigint',
  lead_unit_id: 'bigint?',
  co_units: 'text',
  created_by: 'bigint',
  created_at: 'bigint',
  submitted_at: 'bigint?',
  found_at: 'bigint',
  found_how: 'text',
  phone: 'text?',
  topic: 'text?',
  summary: 'text',
  demand: 'text?',
  area: 'text?',
  media_level: 'text',
  proposed_level: 'text?',
  ground: 'text?',
  judged_by: 'bigint?',
  judged_at: 'bigint?',
  pending_judgement: 'text?',
  round: 'integer',
  review_text_id: 'bigint?',
  result: 'text?',
  finished_at: 'bigint?',
  handed_over_at: 'bigint?',
  archived_at: 'bigint?',
  archive_number: 'text?',
  void_reason: 'text?',
  version: 'integer',
}

const CHILDREN: Record<string, Columns> = {
  slip_post: {
    slip_id: 'bigint',
    post_id: 'bigint?',
    source_id: 'text?',
    thread_key: 'text?',
    platform: 'text',
    board: 'text?',
    url: 'text?',
    no_url_reason: 'text?',
    author: 'text?',
    title: 'text?',
    text: 'text',
    published_at: 'bigint?',
    published_precision: 'text?',
    attached_by: 'bigint',
    attached_at: 'bigint',
    detached_at: 'bigint?',
    detach_reason: 'text?',
  },
  slip_text: {
    slip_id: 'bigint',
    round: 'integer',
    purpose: 'text',
    number: 'integer',
    body: 'text',
    mode: 'text',
    private_reason: 'text?',
    reason: 'text?',
    author_id: 'bigint',
    saved_by: 'bigint',
    saved_at: 'bigint',
    hash: 'text',
    approved_by: 'bigint?',
    approved_for: 'bigint?',
    approved_at: 'bigint?',
    opinion: 'text?',
    approval_void_at: 'bigint?',
  },
  slip_reply: {
    slip_id: 'bigint',
    entry_id: 'bigint',
    round: 'integer',
    kind: 'text',
    text_id: 'bigint',
    account_id: 'bigint?',
    mode: 'text',
    url: 'text?',
    replied_at: 'bigint',
    text: 'text',
    no_reply_reason: 'text?',
    reason: 'text?',
    verify: 'text',
    verify_difference: 'text?',
    verified_at: 'bigint?',
    verify_attempts: 'integer',
    verify_next_at: 'bigint?',
    recorded_by: 'bigint',
    recorded_at: 'bigint',
  },
  slip_extension: {
    slip_id: 'bigint',
    round: 'integer',
    requested_by: 'bigint',
    requested_at: 'bigint',
    reason: 'text',
    until_day: 'text',
    beyond_seven: 'integer',
    state: 'text',
    decided_by: 'bigint?',
    decided_at: 'bigint?',
    decision_reason: 'text?',
    warning: 'text?',
  },
  slip_tracking: {
    slip_id: 'bigint',
    round: 'integer',
    at: 'bigint',
    by_id: 'bigint',
    views: 'bigint?',
    replies: 'bigint?',
    claims: 'text',
    judgement: 'text',
  },
  slip_report: {
    slip_id: 'bigint',
    receiver: 'text',
    sent_at: 'bigint',
    way: 'text',
    handler: 'text',
    receipt: 'text?',
    note: 'text?',
    recorded_by: 'bigint',
  },
  slip_transfer: {
    slip_id: 'bigint',
    at: 'bigint',
    by_id: 'bigint',
    to_unit_id: 'bigint',
    reason: 'text',
    state: 'text',
  },
}

export const slips = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    const table = (name: string) =>
      tableWithId(db, kind, name) as unknown as CreateTableBuilder<string, string>
    await withColumns(table('slip'), SLIP)
      .addUniqueConstraint('slip_number', ['number'])
      .addUniqueConstraint('slip_idempotency', ['created_by', 'idempotency_key'])
      .addUniqueConstraint('slip_archive_number', ['archive_number'])
      .execute()
    await db.schema.createIndex('slip_status').on('slip').column('status').execute()
    for (const [name, columns] of Object.entries(CHILDREN)) {
      await withColumns(table(name), columns).execute()
      await db.schema.createIndex(`${name}_slip`).on(name).column('slip_id').execute()
    }
    await db.schema.createIndex('slip_post_post').on('slip_post').column('post_id').execute()
    await db.schema.createIndex('slip_reply_verify').on('slip_reply').column('verify_next_at').execute()
    await withColumns(db.schema.createTable('slip_round') as CreateTableBuilder<string, string>, {
      slip_id: 'bigint',
      round: 'integer',
      opened_at: 'bigint',
      reason: 'text',
    })
      .addPrimaryKeyConstraint('slip_round_key', ['slip_id', 'round'] as never)
      .execute()
    await withColumns(db.schema.createTable('slip_clock') as CreateTableBuilder<string, string>, {
      slip_id: 'bigint',
      round: 'integer',
      found_at: 'bigint',
      due_at: 'bigint?',
      days: 'integer?',
      provisional: 'integer',
      steps: 'text',
      calendar_version: 'text',
      fixed: 'integer',
      stopped_at: 'bigint?',
      on_time: 'integer?',
      history: 'text',
    })
      .addPrimaryKeyConstraint('slip_clock_key', ['slip_id', 'round'] as never)
      .execute()
    await db.schema.createIndex('slip_clock_due').on('slip_clock').columns(['stopped_at', 'due_at']).execute()
  },
})
