import type { Selectable } from 'kysely'
import type { Precision } from '../../pipeline/post.ts'
import { readAudit } from '../audit.ts'
import type { Db, Trx } from '../db/open.ts'
import type {
  SlipClockTable,
  SlipExtensionTable,
  SlipPostTable,
  SlipReplyTable,
  SlipReportTable,
  SlipTable,
  SlipTextTable,
  SlipTrackingTable,
} from '../db/tables/slips.ts'
import { AppError } from '../errors.ts'
import type { Level, SlipState } from '../vocabulary.ts'
import type { SlipFacts } from './rules.ts'

export type SlipRow = Selectable<SlipTable>
export type EntryRow = Selectable<SlipPostTable>
export type TextRow = Selectable<SlipTextTable>
export type ReplyRow = Selectable<SlipReplyTable>
export type ClockRow = Selectable<SlipClockTable>
export type ExtensionRow = Selectable<SlipExtensionTable>

/** A slip with all its records. */
export interface WholeSlip {
  slip: SlipRow
  entries: EntryRow[]
  texts: TextRow[]
  replies: ReplyRow[]
  clocks: ClockRow[]
  extensions: ExtensionRow[]
  tracking: Selectable<SlipTrackingTable>[]
  reports: Selectable<SlipReportTable>[]
}

/** @throws AppError notFound. */
export async function loadSlip(db: Db, id: number): Promise<WholeSlip> {
  const slip = await db.selectFrom('slip').selectAll().where('id', '=', id).executeTakeFirst()
  if (!slip) throw new AppError('notFound')
  return {
    slip,
    entries: await db.selectFrom('slip_post').selectAll().where('slip_id', '=', id).orderBy('id').execute(),
    texts: await db.selectFrom('slip_text').selectAll().where('slip_id', '=', id).orderBy('id').execute(),
    replies: await db.selectFrom('slip_reply').selectAll().where('slip_id', '=', id).orderBy('id').execute(),
    clocks: await db
      .selectFrom('slip_clock')
      .selectAll()
      .where('slip_id', '=', id)
      .orderBy('round')
      .execute(),
    extensions: await db
      .selectFrom('slip_extension')
      .selectAll()
      .where('slip_id', '=', id)
      .orderBy('id')
      .execute(),
    tracking: await db
      .selectFrom('slip_tracking')
      .selectAll()
      .where('slip_id', '=', id)
      .orderBy('id')
      .execute(),
    reports: await db.selectFrom('slip_report').selectAll().where('slip_id', '=', id).orderBy('id').execute(),
  }
}

export const activeEntries = ({ entries }: WholeSlip): EntryRow[] =>
  entries.filter(entry => entry.detached_at === null)

export const clockOf = ({ clocks, slip }: WholeSlip): ClockRow | null =>
  clocks.find(clock => clock.round === slip.round) ?? null

export function factsOf(whole: WholeSlip): SlipFacts {
  const { slip, texts, extensions } = whole
  const text = texts.find(({ id }) => id === slip.review_text_id)
  const open = extensions.find(({ state }) => state === 'open')
  return {
    status: slip.status as SlipState,
    level: slip.level as Level | null,
    unitId: slip.unit_id,
    leadUnitId: slip.lead_unit_id,
    pendingMajor: slip.pending_judgement !== null,
    reviewText: text ? { authorId: text.author_id, purpose: text.purpose } : null,
    openExtension: open ? { requestedBy: open.requested_by, beyondSeven: open.beyond_seven === 1 } : null,
    entries: activeEntries(whole).length,
  }
}

/** Takes the next version; the second of two writers is told what changed. @throws AppError slip.stale. */
export async function takeVersion(trx: Trx, id: number, version: number): Promise<void> {
  const rows = await trx
    .updateTable('slip')
    .set({ version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .returning('id')
    .execute()
  if (rows.length) return
  const changes = (await readAudit(trx, 'slip', String(id))).filter(({ seq }) => seq > version)
  throw new AppError('slip.stale', {
    details: { changes: changes.map(({ action, at, actorId, detail }) => ({ action, at, actorId, detail })) },
  })
}

export const updateSlip = (trx: Trx, id: number, change: Partial<Omit<SlipRow, 'id' | 'version'>>) =>
  Object.keys(change).length
    ? trx.updateTable('slip').set(change).where('id', '=', id).execute()
    : Promise.resolve()

/** Next number of a series within a year: `YQ〔2019〕017号` (requirements.md §3.1), `YQ2019-017`; past 999 it grows longer. */
export async function nextNumber(
  trx: Trx,
  column: 'number' | 'archive_number',
  prefix: string,
  suffix = '',
): Promise<string> {
  const last = await trx
    .selectFrom('slip')
    .select(column)
    .where(column, 'like', `${prefix}%${suffix}`)
    .orderBy(eb => eb.fn('length', [column]), 'desc')
    .orderBy(column, 'desc')
    .limit(1)
    .executeTakeFirst()
  const count = Number.parseInt(last?.[column]?.slice(prefix.length) ?? '0', 10) + 1
  return `${prefix}${String(count).padStart(3, '0')}${suffix}`
}

export interface NewEntry {
  postId: number | null
  sourceId: string | null
  threadKey: string | null
  platform: string
  board: string | null
  url: string | null
  noUrlReason: string | null
  author: string | null
  title: string | null
  text: string
  publishedAt: number | null
  publishedPrecision: Precision
}

export async function addEntry(
  trx: Trx,
  slipId: number,
  entry: NewEntry,
  by: number,
  at: number,
): Promise<number> {
  const { id } = await trx
    .insertInto('slip_post')
    .values({
      slip_id: slipId,
      post_id: entry.postId,
      source_id: entry.sourceId,
      thread_key: entry.threadKey,
      platform: entry.platform,
      board: entry.board,
      url: entry.url,
      no_url_reason: entry.noUrlReason,
      author: entry.author,
      title: entry.title,
      text: entry.text,
      published_at: entry.publishedAt,
      published_precision: entry.publishedPrecision,
      attached_by: by,
      attached_at: at,
      detached_at: null,
      detach_reason: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export const saveClock = (trx: Trx, clock: ClockRow) =>
  trx
    .insertInto('slip_clock')
    .values(clock)
    .onConflict(conflict => conflict.columns(['slip_id', 'round']).doUpdateSet(clock))
    .execute()

/** Approvals of a round lose their force: level or leader changed, or the text did. */
export const voidApprovals = (trx: Trx, slipId: number, round: number, at: number) =>
  trx
    .updateTable('slip_text')
    .set({ approval_void_at: at })
    .where('slip_id', '=', slipId)
    .where('round', '=', round)
    .where('approved_at', 'is not', null)
    .where('approval_void_at', 'is', null)
    .execute()

export interface ReplyToVerify {
  replyId: number
  slipId: number
  entryId: number
  sourceId: string | null
  threadKey: string | null
  postId: number | null
  url: string | null
  account: { platform: string; name: string; platformUid: string | null } | null
  approvedText: string
  repliedAt: number
  attempts: number
  /** Since when the page is due to be read. */
  dueAt: number
}

/** Public replies whose page is due to be read again (design §5). */
export async function repliesToVerify(db: Db, now: number): Promise<ReplyToVerify[]> {
  const rows = await db
    .selectFrom('slip_reply as r')
    .innerJoin('slip_post as e', 'e.id', 'r.entry_id')
    .leftJoin('account as a', 'a.id', 'r.account_id')
    .select(['r.id', 'r.slip_id', 'r.entry_id', 'r.url', 'r.text', 'r.replied_at', 'r.verify_attempts'])
    .select('r.verify_next_at')
    .select(['e.source_id', 'e.thread_key', 'e.post_id', 'a.platform', 'a.name', 'a.platform_uid'])
    .where('r.verify_next_at', '<=', now)
    .orderBy('r.id')
    .execute()
  return rows.map(row => ({
    replyId: row.id,
    slipId: row.slip_id,
    entryId: row.entry_id,
    sourceId: row.source_id,
    threadKey: row.thread_key,
    postId: row.post_id,
    url: row.url,
    account:
      row.name === null
        ? null
        : { platform: row.platform as string, name: row.name, platformUid: row.platform_uid },
    approvedText: row.text,
    repliedAt: row.replied_at,
    attempts: row.verify_attempts,
    dueAt: row.verify_next_at ?? now,
  }))
}

/** A slip that is not closed holds a post of this thread. */
export async function isThreadTracked(db: Db, sourceId: string, threadKey: string): Promise<boolean> {
  const row = await db
    .selectFrom('slip_post as e')
    .innerJoin('slip as s', 's.id', 'e.slip_id')
    .select('e.id')
    .where('e.source_id', '=', sourceId)
    .where('e.thread_key', '=', threadKey)
    .where('e.detached_at', 'is', null)
    .where('s.status', 'not in', ['archived', 'void'])
    .executeTakeFirst()
  return row !== undefined
}
