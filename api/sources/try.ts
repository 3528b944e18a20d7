/** Trying an address for the dashboard: the crawl's own client, pace and robots.txt, and nothing else of it. */
import { setTimeout as wait } from 'node:timers/promises'
import { PoliteClient } from '../../crawlers/client.ts'
import { Errand } from '../../crawlers/errand.ts'
import { forbiddenBoards, type Probe, probe, UNFILLED, unreadFields } from '../../crawlers/probe.ts'
import { readerOf } from '../../crawlers/registry.ts'
import { CrawlError, type Pace, type ReadPost, type SourceConfig } from '../../crawlers/site.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { maskName, maskPersonal } from '../mask.ts'
import type { ProbeView } from './edit-routes.ts'
import { storedPace } from './pace-store.ts'
import { hostOf } from './plan-store.ts'
import { type StoredSource, sourceList } from './store.ts'

const PATIENCE_MS = 60_000
/** For a person who waits, at hosts that are not our own; the crawl goes by the source's own delay. */
const PROBE_SECONDS = 2
const SHOWN = { rows: 12, posts: 6, letters: 300 }

/** Hosts that may stand on a private address: what the operator named, and what a configured source already reads. */
export const privateHosts = (context: Context, sources: readonly StoredSource[]): Set<string> =>
  new Set([
    ...context.config.privateHosts,
    ...sources.flatMap(({ config }) => (config.allowPrivate ? [hostOf(config)] : [])),
  ])

/** One of each database: a process that is new to a host waits longer for it. */
const paces = new WeakMap<Db, Pace>()

async function withErrand<T>(context: Context, work: (errand: Errand) => Promise<T>): Promise<T> {
  const { db, config, now } = context
  const sources = await sourceList(db)
  const { userAgent } = config
  const ours = privateHosts(context, sources)
  const client = new PoliteClient({ userAgent, allowPrivate: ours })
  const limitsOf = (host: string) =>
    sources.find(source => hostOf(source.config) === host && source.enabled)?.config ?? {
      ...UNFILLED,
      delaySeconds: ours.has(host) ? 0 : PROBE_SECONDS,
    }
  const pace = paces.get(db) ?? storedPace(db, now)
  paces.set(db, pace)
  const options = { client, pace, userAgent, now, limitsOf, patienceMs: PATIENCE_MS }
  try {
    return await work(new Errand({ ...options, wait: ms => wait(ms) }))
  } finally {
    await client.close()
  }
}

export async function tryAddress(context: Context, url: string): Promise<ProbeView> {
  const found = await withErrand(context, errand => probe(url, errand))
  const known = (await sourceList(context.db)).find(
    ({ config }) => found.detection?.config.url === config.url && found.detection.engine === config.engine,
  )
  return { ...viewOf(found), known: known ? { id: known.config.id, name: known.config.name } : null }
}

/** @throws AppError source.robots naming the boards, source.invalid where robots.txt can't be read. */
export async function requireAllowed(context: Context, source: SourceConfig): Promise<void> {
  const site = readerOf(source.engine)?.(source)
  if (!site) return
  const at = new Date(context.now()).toISOString()
  const forbidden = await withErrand(context, errand => forbiddenBoards(site, errand, at)).catch(error => {
    if (!(error instanceof CrawlError)) throw error
    const message = `读不到该站的 robots.txt，不能确认是否允许采集：${error.message}。请稍后再试。`
    throw new AppError('source.invalid', { message, details: { problems: [message] } })
  })
  if (!forbidden.length) return
  const names = source.boards.filter(({ key }) => forbidden.includes(key)).map(({ name }) => `「${name}」`)
  throw new AppError('source.robots', {
    message: `该站的 robots.txt 不允许采集${names.join('')}，不能加入。请改用订阅源或人工录入。`,
    details: { forbidden },
  })
}

const postView = (post: ReadPost): NonNullable<ProbeView['thread']>['posts'][number] => ({
  key: post.key,
  floor: post.floor,
  author: maskName(post.author.name),
  publishedAt: post.publishedAt === null ? null : Date.parse(post.publishedAt),
  publishedPrecision: post.publishedPrecision,
  publishedRaw: post.publishedRaw,
  title: post.title && maskPersonal(post.title),
  text: maskPersonal(post.text).slice(0, SHOWN.letters),
  quote: post.quote && maskPersonal(post.quote).slice(0, SHOWN.letters),
  images: post.images.length,
  state: post.state,
})

function viewOf({ url, detection, forbidden, list, thread, fault }: Probe): Omit<ProbeView, 'known'> {
  const unread = unreadFields({ list, thread })
  const ms = (instant: string | null) => (instant === null ? null : Date.parse(instant))
  const whole = list?.read?.posts ?? []
  const shown = thread ?? (whole.length ? { url: list?.url ?? url, fault: null, read: null } : null)
  return {
    url,
    engine: detection?.engine ?? null,
    variant: detection?.config.variant ?? null,
    confidence: detection?.confidence ?? 0,
    role: detection?.role ?? null,
    why: detection?.why ?? [],
    name: detection?.config.name ?? '',
    base: detection?.config.url ?? url,
    boards: (detection?.config.boards ?? []).map(board => ({
      ...board,
      forbidden: forbidden.includes(board.key),
    })),
    list: list && {
      url: list.url,
      fault: list.fault,
      total: list.read?.threads.length ?? 0,
      hasMore: (list.read?.nextUrl ?? null) !== null,
      unread: unread.list,
      rows: (list.read?.threads ?? []).slice(0, SHOWN.rows).map(row => ({
        key: row.key,
        title: row.title && maskPersonal(row.title),
        url: row.url,
        replies: row.replies,
        views: row.views,
        lastReplyAt: ms(row.lastReplyAt),
        createdAt: ms(row.createdAt),
        sticky: row.sticky,
      })),
    },
    thread: shown && {
      url: shown.url,
      fault: shown.fault,
      title: shown.read?.title ?? null,
      board: shown.read?.board ?? null,
      total: shown.read?.posts.length ?? whole.length,
      hasMore: (shown.read?.nextUrl ?? null) !== null,
      unread: unread.thread,
      posts: (shown.read?.posts ?? whole).slice(0, SHOWN.posts).map(postView),
    },
    fault,
  }
}
