import { CEILING_REASON, nextDay } from '../../crawlers/pace.ts'
import { whyNot } from '../../crawlers/registry.ts'
import type { CrawlErrorKind, RoundOutcome, SourceConfig, Validators } from '../../crawlers/site.ts'
import type { RawPost } from '../../pipeline/post.ts'
import type { Db, Trx } from '../db/open.ts'
import type { BoardPlanTable } from '../db/tables/sources.ts'
import { type HostState, hostStates } from './pace-store.ts'
import { type BoardFacts, hourOfDay, type PlannedBoard, planHost, type Rhythm, rhythmOf } from './schedule.ts'
import { type StoredSource, sourceList } from './store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** The rhythm is learnt from the last four weeks. */
const LEARNT_DAYS = 28

export const hostOf = (config: SourceConfig): string => new URL(config.url).host
const floorHour = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS

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

// --- rhythm ---

/** New posts by the hour in which they were published, or first seen where the page does not say. */
export async function countPosts(
  trx: Trx,
  source: string,
  boardKey: string | null,
  posts: readonly RawPost[],
): Promise<void> {
  const hours = new Map<number, { posts: number; undated: number }>()
  for (const { publishedAt, publishedPrecision, seenAt } of posts) {
    const isTimed = publishedAt !== null && !['day', 'month', 'year'].includes(publishedPrecision ?? '')
    const hour = floorHour(Date.parse(isTimed ? publishedAt : seenAt))
    const sum = hours.get(hour) ?? { posts: 0, undated: 0 }
    hours.set(hour, { posts: sum.posts + 1, undated: sum.undated + (publishedAt === null ? 1 : 0) })
  }
  for (const [hour, sum] of hours)
    await trx
      .insertInto('board_hour')
      .values({ source_id: source, board_key: boardKey ?? '', hour, ...sum })
      .onConflict(conflict =>
        conflict.columns(['source_id', 'board_key', 'hour']).doUpdateSet(eb => ({
          posts: eb('board_hour.posts', '+', sum.posts),
          undated: eb('board_hour.undated', '+', sum.undated),
        })),
      )
      .execute()
}

export interface Rhythms {
  of(sourceId: string, boardKey: string): { rhythm: Rhythm; lately: number }
}

/** What is expected on each board, from the last four weeks; `lately` = posts per hour since the hour before this. */
export async function loadRhythms(db: Db, now: number): Promise<Rhythms> {
  const from = floorHour(now - LEARNT_DAYS * DAY_MS)
  const rows = await db
    .selectFrom('board_hour')
    .select(['source_id', 'board_key', 'hour', 'posts'])
    .where('hour', '>=', from)
    .execute()
  const recentFrom = floorHour(now) - HOUR_MS
  const boards = new Map<string, { posts: number; recent: number }>()
  const sources = new Map<string, { byHour: number[]; since: number }>()
  for (const { source_id, board_key, hour, posts } of rows) {
    const board = boards.get(`${source_id}\n${board_key}`) ?? { posts: 0, recent: 0 }
    board.posts += posts
    if (hour >= recentFrom) board.recent += posts
    boards.set(`${source_id}\n${board_key}`, board)
    const source = sources.get(source_id) ?? { byHour: new Array<number>(24).fill(0), since: now }
    source.byHour[hourOfDay(hour)] = (source.byHour[hourOfDay(hour)] ?? 0) + posts
    source.since = Math.min(source.since, hour)
    sources.set(source_id, source)
  }
  const recentHours = Math.max((now - recentFrom) / HOUR_MS, 1)
  return {
    of(sourceId, boardKey) {
      const source = sources.get(sourceId) ?? { byHour: [], since: now }
      const { posts, recent } = boards.get(`${sourceId}\n${boardKey}`) ?? { posts: 0, recent: 0 }
      const days = Math.min(LEARNT_DAYS, (now - source.since) / DAY_MS)
      return { rhythm: rhythmOf(posts, source.byHour, days), lately: recent / recentHours }
    },
  }
}

/** New posts of each source in the last three days, and how many of them have no readable date. */
export async function recentDates(
  db: Db,
  now: number,
): Promise<Map<string, { posts: number; undated: number }>> {
  const rows = await db
    .selectFrom('board_hour')
    .select('source_id')
    .select(eb => [eb.fn.sum<number>('posts').as('posts'), eb.fn.sum<number>('undated').as('undated')])
    .where('hour', '>=', floorHour(now - 3 * DAY_MS))
    .groupBy('source_id')
    .execute()
  return new Map(rows.map(row => [row.source_id, { posts: Number(row.posts), undated: Number(row.undated) }]))
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
