import type { Selectable } from 'kysely'
import type { Precision } from '../../pipeline/post.ts'
import type { Db, Trx } from '../db/open.ts'
import type {
  SlipClockTable,
  SlipExtensionTable,
  SlipNoteTable,
  SlipPostTable,
  SlipReplyTable,
  SlipReportTable,
  SlipRoundTable,
  SlipTable,
  SlipTextTable,
  SlipTrackingTable,
  SlipTransferTable,
} from '../db/tables/slips.ts'
import { AppError } from '../errors.ts'
import type { Level, SlipState } from '../vocabulary.ts'
import { reportsOut } from './progress.ts'
import type { SlipFacts } from './relations.ts'

export type SlipRow = Selectable<SlipTable>
export type EntryRow = Selectable<SlipPostTable>
export type TextRow = Selectable<SlipTextTable>
export type ReplyRow = Selectable<SlipReplyTable>
export type ClockRow = Selectable<SlipClockTable>
export type ExtensionRow = Selectable<SlipExtensionTable>
export type ReportRow = Selectable<SlipReportTable>
export type RoundRow = Selectable<SlipRoundTable>

/** A slip with all its records. */
export interface WholeSlip {
  slip: SlipRow
  entries: EntryRow[]
  texts: TextRow[]
  replies: ReplyRow[]
  clocks: ClockRow[]
  extensions: ExtensionRow[]
  tracking: Selectable<SlipTrackingTable>[]
  reports: ReportRow[]
  rounds: RoundRow[]
  transfers: Selectable<SlipTransferTable>[]
  notes: Selectable<SlipNoteTable>[]
}

/** @throws AppError notFound. */
export async function slipRow(db: Db, id: number): Promise<SlipRow> {
  const slip = await db.selectFrom('slip').selectAll().where('id', '=', id).executeTakeFirst()
  if (!slip) throw new AppError('notFound')
  return slip
}

/** @throws AppError notFound. */
export async function loadSlip(db: Db, id: number): Promise<WholeSlip> {
  const [whole] = await loadSlips(db, [id])
  if (!whole) throw new AppError('notFound')
  return whole
}

const CHUNK = 500

/** In the order of `ids`, a few queries for all of them; unknown ones are left out. */
export async function loadSlips(db: Db, ids: readonly number[]): Promise<WholeSlip[]> {
  const found: WholeSlip[] = []
  for (let at = 0; at < ids.length; at += CHUNK)
    found.push(...(await loadChunk(db, ids.slice(at, at + CHUNK))))
  return found
}

async function loadChunk(db: Db, ids: readonly number[]): Promise<WholeSlip[]> {
  const slips = await db.selectFrom('slip').selectAll().where('id', 'in', ids).execute()
  const entries = bySlip(
    await db.selectFrom('slip_post').selectAll().where('slip_id', 'in', ids).orderBy('id').execute(),
  )
  const texts = bySlip(
    await db.selectFrom('slip_text').selectAll().where('slip_id', 'in', ids).orderBy('id').execute(),
  )
  const replies = bySlip(
    await db.selectFrom('slip_reply').selectAll().where('slip_id', 'in', ids).orderBy('id').execute(),
  )
  const clocks = bySlip(
    await db.selectFrom('slip_clock').selectAll().where('slip_id', 'in', ids).orderBy('round').execute(),
  )
  const extensions = bySlip(
    await db.selectFrom('slip_extension').selectAll().where('slip_id', 'in', ids).orderBy('id').execute(),
  )
  const tracking = bySlip(
    await db.selectFrom('slip_tracking').selectAll().where('slip_id', 'in', ids).orderBy('id').execute(),
  )
  const reports = bySlip(
    await db.selectFrom('slip_report').selectAll().where('slip_id', 'in', ids).orderBy('id').execute(),
  )
  const rounds = bySlip(
    await db.selectFrom('slip_round').selectAll().where('slip_id', 'in', ids).orderBy('round').execute(),
  )
  const transfers = bySlip(
    await db.selectFrom('slip_transfer').selectAll().where('slip_id', 'in', ids).orderBy('id').execute(),
  )
  const notes = bySlip(
    await db.selectFrom('slip_note').selectAll().where('slip_id', 'in', ids).orderBy('id').execute(),
  )
  const byId = new Map(slips.map(slip => [slip.id, slip]))
  return ids.flatMap(id => {
    const slip = byId.get(id)
    if (!slip) return []
    return [
      {
        slip,
        entries: entries(id),
        texts: texts(id),
        replies: replies(id),
        clocks: clocks(id),
        extensions: extensions(id),
        tracking: tracking(id),
        reports: reports(id),
        rounds: rounds(id),
        transfers: transfers(id),
        notes: notes(id),
      },
    ]
  })
}

function bySlip<Row extends { slip_id: number }>(rows: Row[]): (slipId: number) => Row[] {
  const groups = Map.groupBy(rows, row => row.slip_id)
  return slipId => groups.get(slipId) ?? []
}

export const activeEntries = ({ entries }: WholeSlip): EntryRow[] =>
  entries.filter(entry => entry.detached_at === null)

export const clockOf = ({ clocks, slip }: WholeSlip): ClockRow | null =>
  clocks.find(clock => clock.round === slip.round) ?? null

/** What decides who sees a slip. */
export const scopeFacts = (slip: SlipRow) => ({
  unitId: slip.unit_id,
  createdBy: slip.created_by,
  leadUnitId: slip.lead_unit_id,
  coUnitIds: JSON.parse(slip.co_units) as number[],
})

export function factsOf(whole: WholeSlip): SlipFacts {
  const { slip, texts, extensions } = whole
  const text = texts.find(({ id }) => id === slip.review_text_id)
  const open = extensions.find(({ state }) => state === 'open')
  const versions = texts.filter(each => each.round === slip.round && each.purpose === text?.purpose)
  return {
    status: slip.status as SlipState,
    level: slip.level as Level | null,
    ...scopeFacts(slip),
    submitted: slip.submitted_at !== null,
    pendingMajor: slip.pending_judgement !== null,
    reports: whole.reports.length,
    reportsOut: reportsOut(whole),
    reviewText: text ? { authorIds: versions.map(each => each.author_id), purpose: text.purpose } : null,
    openExtension: open ? { requestedBy: open.requested_by, beyondSeven: open.beyond_seven === 1 } : null,
    openTransfer: whole.transfers.some(({ state }) => state === 'open'),
    entries: activeEntries(whole).length,
  }
}

export const updateSlip = (trx: Trx, id: number, change: Partial<Omit<SlipRow, 'id' | 'version'>>) =>
  Object.keys(change).length
    ? trx.updateTable('slip').set(change).where('id', '=', id).execute()
    : Promise.resolve()

/** Next number of a series, from 1: one statement, so that two at once never get the same. */
export async function nextNumber(trx: Trx, series: string): Promise<number> {
  const { last } = await trx
    .insertInto('number_series')
    .values({ series, last: 1 })
    .onConflict(conflict =>
      conflict.column('series').doUpdateSet(eb => ({ last: eb('number_series.last', '+', 1) })),
    )
    .returning('last')
    .executeTakeFirstOrThrow()
  return last
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
  /** False: found after the round's clock had stopped. */
  counts: boolean
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
      counts: entry.counts ? 1 : 0,
      detached_at: null,
      detach_reason: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Returns the clock as it stands now. */
export async function saveClock(trx: Trx, clock: ClockRow): Promise<ClockRow> {
  const { stopped_at, due_at } = clock
  const on_time = stopped_at === null || due_at === null ? null : stopped_at < due_at ? 1 : 0
  const row = { ...clock, on_time }
  await trx
    .insertInto('slip_clock')
    .values(row)
    .onConflict(conflict => conflict.columns(['slip_id', 'round']).doUpdateSet(row))
    .execute()
  return row
}

/** Approvals of a round lose their force, of one purpose or of all: the text, the level or the leader changed. */
export const voidApprovals = (trx: Trx, slipId: number, round: number, at: number, purpose?: string) =>
  trx
    .updateTable('slip_text')
    .set({ approval_void_at: at })
    .where('slip_id', '=', slipId)
    .where('round', '=', round)
    .where('approved_at', 'is not', null)
    .where('approval_void_at', 'is', null)
    .$if(purpose !== undefined, query => query.where('purpose', '=', purpose as string))
    .execute()

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
