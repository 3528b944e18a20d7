import type { Counts, Precision, RawPost } from '../../pipeline/post.ts'
import { insertRows } from '../db/bulk.ts'
import type { Db, Trx } from '../db/open.ts'
import { isBackfilled, isFiner, mergeCounts, textHash, withoutNul } from './rules.ts'

const CHUNK = 50
const ms = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant))
const clean = (text: string | null): string | null => (text === null ? null : withoutNul(text))

export interface Recorded {
  /** `source + '\n' + key` -> id, of every post handed over. */
  ids: Map<string, number>
  added: number
  /** The posts that were not known before. */
  fresh: RawPost[]
  /** Posts whose text changed. */
  changed: number
}

export const postKey = (source: string, key: string): string => `${source}\n${key}`

/**
 * Stores posts once by (source, key): seen again, counters move, a changed text becomes a revision, a post that is
 * gone keeps what it said. What is new or changed waits for analysis. Published before `watchedSince` (epoch ms) it is
 * marked 补采; `anywhere`: texts from elsewhere, analysed without the local gate.
 */
export async function recordPosts(
  trx: Trx,
  posts: readonly RawPost[],
  watchedSince = 0,
  anywhere = false,
): Promise<Recorded> {
  const recorded: Recorded = { ids: new Map(), added: 0, fresh: [], changed: 0 }
  for (let at = 0; at < posts.length; at += CHUNK)
    await recordChunk(trx, posts.slice(at, at + CHUNK), recorded, { watchedSince, anywhere })
  return recorded
}

interface Origin {
  watchedSince: number
  anywhere: boolean
}

async function recordChunk(
  trx: Trx,
  posts: readonly RawPost[],
  recorded: Recorded,
  origin: Origin,
): Promise<void> {
  const known = new Map<string, Stored>()
  for (const source of new Set(posts.map(post => post.source))) {
    const keys = posts.filter(post => post.source === source).map(({ key }) => key)
    for (const row of await storedByKey(trx, source, keys)) known.set(postKey(source, row.key), row)
  }
  const fresh = new Map<string, RawPost>()
  for (const post of posts) {
    const id = postKey(post.source, post.key)
    if (!known.has(id) && !fresh.has(id)) fresh.set(id, post)
  }
  for (const [id, row] of await insertPosts(trx, [...fresh.values()], origin)) known.set(id, row)
  recorded.added += fresh.size
  recorded.fresh.push(...fresh.values())
  for (const post of posts) {
    const id = postKey(post.source, post.key)
    const row = known.get(id) as Stored
    recorded.ids.set(id, row.id)
    if (fresh.get(id) !== post && (await updatePost(trx, row, post))) recorded.changed++
  }
}

const STORED = [
  'id',
  'key',
  'state',
  'text_hash',
  'revision',
  'last_seen_at',
  'published_precision',
  'gone_at',
  'views',
  'replies',
  'reposts',
  'likes',
] as const

interface Stored extends Counts {
  id: number
  key: string
  state: RawPost['state']
  text_hash: string
  revision: number
  last_seen_at: number
  published_precision: string | null
  gone_at: number | null
}

const storedByKey = (db: Db, source: string, keys: string[]): Promise<Stored[]> =>
  db.selectFrom('post').select(STORED).where('source_id', '=', source).where('key', 'in', keys).execute()

const polled = ({ poll }: RawPost): string | null => (poll ? JSON.stringify(poll) : null)
const listed = ({ attachments }: RawPost): string | null => (attachments ? JSON.stringify(attachments) : null)

/** Posts that are not there yet, each (source, key) once, with their first revision and counters. */
async function insertPosts(
  trx: Trx,
  posts: readonly RawPost[],
  origin: Origin,
): Promise<Map<string, Stored>> {
  if (!posts.length) return new Map()
  const rows = await insertRows(
    trx,
    'post',
    posts.map(post => rowOf(post, origin)),
    { returning: [...STORED, 'source_id'] },
  )
  const stored = new Map(rows.map(row => [postKey(row.source_id, row.key), row]))
  const idOf = (post: RawPost) => (stored.get(postKey(post.source, post.key)) as Stored).id
  const revisions = posts
    .filter(({ state }) => state === 'visible')
    .map(post => revisionOf(idOf(post), 1, post, Date.parse(post.seenAt), textHash(post)))
  await insertRows(trx, 'post_revision', revisions)
  const counted = posts
    .filter(({ counts }) => Object.values(counts).some(count => count !== null))
    .map(post => ({ post_id: idOf(post), seen_at: Date.parse(post.seenAt), ...post.counts }))
  await insertRows(trx, 'post_count', counted)
  return stored
}

function rowOf(post: RawPost, { watchedSince, anywhere }: Origin) {
  const seenAt = Date.parse(post.seenAt)
  const visible = post.state === 'visible'
  return {
    source_id: post.source,
    key: post.key,
    kind: post.kind,
    parent_key: post.parent,
    floor: post.floor,
    board: clean(post.board),
    title: clean(post.title),
    author_id: post.author.id,
    author_name: clean(post.author.name),
    text: withoutNul(post.text),
    quote: clean(post.quote),
    images: JSON.stringify(post.images),
    attachments: listed(post),
    poll: polled(post),
    url: post.url,
    published_at: ms(post.publishedAt),
    published_precision: post.publishedPrecision,
    published_raw: clean(post.publishedRaw),
    first_seen_at: seenAt,
    last_seen_at: seenAt,
    gone_at: visible ? null : seenAt,
    state: post.state,
    ...post.counts,
    place: clean(post.place),
    text_hash: textHash(post),
    revision: 1,
    to_analyse: visible ? 1 : 0,
    backfilled: isBackfilled(post, watchedSince) ? 1 : 0,
    anywhere: anywhere ? 1 : 0,
  }
}

/** True where the text changed. */
async function updatePost(trx: Trx, before: Stored, post: RawPost): Promise<boolean> {
  const seenAt = Date.parse(post.seenAt)
  if (seenAt < Math.max(before.last_seen_at, before.gone_at ?? 0)) return false
  const hash = textHash(post)
  const visible = post.state === 'visible'
  const changed = visible && hash !== before.text_hash
  const { counts, moved } = mergeCounts(before, post.counts)
  const firstText = changed && before.state !== 'visible' && before.gone_at !== null && before.revision === 1
  const revision = changed ? before.revision + 1 : before.revision
  await trx
    .updateTable('post')
    .set({
      ...(post.state !== 'gone' && { last_seen_at: seenAt }),
      state: post.state,
      gone_at: visible ? null : (before.gone_at ?? seenAt),
      ...counts,
      ...(post.board !== null && { board: clean(post.board) }),
      ...(post.floor !== null && { floor: post.floor }),
      // A file may be hung on later, the text unchanged; what was listed once is not forgotten.
      ...(post.attachments && { attachments: listed(post) }),
      ...(post.poll && { poll: polled(post) }),
      ...(changed && {
        title: clean(post.title),
        text: withoutNul(post.text),
        quote: clean(post.quote),
        images: JSON.stringify(post.images),
        text_hash: hash,
        revision,
        to_analyse: 1,
      }),
      ...(firstText && { author_id: post.author.id, author_name: clean(post.author.name), url: post.url }),
      ...(isFiner(post.publishedPrecision, before.published_precision as Precision) && {
        published_at: ms(post.publishedAt),
        published_precision: post.publishedPrecision,
        published_raw: clean(post.publishedRaw),
      }),
    })
    .where('id', '=', before.id)
    .execute()
  if (changed)
    await trx
      .insertInto('post_revision')
      .values(revisionOf(before.id, revision, post, seenAt, hash))
      .execute()
  if (moved) await addCounts(trx, before.id, seenAt, counts)
  Object.assign(before, counts, {
    text_hash: changed ? hash : before.text_hash,
    revision,
    last_seen_at: seenAt,
  })
  return changed
}

const revisionOf = (postId: number, revision: number, post: RawPost, seenAt: number, hash: string) => ({
  post_id: postId,
  revision,
  seen_at: seenAt,
  title: clean(post.title),
  text: withoutNul(post.text),
  quote: clean(post.quote),
  text_hash: hash,
})

async function addCounts(trx: Trx, postId: number, seenAt: number, counts: Counts): Promise<void> {
  await trx
    .insertInto('post_count')
    .values({ post_id: postId, seen_at: seenAt, ...counts })
    .onConflict(conflict => conflict.columns(['post_id', 'seen_at']).doUpdateSet(counts))
    .execute()
}

/** Floors of a thread that a whole reading of it, begun at `since`, did not meet any more. Returns how many. */
export async function missFloors(
  trx: Trx,
  sourceId: string,
  threadKey: string,
  options: { since: number; at: number },
): Promise<number> {
  const rows = await trx
    .updateTable('post')
    .set({ state: 'gone', gone_at: options.at })
    .where('source_id', '=', sourceId)
    .where('parent_key', '=', threadKey)
    .where('state', '!=', 'gone')
    .where('last_seen_at', '<', options.since)
    .returning('id')
    .execute()
  return rows.length
}

export interface PostForSlip {
  id: number
  sourceId: string
  sourceName: string
  key: string
  parentKey: string | null
  kind: string
  board: string | null
  url: string
  title: string | null
  authorName: string | null
  text: string
  publishedAt: number | null
  publishedPrecision: Precision
  state: RawPost['state']
  revision: number
  /** When the flag was put before staff: 发现时间's default (design §5.1). */
  shownAt: number | null
  flagState: 'open' | 'dismissed' | 'slip' | null
  topics: string[]
}

/** What a slip copies from a post; null where there is none. */
export async function postForSlip(db: Db, postId: number): Promise<PostForSlip | null> {
  const row = await db
    .selectFrom('post')
    .innerJoin('source', 'source.id', 'post.source_id')
    .leftJoin('flag', 'flag.post_id', 'post.id')
    .leftJoin('analysis', 'analysis.post_id', 'post.id')
    .selectAll('post')
    .select(['source.name as source_name', 'flag.flagged_at', 'flag.state as flag_state', 'analysis.topics'])
    .where('post.id', '=', postId)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    sourceId: row.source_id,
    sourceName: row.source_name,
    key: row.key,
    parentKey: row.parent_key,
    kind: row.kind,
    board: row.board,
    url: row.url,
    title: row.title,
    authorName: row.author_name,
    text: row.text,
    publishedAt: row.published_at,
    publishedPrecision: row.published_precision as Precision,
    state: row.state,
    revision: row.revision,
    shownAt: row.flagged_at,
    flagState: row.flag_state,
    topics: JSON.parse(row.topics ?? '[]') as string[],
  }
}

export interface ThreadPost {
  id: number
  key: string
  authorId: string | null
  authorName: string | null
  text: string
  publishedAt: number | null
  publishedPrecision: Precision
  url: string
  state: RawPost['state']
  /** 1 = as first read. */
  revision: number
}

/** First floor and replies of a thread, in floor order. */
export async function postsOfThread(db: Db, sourceId: string, threadKey: string): Promise<ThreadPost[]> {
  const rows = await db
    .selectFrom('post')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where(eb => eb.or([eb('key', '=', threadKey), eb('parent_key', '=', threadKey)]))
    .orderBy('floor')
    .orderBy('id')
    .execute()
  return rows.map(row => ({
    id: row.id,
    key: row.key,
    authorId: row.author_id,
    authorName: row.author_name,
    text: row.text,
    publishedAt: row.published_at,
    publishedPrecision: row.published_precision as Precision,
    url: row.url,
    state: row.state,
    revision: row.revision,
  }))
}
