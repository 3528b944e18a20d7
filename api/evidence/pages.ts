import type { RawPost } from '../../pipeline/post.ts'
import type { Db, Trx } from '../db/open.ts'
import type { Blobs } from './blobs.ts'
import { addBlob, addEvidence, type NewBlob, putBlob } from './store.ts'

/** A page as the crawler got it. */
export interface ReceivedPage {
  url: string
  status: number
  headers: Record<string, string>
  /** Unpacked, otherwise as received. */
  body: Uint8Array
  /** ISO instant. */
  receivedAt: string
}

/** What stands in the `headers` file of a page; the WARC is made of it. */
export interface PageHead {
  url: string
  status: number
  headers: Record<string, string>
  receivedAt: string
  /** SHA-256 of the page itself. */
  body: string
}

export interface PreparedPage {
  url: string
  at: number
  page: NewBlob
  headers: NewBlob
  posts: NewBlob
}

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value, null, 1))

/** Writes a page of which nothing was read as files; their rows follow in a transaction. */
export async function prepareUnread(
  blobs: Blobs,
  { url, status, headers, body, receivedAt }: ReceivedPage,
): Promise<Omit<PreparedPage, 'posts'>> {
  const page = await putBlob(blobs, body, headers['content-type'] || 'text/html')
  const head: PageHead = { url, status, headers, receivedAt, body: page.sha256 }
  const kept = await putBlob(blobs, json(head), 'application/json')
  return { url, at: Date.parse(receivedAt), page, headers: kept }
}

/** Writes page, headers and what was read from it as files; their rows follow in the transaction of `addPage`. */
export async function preparePage(
  blobs: Blobs,
  page: ReceivedPage,
  posts: readonly RawPost[],
): Promise<PreparedPage> {
  const unread = await prepareUnread(blobs, page)
  return { ...unread, posts: await putBlob(blobs, json(posts), 'application/json') }
}

export async function addPage(
  trx: Trx,
  { url, at, ...files }: PreparedPage,
  postId: number | null,
): Promise<void> {
  for (const kind of ['page', 'headers', 'posts'] as const) {
    await addBlob(trx, files[kind], at)
    await addEvidence(trx, { kind, sha256: files[kind].sha256, postId, url, at })
  }
}

/** A page that was kept, by the hashes of its files. */
export interface KeptPage {
  id: number
  url: string
  at: number
  headers: string
  /** What was read from it then; null where that is not there. */
  posts: string | null
}

/** Kept pages of a source in the order in which they were received, the next ones after `after`. */
export async function keptPages(
  db: Db,
  sourceId: string,
  after: { at: number; id: number },
  limit: number,
): Promise<KeptPage[]> {
  const rows = await db
    .selectFrom('evidence as e')
    .innerJoin('post as p', 'p.id', 'e.post_id')
    .select(['e.id', 'e.url', 'e.captured_at', 'e.sha256'])
    .select(eb =>
      eb
        .selectFrom('evidence as o')
        .select('o.sha256')
        .whereRef('o.post_id', '=', 'e.post_id')
        .whereRef('o.captured_at', '=', 'e.captured_at')
        .whereRef('o.url', '=', 'e.url')
        .where('o.kind', '=', 'posts')
        .where('o.slip_id', 'is', null)
        .orderBy('o.id')
        .limit(1)
        .as('posts'),
    )
    .where('p.source_id', '=', sourceId)
    .where('e.kind', '=', 'headers')
    .where('e.slip_id', 'is', null)
    .where(eb =>
      eb.or([
        eb('e.captured_at', '>', after.at),
        eb.and([eb('e.captured_at', '=', after.at), eb('e.id', '>', after.id)]),
      ]),
    )
    .orderBy('e.captured_at')
    .orderBy('e.id')
    .limit(limit)
    .execute()
  return rows.map(row => ({
    id: row.id,
    url: row.url ?? '',
    at: row.captured_at,
    headers: row.sha256,
    posts: row.posts,
  }))
}
