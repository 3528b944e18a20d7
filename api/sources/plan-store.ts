import { CEILING_REASON, nextDay } from '../../crawlers/pace.ts'
import { whyNot } from '../../crawlers/registry.ts'
import type { CrawlErrorKind, RoundOutcome, SourceConfig, Validators } from '../../crawlers/site.ts'
import type { Db, Trx } from '../db/open.ts'
import type { BoardPlanTable } from '../db/tables/sources.ts'
import { type HostState, hostStates } from './pace-store.ts'
import type { Rhythms } from './rhythm-store.ts'
import { type BoardFacts, type PlannedBoard, planHost, type Rhythm } from './schedule.ts'
import { type StoredSource, sourceList } from './store.ts'

export const hostOf = (config: SourceConfig): string => new URL(config.url).host

// --- what has come of reading ---

export type BoardRow = BoardPlanTable

export async function boardRows(db: Db): Promise<Map<string, BoardRow>> {
  const rows = await db.selectFrom('board_plan').selectAll().execute()
  return new Map(rows.map(row => [`${row.source_id}\n${row.key}`, row]))
}

/** A round of this board begins. False where another worker began one since `triedAt` was read. */
export async function claimBoard(
  trx: Trx,
  sourceId: string,
  key: string,
  triedAt: number | null,
  at: number,
): Promise<boolean> {
  if (triedAt === null) {
    const added = await trx
      .insertInto('board_plan')
      .values({ ...FRESH, source_id: sourceId, key, watched_since: at, tried_at: at })
      .onConflict(conflict => conflict.columns(['source_id', 'key']).doNothing())
      .returning('key')
      .execute()
    if (added.length) return true
  }
  const mine = await trx
    .updateTable('board_plan')
    .set({ tried_at: at })
    .where('source_id', '=', sourceId)
    .where('key', '=', key)
    .where('tried_at', triedAt === null ? 'is' : '=', triedAt)
    .returning('key')
    .execute()
  return mine.length === 1
}

const FRESH = {
  tried_at: null,
  read_at: null,
  whole_at: null,
  read_to: null,
  asked_at: null,
  found_at: null,
  news_at: null,
  failures: 0,
  error_kind: null,
  error_url: null,
  error_message: null,
  empty_reads: 0,
  missed_reads: 0,
} as const

/** Stores what a board's round came to: its plan, its bookmark, what to ask by next time, and a visit worth telling. */
export async function saveRound(trx: Trx, outcome: RoundOutcome): Promise<void> {
  const { source, what, postsNew, error, threadError } = outcome
  const at = Date.parse(outcome.finishedAt)
  if (what.kind === 'board') await saveBoard(trx, source, what.board, outcome, at)
  for (const each of outcome.validators) await saveValidators(trx, each.url, each.validators, at)
  const told = error ?? threadError
  if (!told && !postsNew && !outcome.threadsRead) return
  await trx
    .insertInto('visit')
    .values({
      source_id: source,
      board_key: what.kind === 'thread' ? null : what.board,
      started_at: Date.parse(outcome.startedAt),
      finished_at: at,
      pages: outcome.pages,
      threads_listed: outcome.listed,
      threads_read: outcome.threadsRead,
      threads_missed: outcome.threadsMissed,
      posts_seen: outcome.posts,
      posts_new: postsNew,
      error_kind: told?.kind ?? null,
      error_url: told?.url ?? null,
      error_message: told?.message ?? null,
    })
    .execute()
}

async function saveBoard(
  trx: Trx,
  source: string,
  key: string,
  outcome: RoundOutcome,
  at: number,
): Promise<void> {
  const { error, threadsRead, threadsMissed, listed, unchanged, postsNew } = outcome
  const isEmpty = listed === 0 && unchanged === 0
  await trx
    .updateTable('board_plan')
    .set(eb => ({
      error_kind: error?.kind ?? null,
      error_url: error?.url ?? null,
      error_message: error?.message ?? null,
      failures: error ? eb('failures', '+', 1) : 0,
      ...(outcome.whole && { whole_at: at }),
      ...(outcome.readTo && { read_to: Date.parse(outcome.readTo) }),
      ...(!error && { read_at: at, empty_reads: isEmpty ? eb('empty_reads', '+', 1) : 0 }),
      ...(threadsRead + threadsMissed > 0 && {
        found_at: at,
        missed_reads: threadsRead ? 0 : eb('missed_reads', '+', 1),
      }),
      ...(postsNew > 0 && { news_at: at }),
    }))
    .where('source_id', '=', source)
    .where('key', '=', key)
    .execute()
}

/** Posts of this board that were published before are 补采; 0 where it is not watched yet. */
export async function watchedSince(db: Db, sourceId: string, key: string): Promise<number> {
  const row = await db
    .selectFrom('board_plan')
    .select('watched_since')
    .where('source_id', '=', sourceId)
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.watched_since ?? 0
}

export async function boardReadTo(db: Db, sourceId: string, key: string): Promise<string | null> {
  const row = await db
    .selectFrom('board_plan')
    .select('read_to')
    .where('source_id', '=', sourceId)
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.read_to ? new Date(row.read_to).toISOString() : null
}

export async function pageValidators(db: Db, url: string): Promise<Validators | null> {
  const row = await db.selectFrom('page_validator').selectAll().where('url', '=', url).executeTakeFirst()
  if (!row) return null
  return {
    ...(row.etag && { etag: row.etag }),
    ...(row.last_modified && { lastModified: row.last_modified }),
  }
}

async function saveValidators(trx: Trx, url: string, validators: Validators, at: number): Promise<void> {
  const { etag = null, lastModified = null } = validators
  const row = { etag, last_modified: lastModified, fetched_at: at }
  await trx
    .insertInto('page_validator')
    .values({ url, ...row })
    .onConflict(conflict => conflict.column('url').doUpdateSet(row))
    .execute()
}

/** Every board of the source at once; pace and breaker stay in force. False where there is no such source that is on. */
export async function askForVisit(trx: Trx, id: string, now: number): Promise<boolean> {
  const known = await trx
    .selectFrom('source')
    .select('id')
    .where('id', '=', id)
    .where('enabled', '=', 1)
    .executeTakeFirst()
  if (!known) return false
  await trx.updateTable('board_plan').set({ asked_at: now }).where('source_id', '=', id).execute()
  return true
}

export async function lastVisits(db: Db, sourceId: string, limit: number) {
  const rows = await db
    .selectFrom('visit')
    .selectAll()
    .where('source_id', '=', sourceId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(row => ({
    startedAt: row.started_at,
    board: row.board_key,
    pages: row.pages,
    threadsRead: row.threads_read,
    threadsMissed: row.threads_missed,
    postsNew: row.posts_new,
    errorKind: row.error_kind as CrawlErrorKind | null,
    errorMessage: row.error_message,
  }))
}

// --- plan ---

export interface SourcePlan {
  source: StoredSource
  host: HostState
  boards: (PlannedBoard & { row: BoardRow | null; rhythm: Rhythm })[]
}

/** When every board of every source that is on is due, and why. */
export async function loadPlan(db: Db, now: number, rhythms: Rhythms): Promise<SourcePlan[]> {
  const sources = (await sourceList(db)).filter(({ enabled, config }) => enabled && !whyNot(config))
  const rows = await boardRows(db)
  const hosts = await hostStates(db, now)
  const plans: SourcePlan[] = []
  for (const host of new Set(sources.map(({ config }) => hostOf(config)))) {
    const state = hosts(host)
    const here = sources.filter(({ config }) => hostOf(config) === host)
    const held = heldOf(state, Math.max(...here.map(({ config }) => config.dailyCeiling)), now)
    const facts = here.map(({ config }) => ({
      config,
      boards: config.boards.map(({ key }) =>
        factsOf(key, rows.get(`${config.id}\n${key}`), rhythms.of(config.id, key)),
      ),
    }))
    const { requestsToday, crawlDelay } = state
    const planned = planHost(facts, { requestsToday, crawlDelay, held }, now)
    for (const [i, source] of here.entries())
      plans.push({
        source,
        host: state,
        boards: planned
          .filter(board => board.source === source.config.id)
          .map((board, at) => ({
            ...board,
            row: rows.get(`${board.source}\n${board.board}`) ?? null,
            rhythm: facts[i]?.boards[at]?.rhythm ?? [],
          })),
      })
  }
  return plans
}

function heldOf(
  { breaker, requestsToday }: HostState,
  ceiling: number,
  now: number,
): { until: number; reason: string } | null {
  if (breaker) return { until: breaker.until, reason: breaker.reason }
  return requestsToday >= ceiling ? { until: nextDay(now), reason: CEILING_REASON } : null
}

const factsOf = (
  key: string,
  row: BoardRow | undefined,
  learnt: { rhythm: Rhythm; lately: number },
): BoardFacts => ({
  key,
  triedAt: row?.tried_at ?? null,
  askedAt: row?.asked_at ?? null,
  failures: row?.failures ?? 0,
  ...learnt,
})
