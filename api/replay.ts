/**
 * `replay`: kept pages read again after a reader was mended, those of which the old one made nothing too; nothing is
 * fetched, no post is doubled (design §10).
 */
import type { Writable } from 'node:stream'
import { parsePage } from '../crawlers/parse.ts'
import { readerOf } from '../crawlers/registry.ts'
import { CrawlError, type Page, type ReadPost, type Site } from '../crawlers/site.ts'
import type { RawPost } from '../pipeline/post.ts'
import { appendAudit } from './audit.ts'
import type { Context } from './context.ts'
import type { Trx } from './db/open.ts'
import { type MissedPage, missedPages, settleMissedPage } from './evidence/missed-pages.ts'
import { addPage, type KeptPage, keptPages, type PageHead, preparePage } from './evidence/pages.ts'
import { type Difference, mendPost, postIdOf } from './posts/mend-store.ts'
import { type StoredSource, sourceList } from './sources/store.ts'
import { watchThread } from './sources/thread-store.ts'

const BATCH = 200

interface Sums {
  pages: number
  unreadable: number
  /** Pages of which the reader of their day made nothing. */
  missed: number
  /** Those of which the mended one makes nothing either: they stay. */
  stillMissed: number
  added: number
  mended: number
  unsure: number
  /** Posts that the old reader found and the mended one does not; they stay. */
  missing: number
}

/** A page that says why it shows nothing (deleted, log in): it was kept as such, and says the same again. */
const STATES = ['gone', 'login', 'forbidden']

interface ReadAgain {
  posts: ReadPost[]
  board: string | null
  /** The thread has further pages. */
  hasMore: boolean
}

/**
 * A thread's page, or a list that shows its posts whole; null where it only tells a state. @throws CrawlError where
 * it is neither.
 */
function postsOf(site: Site, page: Page): ReadAgain | null {
  const parsed = parsePage(page, site.source.charset)
  try {
    const { posts, board, nextUrl } = site.thread(parsed)
    if (posts.length) return { posts, board, hasMore: nextUrl !== null }
  } catch (error) {
    if (!(error instanceof CrawlError)) throw error
    if (STATES.includes(error.kind)) return null
  }
  return { posts: site.list(parsed).posts, board: null, hasMore: false }
}

async function loadJson<T>({ blobs }: Context, sha256: string): Promise<T> {
  return JSON.parse(Buffer.from(await blobs.get(sha256)).toString('utf8')) as T
}

async function loadPage(context: Context, kept: Pick<KeptPage, 'headers'>): Promise<Page> {
  const { body, ...head } = await loadJson<PageHead>(context, kept.headers)
  return { ...head, body: await context.blobs.get(body) }
}

/** Both kinds in the order in which they were received: an edit is told from a mistake by what came before. */
async function* pagesOf(
  { db }: Context,
  sourceId: string,
): AsyncGenerator<{ kept: KeptPage } | { missed: MissedPage }> {
  const missed = await missedPages(db, sourceId)
  let after = { at: 0, id: 0 }
  for (;;) {
    const pages = await keptPages(db, sourceId, after, BATCH)
    for (const kept of pages) {
      while (missed[0] && missed[0].at <= kept.at) yield { missed: missed.shift() as MissedPage }
      yield { kept }
    }
    const last = pages.at(-1)
    if (!last) break
    after = { at: last.at, id: last.id }
  }
  for (const each of missed) yield { missed: each }
}

/**
 * Every kept page of one source (or of all), in the order in which they were received. Each difference is a line of
 * JSON on `output`, sums and unreadable pages on `errors`. Killed half-way, running it again does the rest. Returns
 * 1 where pages could not be read.
 */
export async function replay(
  context: Context,
  only: string | undefined,
  output: Writable,
  errors: Writable,
): Promise<0 | 1> {
  const sources = (await sourceList(context.db)).filter(
    ({ config }) => config.engine !== 'manual' && (only === undefined || config.id === only),
  )
  if (!sources.length) {
    errors.write(only ? `没有可重读的信源「${only}」。\n` : '没有可重读的信源。\n')
    return 1
  }
  let bad = 0
  for (const source of sources) bad += await replaySource(context, source, output, errors)
  await context.queue.add('posts.analyse', {}, { key: 'waiting' })
  return bad ? 1 : 0
}

async function replaySource(
  context: Context,
  { config }: StoredSource,
  output: Writable,
  errors: Writable,
): Promise<number> {
  const { db, now } = context
  const site = readerOf(config.engine)?.(config)
  if (!site) return 0
  const sums: Sums = {
    ...{ pages: 0, unreadable: 0, missed: 0, stillMissed: 0 },
    ...{ added: 0, mended: 0, unsure: 0, missing: 0 },
  }
  for await (const each of pagesOf(context, config.id)) {
    sums.pages++
    try {
      const differences =
        'kept' in each
          ? await replayKept(context, site, each.kept, sums)
          : await replayMissed(context, site, each.missed, sums)
      for (const difference of differences) output.write(`${JSON.stringify(difference)}\n`)
    } catch (error) {
      sums.unreadable++
      const { url } = 'kept' in each ? each.kept : each.missed
      errors.write(`${config.name}：${url} 读不了：${(error as Error).message}\n`)
    }
  }
  if (sums.added + sums.mended)
    await db.transaction().execute(trx =>
      appendAudit(trx, {
        caseKind: 'source',
        caseId: config.id,
        at: now(),
        actorId: null,
        forId: null,
        action: 'replay',
        detail: sums,
      }),
    )
  const { pages, added, mended, unsure, missing, missed, stillMissed, unreadable } = sums
  if (missed)
    errors.write(`${config.name}：其中当时没读出的 ${missed} 页，仍读不出 ${stillMissed} 页（继续留存）。\n`)
  errors.write(
    `${config.name}：重读 ${pages} 页，补出 ${added} 条，更正 ${mended} 条，待核对 ${unsure} 条，不再读出 ${missing} 条（保留），读不了 ${unreadable} 页。\n`,
  )
  return unreadable
}

/** One page in one transaction. */
async function replayKept(context: Context, site: Site, kept: KeptPage, sums: Sums): Promise<Difference[]> {
  const page = await loadPage(context, kept)
  const before = kept.posts ? await loadJson<RawPost[]>(context, kept.posts) : []
  const read = postsOf(site, page)
  if (!read) return []
  const posts = wholePosts(site, page, read, before[0]?.board ?? null)
  const keys = new Set(posts.map(({ key }) => key))
  sums.missing += before.filter(({ key }) => !keys.has(key)).length
  return count(await context.db.transaction().execute(trx => mendAll(trx, posts)), sums)
}

/** One page of which nothing was made when it came: what is read now is kept with it, as if it had been read then. */
async function replayMissed(
  context: Context,
  site: Site,
  missed: MissedPage,
  sums: Sums,
): Promise<Difference[]> {
  const { db, blobs, now } = context
  sums.missed++
  const page = await loadPage(context, missed)
  const read = readAgain(site, page)
  if (read === 'unread') {
    sums.stillMissed++
    return []
  }
  const posts = read ? wholePosts(site, page, read, null) : []
  const prepared = posts.length ? await preparePage(blobs, page, posts) : null
  const differences = await db.transaction().execute(async trx => {
    const found = await mendAll(trx, posts)
    const [first] = posts
    if (prepared && first) await addPage(trx, prepared, await postIdOf(trx, first.source, first.key))
    // Its further pages were never asked for.
    if (read?.hasMore && missed.threadKey) await watchThread(trx, site.source.id, missed.threadKey, now())
    await settleMissedPage(trx, site.source.id, missed)
    return found
  })
  return count(differences, sums)
}

/** `unread`: this reader knows no more of it than the one before. */
function readAgain(site: Site, page: Page): ReadAgain | null | 'unread' {
  try {
    return postsOf(site, page)
  } catch (error) {
    if (error instanceof CrawlError) return 'unread'
    throw error
  }
}

const wholePosts = (site: Site, page: Page, { posts, board }: ReadAgain, known: string | null): RawPost[] =>
  posts.map(post => ({
    ...post,
    source: site.source.id,
    board: board ?? known,
    seenAt: page.receivedAt,
  }))

async function mendAll(trx: Trx, posts: readonly RawPost[]): Promise<Difference[]> {
  const found: Difference[] = []
  for (const post of posts) {
    const difference = await mendPost(trx, post)
    if (difference) found.push(difference)
  }
  return found
}

function count(differences: Difference[], sums: Sums): Difference[] {
  for (const { what } of differences)
    if (what === 'added') sums.added++
    else if (what === 'unsure') sums.unsure++
    else sums.mended++
  return differences
}
