/** `replay`: kept pages read again after a reader was mended; nothing is fetched, no post is doubled (design §10). */
import type { Writable } from 'node:stream'
import { parsePage } from '../crawlers/parse.ts'
import { readerOf } from '../crawlers/registry.ts'
import { CrawlError, type Page, type ReadPost, type Site } from '../crawlers/site.ts'
import type { RawPost } from '../pipeline/post.ts'
import { appendAudit } from './audit.ts'
import type { Context } from './context.ts'
import { type KeptPage, keptPages, type PageHead } from './evidence/pages.ts'
import { type Difference, mendPost } from './posts/mend-store.ts'
import { type StoredSource, sourceList } from './sources/store.ts'

const BATCH = 200

interface Sums {
  pages: number
  unreadable: number
  added: number
  mended: number
  unsure: number
  /** Posts that the old reader found and the mended one does not; they stay. */
  missing: number
}

/** A page that says why it shows nothing (deleted, log in): it was kept as such, and says the same again. */
const STATES = ['gone', 'login', 'forbidden']

/**
 * A thread's page, or a list that shows its posts whole; null where it only tells a state. @throws CrawlError where
 * it is neither.
 */
function postsOf(site: Site, page: Page): { posts: ReadPost[]; board: string | null } | null {
  const parsed = parsePage(page, site.source.charset)
  try {
    const { posts, board } = site.thread(parsed)
    if (posts.length) return { posts, board }
  } catch (error) {
    if (!(error instanceof CrawlError)) throw error
    if (STATES.includes(error.kind)) return null
  }
  return { posts: site.list(parsed).posts, board: null }
}

async function loadPage({ blobs }: Context, kept: KeptPage): Promise<{ page: Page; before: RawPost[] }> {
  const json = async <T>(sha256: string) =>
    JSON.parse(Buffer.from(await blobs.get(sha256)).toString('utf8')) as T
  const { url, status, headers, receivedAt, body } = await json<PageHead>(kept.headers)
  const before = kept.posts ? await json<RawPost[]>(kept.posts) : []
  return { page: { url, status, headers, receivedAt, body: await blobs.get(body) }, before }
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
  const sums: Sums = { pages: 0, unreadable: 0, added: 0, mended: 0, unsure: 0, missing: 0 }
  let after = { at: 0, id: 0 }
  for (;;) {
    const pages = await keptPages(db, config.id, after, BATCH)
    for (const kept of pages) {
      sums.pages++
      try {
        const { page, before } = await loadPage(context, kept)
        for (const difference of await replayPage(context, site, page, before, sums))
          output.write(`${JSON.stringify(difference)}\n`)
      } catch (error) {
        sums.unreadable++
        errors.write(`${config.name}：${kept.url} 读不了：${(error as Error).message}\n`)
      }
    }
    const last = pages.at(-1)
    if (!last) break
    after = { at: last.at, id: last.id }
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
  const { pages, added, mended, unsure, missing, unreadable } = sums
  errors.write(
    `${config.name}：重读 ${pages} 页，补出 ${added} 条，更正 ${mended} 条，待核对 ${unsure} 条，不再读出 ${missing} 条（保留），读不了 ${unreadable} 页。\n`,
  )
  return unreadable
}

/** One page in one transaction. */
async function replayPage(
  { db }: Context,
  site: Site,
  page: Page,
  before: readonly RawPost[],
  sums: Sums,
): Promise<Difference[]> {
  const read = postsOf(site, page)
  if (!read) return []
  const { posts, board } = read
  const shownBoard = board ?? before[0]?.board ?? null
  const keys = new Set(posts.map(({ key }) => key))
  sums.missing += before.filter(({ key }) => !keys.has(key)).length
  const differences = await db.transaction().execute(async trx => {
    const found: Difference[] = []
    for (const post of posts) {
      const whole = { ...post, source: site.source.id, board: shownBoard, seenAt: page.receivedAt }
      const difference = await mendPost(trx, whole)
      if (difference) found.push(difference)
    }
    return found
  })
  for (const { what } of differences)
    if (what === 'added') sums.added++
    else if (what === 'unsure') sums.unsure++
    else sums.mended++
  return differences
}
