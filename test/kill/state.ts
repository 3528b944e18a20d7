import { join } from 'node:path'
import { sqliteSearch } from '../../api/adapters/search-sqlite.ts'
import type { Db } from '../../api/db/open.ts'
import { settleEvents } from '../../api/events/place-store.ts'
import type { Installation } from './worker.ts'

/** Words that stand in many, few and no texts of the replica boards; one character, letters, two words. */
const QUERIES = ['化工', '异味', '水', '请问', '消防通道', '湖塘', '第', '8', '小区 电', '没有人写过这句']

/** Everything that must not depend on when the program was killed; times of our own clock left out. */
export interface State {
  posts: unknown[]
  revisions: unknown[]
  counts: unknown[]
  analyses: unknown[]
  flags: unknown[]
  hourly: unknown[]
  daily: unknown[]
  /** Each as the keys of its posts. */
  events: string[]
  threads: unknown[]
  found: Record<string, string[]>
  waiting: { posts: number; outbox: number }
}

const count = async (query: Promise<{ n: number | string } | undefined>): Promise<number> =>
  Number((await query)?.n ?? 0)

export async function waiting(db: Db): Promise<State['waiting']> {
  const all = (table: 'post' | 'outbox') =>
    db.selectFrom(table).select(eb => eb.fn.countAll<number>().as('n'))
  return {
    posts: await count(all('post').where('to_analyse', '=', 1).executeTakeFirst()),
    outbox: await count(all('outbox').executeTakeFirst()),
  }
}

/**
 * Post id -> what stands for its group. Which of several texts that say the same carries the flag depends on the order
 * of reading (near copies fold into the one that was shown first): the group is what counts.
 */
async function groupsOf(db: Db): Promise<Map<number, string>> {
  const rows = await db.selectFrom('analysis').select(['post_id', 'copy_of', 'fingerprint']).execute()
  const groups = Map.groupBy(rows, row => row.copy_of ?? row.post_id)
  return new Map(
    [...groups].map(([id, members]) => [id, members.map(({ fingerprint }) => fingerprint).sort()[0] ?? '']),
  )
}

async function flagsOf(db: Db, groups: ReadonlyMap<number, string>): Promise<unknown[]> {
  const rows = await db.selectFrom('flag').select(['post_id', 'unit_id', 'state']).execute()
  return rows.map(row => [groups.get(row.post_id), row.unit_id, row.state].join(' ')).sort()
}

/** Which posts stand together, once the nightly look at the whole was taken; ids and times of our own left out. */
async function eventsOf(db: Db, keys: ReadonlyMap<number, string>): Promise<string[]> {
  await settleEvents(db, Date.now())
  const rows = await db
    .selectFrom('event_post')
    .select(['event_id', 'post_id'])
    .where('event_id', 'is not', null)
    .execute()
  return [...Map.groupBy(rows, row => row.event_id).values()]
    .map(members =>
      members
        .map(({ post_id }) => keys.get(post_id))
        .sort()
        .join(', '),
    )
    .sort()
}

/** What the program holds, in an order of its own; the worker must not be running. */
export async function stateOf(installation: Installation): Promise<State> {
  const database = await installation.open()
  const { db } = database
  const search = sqliteSearch(join(installation.dataDir, 'search.sqlite'))
  try {
    const keys = new Map(
      (await db.selectFrom('post').select(['id', 'source_id', 'key']).execute()).map(row => [
        row.id,
        `${row.source_id} ${row.key}`,
      ]),
    )
    const named = <Row extends { post_id: number }>(rows: Row[]) =>
      rows.map(({ post_id, ...row }) => JSON.stringify({ post: keys.get(post_id), ...row })).sort()
    const posts = await db
      .selectFrom('post')
      .select(['id as post_id', 'kind', 'parent_key', 'floor', 'board', 'title', 'author_id', 'author_name'])
      .select(['text', 'quote', 'images', 'url', 'published_at', 'published_precision', 'state', 'views'])
      .select(['replies', 'text_hash', 'revision'])
      .execute()
    const revisions = await db
      .selectFrom('post_revision')
      .select(['post_id', 'revision', 'title', 'text', 'quote', 'text_hash'])
      .execute()
    const counts = await db
      .selectFrom('post_count')
      .select(['post_id', 'views', 'replies', 'reposts', 'likes'])
      .execute()
    const analyses = await db
      .selectFrom('analysis')
      .select(['post_id', 'revision', 'version', 'flagged', 'score', 'reasons', 'topics', 'places'])
      .select(['fingerprint', 'severity_hint', 'suggested_unit', 'concern'])
      .execute()
    const threads = await db
      .selectFrom('thread')
      .select(['source_id', 'key', 'replies', 'last_reply_at', 'last_page', 'state'])
      .orderBy('source_id')
      .orderBy('key')
      .execute()
    const hourly = await db
      .selectFrom('hourly')
      .selectAll()
      .orderBy('hour')
      .orderBy('source_id')
      .orderBy('topic')
      .execute()
    const daily = await db
      .selectFrom('daily')
      .selectAll()
      .where('posts', '!=', 0)
      .orderBy('dimension')
      .orderBy('day')
      .orderBy('value')
      .orderBy('concern')
      .execute()
    const found: State['found'] = {}
    for (const text of QUERIES) {
      const { ids, total } = await search.search({ text, limit: 10_000 })
      found[text] = [String(total), ...ids.map(id => keys.get(id) ?? `unknown ${id}`).sort()]
    }
    const flagged = await search.search({ flagged: true, limit: 10_000 })
    const groups = await groupsOf(db)
    found.flagged = flagged.ids.map(id => groups.get(id) ?? `unknown ${id}`).sort()
    return {
      posts: named(posts),
      revisions: named(revisions),
      counts: named(counts),
      analyses: named(analyses),
      flags: await flagsOf(db, groups),
      hourly,
      daily,
      events: await eventsOf(db, keys),
      threads,
      found,
      waiting: await waiting(db),
    }
  } finally {
    await search.close()
    await database.close()
  }
}
