import type { CrawlErrorKind } from '../../crawlers/site.ts'
import type { Db } from '../db/open.ts'
import type { BackfillTable } from '../db/tables/sources.ts'
import { sourceAlarms } from './alarm-store.ts'
import { backfills } from './backfill-store.ts'
import { hostStates } from './pace-store.ts'
import { type BoardRow, boardRows, hostOf, lastVisits, loadPlan } from './plan-store.ts'
import { loadRhythms } from './rhythm-store.ts'
import type { BackfillView, BoardView, SourceView } from './routes.ts'
import { sourceHealth } from './rules.ts'
import { backfillWait, type PlannedBoard, type Rhythm } from './schedule.ts'
import { postCounts, type StoredSource, sourceList } from './store.ts'

type Planned = PlannedBoard & { rhythm: Rhythm }

const DAY_MS = 86_400_000

function backfillView(row: BackfillTable, why: string | null): BackfillView {
  const { state, since, asked_at: asked, oldest_at: oldest } = row
  const gone = oldest === null ? 0 : Math.min(0.99, Math.max(0, (asked - oldest) / (asked - since)))
  return {
    state,
    days: Math.round((asked - since) / DAY_MS),
    share: state === 'done' ? 1 : gone,
    oldestAt: oldest,
    pages: row.pages,
    threads: row.threads,
    postsNew: row.posts_new,
    error: row.error_message,
    why: state === 'running' ? why : null,
  }
}

function boardView(
  { key, name }: { key: string; name: string },
  row: BoardRow | undefined,
  planned: Planned | undefined,
  backfill: BackfillView | null,
): BoardView {
  const perDay = planned?.rhythm.reduce((sum, posts) => sum + posts, 0)
  return {
    key,
    name,
    watchedSince: row?.watched_since ?? null,
    nextAt: planned?.at ?? null,
    everySeconds: planned ? Math.round(planned.intervalMs / 1000) : null,
    why: planned?.why ?? null,
    readAt: row?.read_at ?? null,
    newAt: row?.news_at ?? null,
    postsPerDay: perDay === undefined ? null : Math.round(perDay * 10) / 10,
    failures: row?.failures ?? 0,
    error: row?.error_kind
      ? { kind: row.error_kind as CrawlErrorKind, message: row.error_message ?? '', url: row.error_url ?? '' }
      : null,
    backfill,
  }
}

const latest = (times: (number | null)[]): number | null => {
  const known = times.filter(at => at !== null)
  return known.length ? Math.max(...known) : null
}

/** Every source with its plan, as the 信源 page shows it. */
export async function sourceViews(db: Db, now: number): Promise<SourceView[]> {
  const sources = await sourceList(db)
  const plans = await loadPlan(db, now, await loadRhythms(db, now))
  const plannedOf = new Map(
    plans.flatMap(({ boards }) => boards.map(board => [`${board.source}\n${board.board}`, board])),
  )
  const rows = await boardRows(db)
  const hosts = await hostStates(db, now)
  const counts = await postCounts(db)
  const alarms = await sourceAlarms(db, now)
  const back = new Map((await backfills(db)).map(row => [`${row.source_id}\n${row.board_key}`, row]))
  const list: SourceView[] = []
  for (const source of sources) {
    const { config } = source
    const { requestsToday, breaker } = hosts(hostOf(config))
    const boards = config.boards.map(board => {
      const id = `${config.id}\n${board.key}`
      const old = back.get(id)
      const wait = breaker?.reason ?? backfillWait(config, requestsToday, now)?.why ?? null
      return boardView(board, rows.get(id), plannedOf.get(id), old ? backfillView(old, wait) : null)
    })
    const own = alarms.filter(alarm => alarm.source === config.id)
    list.push({
      ...summary(source, boards),
      requestsToday,
      breaker,
      alarms: own.map(({ kind, title, advice }) => ({ kind, title, advice })),
      posts: counts.get(config.id) ?? 0,
      visits: await lastVisits(db, config.id, 10),
      ...sourceHealth({ ...source, breaker, boards, alarms: own }, now),
    })
  }
  return list
}

function summary({ config, enabled, reason, version }: StoredSource, boards: BoardView[]) {
  const { id, name, engine, url, basis, owner, delaySeconds, dailyCeiling, retentionDays } = config
  const next = boards.flatMap(({ nextAt }) => nextAt ?? [])
  return {
    id,
    name,
    engine,
    url,
    basis,
    owner,
    delaySeconds,
    dailyCeiling,
    retentionDays,
    enabled,
    reason,
    version,
    boards,
    nextVisitAt: next.length ? Math.min(...next) : null,
    lastSuccessAt: latest(boards.map(({ readAt }) => readAt)),
    lastNewPostAt: latest(boards.map(({ newAt }) => newAt)),
  }
}
