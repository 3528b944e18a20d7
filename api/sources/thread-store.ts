import type { Miss, ThreadDelivery, ThreadMemory } from '../../crawlers/site.ts'
import type { Db, Trx } from '../db/open.ts'

const MINUTE = 60_000
/** After so many tries a thread that can't be read counts as seen until it moves: it must not hold up its board. */
const MOST_TRIES = 5

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

const UNREAD = {
  replies: null,
  last_reply_at: null,
  last_page: 1,
  read_at: 0,
  state: 'visible',
  revisit_at: null,
  changed_at: null,
  asked_at: null,
} as const

/**
 * The thread's bookmark, with its next turn where it is watched. `nextRevisit` says when, from its last change; the
 * change is now where `changed`. `at`: by our own clock, that of a site may differ.
 */
export async function saveThread(
  trx: Trx,
  sourceId: string,
  { key, memory, state }: Omit<ThreadDelivery, 'from' | 'whole'>,
  options: { at: number; changed: boolean; nextRevisit(changedAt: number): Promise<number | null> },
): Promise<void> {
  const before = await trx
    .selectFrom('thread')
    .select(['state', 'revisit_at', 'changed_at'])
    .where('source_id', '=', sourceId)
    .where('key', '=', key)
    .executeTakeFirst()
  const { at } = options
  const changed = options.changed || !before || before.state !== state
  const changedAt = changed ? at : (before.changed_at ?? at)
  const isWatched = before !== undefined && before.revisit_at !== null
  const seen = {
    replies: memory.replies,
    last_reply_at: ms(memory.lastReplyAt),
    last_page: memory.lastPage,
    read_at: at,
    state,
    changed_at: changedAt,
    revisit_at: isWatched ? await options.nextRevisit(changedAt) : null,
    failures: 0,
  }
  await trx
    .insertInto('thread')
    .values({ ...UNREAD, source_id: sourceId, key, ...seen })
    .onConflict(conflict => conflict.columns(['source_id', 'key']).doUpdateSet(seen))
    .execute()
}

/** A page of it changed; its last page is still to come. */
export async function noteChange(trx: Trx, sourceId: string, key: string, at: number): Promise<void> {
  await trx
    .updateTable('thread')
    .set({ changed_at: at })
    .where('source_id', '=', sourceId)
    .where('key', '=', key)
    .execute()
}

/** `isFinal`: asking again will not help; the thread counts as seen as the list showed it. */
export async function missThread(
  trx: Trx,
  sourceId: string,
  thread: NonNullable<Miss['thread']>,
  options: { isFinal: boolean; at: number },
): Promise<void> {
  const { key, replies, lastReplyAt } = thread
  const row = await trx
    .insertInto('thread')
    .values({ ...UNREAD, source_id: sourceId, key, failures: 1 })
    .onConflict(conflict =>
      conflict.columns(['source_id', 'key']).doUpdateSet(eb => ({ failures: eb('thread.failures', '+', 1) })),
    )
    .returning(['failures', 'revisit_at'])
    .executeTakeFirstOrThrow()
  await trx
    .updateTable('thread')
    .set({
      failures: row.failures,
      ...((options.isFinal || row.failures >= MOST_TRIES) && {
        replies,
        last_reply_at: ms(lastReplyAt),
        read_at: options.at,
      }),
      // A watched one is tried again less and less often.
      ...(row.revisit_at !== null && {
        revisit_at: options.at + 5 * MINUTE * 2 ** Math.min(row.failures - 1, 6),
        asked_at: null,
      }),
    })
    .where('source_id', '=', sourceId)
    .where('key', '=', key)
    .execute()
}

/** The thread is looked at again from `at` on, asked for by the list or not; an earlier turn stays. */
export async function watchThread(
  trx: Trx,
  sourceId: string,
  key: string,
  at: number,
  options: { asked?: boolean } = {},
): Promise<void> {
  const known = await trx.selectFrom('source').select('id').where('id', '=', sourceId).executeTakeFirst()
  if (!known) return
  const asked = options.asked ? { asked_at: at } : {}
  await trx
    .insertInto('thread')
    .values({ ...UNREAD, source_id: sourceId, key, revisit_at: at, ...asked })
    .onConflict(conflict =>
      conflict.columns(['source_id', 'key']).doUpdateSet(eb => ({
        ...asked,
        revisit_at: eb
          .case()
          .when('thread.revisit_at', '<', at)
          .then(eb.ref('thread.revisit_at'))
          .else(at)
          .end(),
      })),
    )
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

export interface WatchedThread {
  sourceId: string
  key: string
  revisitAt: number
  changedAt: number | null
  isAsked: boolean
}

/** Watched threads whose turn comes before `until`. */
export async function watchedThreads(db: Db, until: number): Promise<WatchedThread[]> {
  const rows = await db
    .selectFrom('thread')
    .select(['source_id', 'key', 'revisit_at', 'changed_at', 'asked_at', 'read_at'])
    .where('revisit_at', '<=', until)
    .orderBy('revisit_at')
    .limit(1000)
    .execute()
  return rows.map(row => ({
    sourceId: row.source_id,
    key: row.key,
    revisitAt: row.revisit_at ?? 0,
    changedAt: row.changed_at,
    isAsked: row.asked_at !== null && row.asked_at > row.read_at,
  }))
}

export interface ThreadStanding {
  state: 'visible' | 'gone' | 'restricted'
  /** null = never. */
  readAt: number | null
  failures: number
}

export async function threadStanding(db: Db, sourceId: string, key: string): Promise<ThreadStanding | null> {
  const row = await db
    .selectFrom('thread')
    .select(['state', 'read_at', 'failures'])
    .where('source_id', '=', sourceId)
    .where('key', '=', key)
    .executeTakeFirst()
  return row ? { state: row.state, readAt: row.read_at || null, failures: row.failures } : null
}
