import type {
  CrawlErrorKind,
  Delivery,
  SourceConfig,
  SourceOutcome,
  ThreadMemory,
} from '../../crawlers/site.ts'
import type { Db, Trx } from '../db/open.ts'

export interface StoredSource {
  config: SourceConfig
  enabled: boolean
  reason: string | null
  nextVisitAt: number | null
  lastSuccessAt: number | null
  lastNewPostAt: number | null
  consecutiveFailures: number
}

const toSource = (row: {
  config: string
  enabled: number
  reason: string | null
  next_visit_at: number | null
  last_success_at: number | null
  last_new_post_at: number | null
  consecutive_failures: number
}): StoredSource => ({
  config: JSON.parse(row.config) as SourceConfig,
  enabled: row.enabled === 1,
  reason: row.reason,
  nextVisitAt: row.next_visit_at,
  lastSuccessAt: row.last_success_at,
  lastNewPostAt: row.last_new_post_at,
  consecutiveFailures: row.consecutive_failures,
})

/** Adds the sources of a file that are not known yet; what the bureau changed in the program stays. */
export async function seedSources(trx: Trx, sources: readonly SourceConfig[], now: number): Promise<void> {
  for (const source of sources) {
    const on = source.enabled !== false
    await trx
      .insertInto('source')
      .values({
        id: source.id,
        name: source.name,
        engine: source.engine,
        config: JSON.stringify(source),
        enabled: on ? 1 : 0,
        reason: on ? null : (source.reason ?? null),
        next_visit_at: on ? now : null,
        last_success_at: null,
        last_new_post_at: null,
        created_at: now,
      })
      .onConflict(conflict => conflict.column('id').doNothing())
      .execute()
  }
}

export async function sourceList(db: Db): Promise<StoredSource[]> {
  return (await db.selectFrom('source').selectAll().orderBy('created_at').orderBy('id').execute()).map(
    toSource,
  )
}

export async function sourceById(db: Db, id: string): Promise<StoredSource | null> {
  const row = await db.selectFrom('source').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toSource(row) : null
}

export async function dueSources(db: Db, now: number): Promise<StoredSource[]> {
  const rows = await db
    .selectFrom('source')
    .selectAll()
    .where('enabled', '=', 1)
    .where('next_visit_at', '<=', now)
    .orderBy('next_visit_at')
    .execute()
  return rows.map(toSource)
}

/** False where there is no such source. */
export async function setEnabled(
  trx: Trx,
  id: string,
  enabled: boolean,
  reason: string | null,
  now: number,
): Promise<boolean> {
  const rows = await trx
    .updateTable('source')
    .set(eb => ({
      enabled: enabled ? 1 : 0,
      reason: enabled ? null : reason,
      next_visit_at: enabled ? now : null,
      consecutive_failures: 0,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', id)
    .returning('id')
    .execute()
  return rows.length === 1
}

/** Brings the next visit forward; pace and breaker stay in force. */
export async function askForVisit(trx: Trx, id: string, now: number): Promise<boolean> {
  const rows = await trx
    .updateTable('source')
    .set({ next_visit_at: now })
    .where('id', '=', id)
    .where('enabled', '=', 1)
    .returning('id')
    .execute()
  return rows.length === 1
}

// --- threads ---

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
const ms = (instant: string | null) => (instant === null ? null : Date.parse(instant))

export async function threadMemory(db: Db, sourceId: string, key: string): Promise<ThreadMemory | null> {
  const row = await db
    .selectFrom('thread')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where('key', '=', key)
    .executeTakeFirst()
  // Watched from a slip before it was ever read here: nothing is known yet.
  if (!row || row.read_at === 0) return null
  return {
    replies: row.replies,
    lastReplyAt: iso(row.last_reply_at),
    lastPage: row.last_page,
    readAt: new Date(row.read_at).toISOString(),
  }
}

const REVISIT_MS = 30 * 60_000

export async function saveThread(
  trx: Trx,
  sourceId: string,
  thread: NonNullable<Delivery['thread']>,
): Promise<void> {
  const readAt = Date.parse(thread.memory.readAt)
  const seen = {
    replies: thread.memory.replies,
    last_reply_at: ms(thread.memory.lastReplyAt),
    last_page: thread.memory.lastPage,
    read_at: readAt,
    state: thread.state,
  }
  await trx
    .insertInto('thread')
    .values({ source_id: sourceId, key: thread.key, ...seen, revisit_at: null })
    .onConflict(conflict =>
      conflict.columns(['source_id', 'key']).doUpdateSet(eb => ({
        ...seen,
        revisit_at: eb
          .case()
          .when('thread.revisit_at', 'is not', null)
          .then(readAt + REVISIT_MS)
          .else(null)
          .end(),
      })),
    )
    .execute()
}

/** While a slip is open its thread is looked at again, asked for by the list or not. */
export async function watchThread(trx: Trx, sourceId: string, key: string, at: number): Promise<void> {
  const known = await trx.selectFrom('source').select('id').where('id', '=', sourceId).executeTakeFirst()
  if (!known) return
  await trx
    .insertInto('thread')
    .values({
      source_id: sourceId,
      key,
      replies: null,
      last_reply_at: null,
      last_page: 1,
      read_at: 0,
      state: 'visible',
      revisit_at: at,
    })
    .onConflict(conflict => conflict.columns(['source_id', 'key']).doUpdateSet({ revisit_at: at }))
    .execute()
}

export async function unwatchThread(trx: Trx, sourceId: string, key: string): Promise<void> {
  await trx
    .updateTable('thread')
    .set({ revisit_at: null })
    .where('source_id', '=', sourceId)
    .where('key', '=', key)
    .execute()
}

/** Watched threads that are due; reading one sets its next turn (`saveThread`), so that a stop forgets none. */
export async function dueRevisits(db: Db, sourceId: string, now: number): Promise<string[]> {
  const rows = await db
    .selectFrom('thread')
    .select('key')
    .where('source_id', '=', sourceId)
    .where('revisit_at', '<=', now)
    .orderBy('revisit_at')
    .execute()
  return rows.map(({ key }) => key)
}

// --- boards ---

export async function boardReadTo(db: Db, sourceId: string, key: string): Promise<string | null> {
  const row = await db
    .selectFrom('board')
    .select('read_to')
    .where('source_id', '=', sourceId)
    .where('key', '=', key)
    .executeTakeFirst()
  return iso(row?.read_to ?? null)
}

async function saveBoards(trx: Trx, outcome: SourceOutcome): Promise<void> {
  for (const { board, at } of outcome.readTo) {
    const row = { read_to: Date.parse(at) }
    await trx
      .insertInto('board')
      .values({ source_id: outcome.source, key: board, ...row })
      .onConflict(conflict => conflict.columns(['source_id', 'key']).doUpdateSet(row))
      .execute()
  }
}

// --- visits ---

/** Stores what a visit came to and when to look next. */
export async function saveVisit(
  trx: Trx,
  outcome: SourceOutcome,
  result: { postsNew: number; nextVisitAt: number },
): Promise<void> {
  const finishedAt = Date.parse(outcome.finishedAt)
  await trx
    .insertInto('visit')
    .values({
      source_id: outcome.source,
      started_at: Date.parse(outcome.startedAt),
      finished_at: finishedAt,
      pages: outcome.pages,
      threads_listed: outcome.threadsListed,
      threads_read: outcome.threadsRead,
      posts_seen: outcome.posts,
      posts_new: result.postsNew,
      error_kind: outcome.error?.kind ?? null,
      error_url: outcome.error?.url ?? null,
      error_message: outcome.error?.message ?? null,
    })
    .execute()
  await saveBoards(trx, outcome)
  await trx
    .updateTable('source')
    .set(eb => ({
      next_visit_at: result.nextVisitAt,
      ...(outcome.error
        ? { consecutive_failures: eb('consecutive_failures', '+', 1) }
        : { consecutive_failures: 0, last_success_at: finishedAt }),
      ...(result.postsNew > 0 && { last_new_post_at: finishedAt }),
    }))
    .where('id', '=', outcome.source)
    .execute()
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
    pages: row.pages,
    postsNew: row.posts_new,
    errorKind: row.error_kind as CrawlErrorKind | null,
    errorMessage: row.error_message,
  }))
}

export async function postCounts(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('post')
    .select('source_id')
    .select(eb => eb.fn.countAll<number>().as('n'))
    .groupBy('source_id')
    .execute()
  return new Map(rows.map(({ source_id, n }) => [source_id, Number(n)]))
}

export async function pageValidators(db: Db, url: string) {
  const row = await db.selectFrom('page_validator').selectAll().where('url', '=', url).executeTakeFirst()
  if (!row) return null
  return {
    ...(row.etag && { etag: row.etag }),
    ...(row.last_modified && { lastModified: row.last_modified }),
  }
}

export async function saveValidators(
  trx: Trx,
  url: string,
  headers: Record<string, string>,
  at: number,
): Promise<void> {
  const { etag = null, 'last-modified': last_modified = null } = headers
  if (!etag && !last_modified) return
  const row = { etag, last_modified, fetched_at: at }
  await trx
    .insertInto('page_validator')
    .values({ url, ...row })
    .onConflict(conflict => conflict.column('url').doUpdateSet(row))
    .execute()
}
