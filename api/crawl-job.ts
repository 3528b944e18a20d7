import { type Appointment, keepCrawling } from '../crawlers/crawl.ts'
import type { CrawlMemory, Delivery, Miss, RoundOutcome } from '../crawlers/site.ts'
import type { Timers } from '../crawlers/timers.ts'
import type { Context } from './context.ts'
import type { Trx } from './db/open.ts'
import { addMissedPage } from './evidence/missed-pages.ts'
import { addPage, preparePage, prepareUnread } from './evidence/pages.ts'
import { missFloors, postKey, recordPosts } from './posts/store.ts'
import { isThreadTracked } from './slips/store.ts'
import { backfillDue, backfills, claimBackfill, saveBackfill } from './sources/backfill-store.ts'
import { saveCrawlDelay, storedPace } from './sources/pace-store.ts'
import {
  boardReadTo,
  claimBoard,
  loadPlan,
  pageValidators,
  type SourcePlan,
  saveRound,
  watchedSince,
} from './sources/plan-store.ts'
import { countPosts, loadRhythms, type Rhythms } from './sources/rhythm-store.ts'
import { backfillWait, nextRevisit } from './sources/schedule.ts'
import {
  missThread,
  noteChange,
  saveThread,
  threadMemory,
  unwatchThread,
  watchedThreads,
} from './sources/thread-store.ts'

const MINUTE = 60_000
/** What is learnt changes slowly. */
const RHYTHM_MS = 5 * MINUTE
/** Asking a robots-forbidden or unreadable page again brings the same. */
const FINAL = ['parse', 'tooLarge', 'robots', 'notFound']

const storedMemory = ({ db }: Context): CrawlMemory => ({
  thread: (sourceId, key) => threadMemory(db, sourceId, key),
  readTo: (sourceId, boardKey) => boardReadTo(db, sourceId, boardKey),
  validators: url => pageValidators(db, url),
})

/**
 * One page for good: its bytes are in the blob store, then posts, counters, bookmark and evidence go in together, then
 * a hint that something waits. Killed in between, the page is read again and nothing is doubled. Returns new posts.
 */
export async function storeDelivery(context: Context, delivery: Delivery): Promise<number> {
  const { db, blobs, queue, now } = context
  const { added, changed } = await db.transaction().execute(async trx => {
    const since = delivery.boardKey ? await watchedSince(trx, delivery.source, delivery.boardKey) : 0
    const recorded = await recordPosts(trx, delivery.posts, since)
    const gone = await missGone(trx, delivery, now())
    const isNews = recorded.added + recorded.changed + gone > 0
    const [first] = delivery.posts
    if (first && isNews) {
      const page = await preparePage(blobs, delivery.page, delivery.posts)
      await addPage(trx, page, recorded.ids.get(postKey(first.source, first.key)) ?? null)
    }
    await countPosts(trx, delivery.source, delivery.boardKey, recorded.fresh)
    await saveBookmark(trx, delivery, isNews, now())
    return recorded
  })
  if (added || changed) await queue.add('posts.analyse', {}, { key: 'waiting' })
  return added
}

/** A whole reading of a thread shows which floors are no more; a thread that is gone takes its floors with it. */
async function missGone(trx: Trx, { source, thread }: Delivery, at: number): Promise<number> {
  if (!thread?.whole) return 0
  const since = thread.state === 'gone' ? at + 1 : Date.parse(thread.from.at)
  return missFloors(trx, source, thread.key, { since, at })
}

async function saveBookmark(trx: Trx, delivery: Delivery, isNews: boolean, at: number): Promise<void> {
  const { source, thread } = delivery
  if (thread)
    return saveThread(trx, source, thread, {
      at,
      changed: isNews,
      nextRevisit: async changedAt => {
        const next = nextRevisit(changedAt, at, false)
        return next ?? nextRevisit(changedAt, at, await isThreadTracked(trx, source, thread.key))
      },
    })
  const [first] = delivery.posts
  if (delivery.kind === 'thread' && first && isNews)
    await noteChange(trx, source, first.parent ?? first.key, at)
}

/** A page that came and could not be read is kept for `replay`; a thread counts as seen where asking again is of no use. */
async function storeMiss({ db, blobs, now }: Context, { source, thread, page, error }: Miss): Promise<void> {
  const isUnread = error.kind === 'parse' && page?.status === 200 && page.body.byteLength > 0
  const kept = isUnread ? await prepareUnread(blobs, page) : null
  if (!kept && !thread) return
  const isFinal = FINAL.includes(error.kind)
  await db.transaction().execute(async trx => {
    if (kept) await addMissedPage(trx, source, kept, thread?.key ?? null)
    if (thread) await missThread(trx, source, thread, { isFinal, at: now() })
  })
}

async function storeRound(context: Context, outcome: RoundOutcome): Promise<void> {
  const { source, what } = outcome
  await context.db.transaction().execute(async trx => {
    // A post without a page of its own can't be looked at again.
    if (what.kind === 'thread' && outcome.pages === 0 && !outcome.error)
      await unwatchThread(trx, source, what.thread)
    await saveRound(trx, outcome)
    await saveBackfill(trx, outcome)
  })
}

/** Boards and watched threads with their times; what a breaker or ceiling holds back is not on it. */
async function appointments(context: Context, plans: readonly SourcePlan[]): Promise<Appointment[]> {
  const { db, now } = context
  const at = now()
  const list: Appointment[] = []
  for (const { source, boards } of plans)
    for (const { board, row, at: due, intervalMs, urgency } of boards)
      list.push({
        source: source.config,
        version: source.version,
        what: { kind: 'board', board },
        at: due,
        intervalMs,
        urgency,
        claim: () =>
          db
            .transaction()
            .execute(trx => claimBoard(trx, source.config.id, board, row?.tried_at ?? null, now())),
      })
  const unheld = plans.filter(({ host }) => !host.breaker)
  const open = new Map(unheld.map(({ source }) => [source.config.id, source]))
  for (const thread of await watchedThreads(db, at + MINUTE)) {
    const source = open.get(thread.sourceId)
    if (source)
      list.push({
        source: source.config,
        version: source.version,
        what: { kind: 'thread', thread: thread.key },
        at: thread.revisitAt,
        intervalMs: Math.max(5 * MINUTE, thread.revisitAt - (thread.changedAt ?? thread.revisitAt)),
        urgency: thread.isAsked ? 'asked' : 'turn',
        claim: async () => true,
      })
  }
  return [...list, ...(await backfillPages(context, unheld))]
}

/** The next old page of every board that is read back; what is new goes before it. */
async function backfillPages({ db, now }: Context, plans: readonly SourcePlan[]): Promise<Appointment[]> {
  const running = (await backfills(db)).filter(({ state }) => state === 'running')
  return plans.flatMap(({ source: { config, version }, host }) =>
    running
      .filter(
        ({ source_id, board_key }) =>
          source_id === config.id && config.boards.some(({ key }) => key === board_key),
      )
      .map((row): Appointment => {
        const wait = backfillWait(config, host.requestsToday, now())
        return {
          source: config,
          version,
          what: { kind: 'backfill', board: row.board_key, url: row.next_url, page: row.page },
          at: Math.max(backfillDue(row), wait?.until ?? 0),
          intervalMs: MINUTE,
          urgency: 'backfill',
          claim: () => db.transaction().execute(trx => claimBackfill(trx, row, now())),
        }
      }),
  )
}

/** Reads what is due, every host beside the others, until the signal; `keep` false: until nothing is due. */
async function crawlPlan(
  context: Context,
  keep: boolean,
  { signal, timers }: { signal?: AbortSignal | undefined; timers?: Timers | undefined },
): Promise<void> {
  const { db, now, config, log } = context
  let rhythms: Rhythms | null = null
  let learntAt = 0
  await keepCrawling({
    memory: storedMemory(context),
    pace: storedPace(db, now),
    now,
    userAgent: config.userAgent,
    signal,
    timers,
    keep,
    async plan() {
      if (!rhythms || now() >= learntAt + RHYTHM_MS) {
        rhythms = await loadRhythms(db, now())
        learntAt = now()
      }
      return appointments(context, await loadPlan(db, now(), rhythms))
    },
    deliver: delivery => storeDelivery(context, delivery),
    missed: miss => storeMiss(context, miss),
    roundEnded: outcome => storeRound(context, outcome),
    robotsRead: (host, seconds) => saveCrawlDelay(db, host, seconds, now()),
    onError: error => log.error({ err: error }, 'crawl plan'),
  })
}

/** `timers`: another clock than the machine's, where time is simulated; the same that `context.now` tells. */
export const crawlAlways = (context: Context, signal: AbortSignal, timers?: Timers): Promise<void> =>
  crawlPlan(context, true, { signal, timers })

/** Once, whatever is due now. */
export const runDueCrawls = (context: Context, signal?: AbortSignal): Promise<void> =>
  crawlPlan(context, false, { signal })
