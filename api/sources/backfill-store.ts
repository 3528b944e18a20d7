import type { RoundOutcome, SourceConfig } from '../../crawlers/site.ts'
import type { Db, Trx } from '../db/open.ts'
import type { BackfillTable } from '../db/tables/sources.ts'

const MINUTE = 60_000
/** Tries in a row that brought nothing, after which a person has to look. */
const MOST_FAILURES = 8
/** A list that goes on for ever. */
const MOST_PAGES = 2000

const FRESH = {
  state: 'running',
  next_url: null,
  page: 1,
  oldest_at: null,
  pages: 0,
  threads: 0,
  posts_new: 0,
  failures: 0,
  error_message: null,
  tried_at: null,
  finished_at: null,
} as const

/** Boards are read back to `since`; one that is being read back already goes on, further back where that is asked. */
export async function askBackfill(
  trx: Trx,
  source: SourceConfig,
  ask: { boards: readonly string[]; since: number; personId: number; at: number },
): Promise<void> {
  const { since, personId, at } = ask
  for (const board of ask.boards) {
    const before = await trx
      .selectFrom('backfill')
      .select(['state', 'since'])
      .where('source_id', '=', source.id)
      .where('board_key', '=', board)
      .executeTakeFirst()
    if (before?.state === 'running' && before.since <= since) continue
    const asked = { since, asked_by: personId, asked_at: at }
    const row = before?.state === 'running' ? asked : { ...FRESH, ...asked }
    await trx
      .insertInto('backfill')
      .values({ ...FRESH, ...asked, source_id: source.id, board_key: board })
      .onConflict(conflict => conflict.columns(['source_id', 'board_key']).doUpdateSet(row))
      .execute()
  }
}

/** Returns how many were running. */
export async function stopBackfill(trx: Trx, sourceId: string, at: number): Promise<number> {
  const rows = await trx
    .updateTable('backfill')
    .set({ state: 'stopped', finished_at: at })
    .where('source_id', '=', sourceId)
    .where('state', '=', 'running')
    .returning('board_key')
    .execute()
  return rows.length
}

export const backfills = (db: Db): Promise<BackfillTable[]> =>
  db.selectFrom('backfill').selectAll().orderBy('source_id').orderBy('board_key').execute()

/** When a running one goes on: at once, later and later where the page could not be had. */
export const backfillDue = ({ failures, tried_at, asked_at }: BackfillTable): number =>
  failures && tried_at !== null ? tried_at + MINUTE * 2 ** Math.min(failures, 6) : asked_at

/** Its next page begins. False where another worker has it, or somebody stopped it. */
export async function claimBackfill(trx: Trx, seen: BackfillTable, at: number): Promise<boolean> {
  const mine = await trx
    .updateTable('backfill')
    .set({ tried_at: at })
    .where('source_id', '=', seen.source_id)
    .where('board_key', '=', seen.board_key)
    .where('state', '=', 'running')
    .where('page', '=', seen.page)
    .where('tried_at', seen.tried_at === null ? 'is' : '=', seen.tried_at)
    .returning('board_key')
    .execute()
  return mine.length === 1
}

/**
 * One list page with its threads was read, or not. Only then does the bookmark move: killed before, the page is read
 * again, and its threads that are known are not.
 */
export async function saveBackfill(trx: Trx, outcome: RoundOutcome): Promise<void> {
  const { source, what, backfill } = outcome
  if (what.kind !== 'backfill') return
  const at = Date.parse(outcome.finishedAt)
  const mine = await trx
    .selectFrom('backfill')
    .selectAll()
    .where('source_id', '=', source)
    .where('board_key', '=', what.board)
    .where('page', '=', what.page)
    .executeTakeFirst()
  if (!mine) return
  const oldest = backfill?.oldestAt ? Date.parse(backfill.oldestAt) : null
  const reached = oldest === null ? mine.oldest_at : Math.min(oldest, mine.oldest_at ?? oldest)
  const isDone =
    backfill !== null &&
    (backfill.nextUrl === null || what.page >= MOST_PAGES || (oldest !== null && oldest < mine.since))
  const said = outcome.error ?? outcome.threadError
  // A thread that somebody else has in hand is no failure: the page is read once more.
  const failures = backfill ? 0 : mine.failures + (said ? 1 : 0)
  const state = isDone ? 'done' : failures >= MOST_FAILURES ? 'failed' : mine.state
  await trx
    .updateTable('backfill')
    .set(eb => ({
      state,
      failures,
      error_message: backfill ? null : (said?.message ?? mine.error_message ?? '这一页没有读全'),
      pages: eb('pages', '+', backfill ? 1 : 0),
      threads: eb('threads', '+', outcome.threadsRead),
      posts_new: eb('posts_new', '+', outcome.postsNew),
      oldest_at: reached,
      finished_at: state === 'running' ? null : (mine.finished_at ?? at),
      ...(backfill && !isDone && { next_url: backfill.nextUrl, page: what.page + 1 }),
    }))
    .where('source_id', '=', source)
    .where('board_key', '=', what.board)
    .execute()
}
