import { crawl } from '../crawlers/crawl.ts'
import type { CrawlMemory, Delivery, SourceConfig } from '../crawlers/site.ts'
import type { Context } from './context.ts'
import { addPage, preparePage } from './evidence/pages.ts'
import { postKey, recordPosts } from './posts/store.ts'
import { hostState, storedPace } from './sources/pace-store.ts'
import { nextVisit } from './sources/rules.ts'
import {
  boardReadTo,
  dueRevisits,
  dueSources,
  pageValidators,
  saveThread,
  saveValidators,
  saveVisit,
  threadMemory,
} from './sources/store.ts'

/** Threads a visit reads of one source at most, so that a back-fill does not keep others waiting. */
const THREADS_PER_VISIT = 40

export const storedMemory = ({ db, now }: Context): CrawlMemory => ({
  thread: (sourceId, key) => threadMemory(db, sourceId, key),
  revisit: sourceId => dueRevisits(db, sourceId, now()),
  readTo: (sourceId, boardKey) => boardReadTo(db, sourceId, boardKey),
  validators: url => pageValidators(db, url),
})

/**
 * One page for good: its bytes are in the blob store, then posts, counters, bookmark and evidence go in together, then
 * a hint that something waits. Killed in between, the page is read again and nothing is doubled. Returns new posts.
 */
export async function storeDelivery(context: Context, delivery: Delivery): Promise<number> {
  const { db, blobs, queue } = context
  const at = Date.parse(delivery.page.receivedAt)
  const { added, changed } = await db.transaction().execute(async trx => {
    const recorded = await recordPosts(trx, delivery.posts)
    const [first] = delivery.posts
    if (first && (recorded.added || recorded.changed)) {
      const page = await preparePage(blobs, delivery.page, delivery.posts)
      await addPage(trx, page, recorded.ids.get(postKey(first.source, first.key)) ?? null)
    }
    if (delivery.thread) await saveThread(trx, delivery.source, delivery.thread)
    else if (delivery.conditional) await saveValidators(trx, delivery.page.url, delivery.page.headers, at)
    return recorded
  })
  if (added || changed) await queue.add('posts.analyse', {}, { key: 'waiting' })
  return added
}

/** Visits every source that is due, hosts side by side. */
export async function runDueCrawls(context: Context, signal?: AbortSignal): Promise<void> {
  const due = await dueSources(context.db, context.now())
  if (due.length)
    await visitSources(
      context,
      due.map(({ config }) => config),
      signal,
    )
}

export async function visitSources(
  context: Context,
  sources: SourceConfig[],
  signal?: AbortSignal,
): Promise<void> {
  const { db, now, config } = context
  const added = new Map<string, number>()
  const outcomes = await crawl(sources, {
    memory: storedMemory(context),
    pace: storedPace(db, now),
    now,
    userAgent: config.userAgent,
    signal,
    threadLimit: THREADS_PER_VISIT,
    async deliver(delivery) {
      const count = await storeDelivery(context, delivery)
      added.set(delivery.source, (added.get(delivery.source) ?? 0) + count)
    },
  })
  if (signal?.aborted) return
  for (const outcome of outcomes) {
    const source = sources.find(({ id }) => id === outcome.source) as SourceConfig
    const { breaker } = await hostState(db, new URL(source.url).host, now())
    const failures = outcome.error ? 1 : 0
    const full = !outcome.error && outcome.threadsRead >= THREADS_PER_VISIT
    const nextVisitAt = nextVisit(source, { now: now(), failures, heldUntil: breaker?.until ?? null, full })
    const postsNew = added.get(source.id) ?? 0
    await db.transaction().execute(trx => saveVisit(trx, outcome, { postsNew, nextVisitAt }))
  }
}
