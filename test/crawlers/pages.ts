/** Saved pages of every engine: `pages/ENGINE/cases.yaml` says how a page came, `NAME.expected.json` what it must give. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { parse } from 'yaml'
import { parsePage } from '../../crawlers/parse.ts'
import { READERS } from '../../crawlers/registry.ts'
import {
  CrawlError,
  type CrawlErrorKind,
  type ListRead,
  type Page,
  type SourceConfig,
  type ThreadRead,
} from '../../crawlers/site.ts'

export type Engine = keyof typeof READERS

export interface SavedPage {
  name: string
  /** A file of the folder, or the page itself. */
  file?: string
  body?: string
  read: 'list' | 'thread'
  url: string
  status?: number
  /** Content-Type as sent. */
  type?: string
  /** Bytes that the text is sent as, whatever the header says. */
  encode?: string
  source?: Partial<SourceConfig>
  /** Kind of the error that it must give. */
  error?: CrawlErrorKind
}

const ROOT = join(import.meta.dirname, 'pages')
/** When every saved page was received. */
export const RECEIVED_AT = '2026-11-23T06:30:00.000Z'

export const engines = Object.keys(READERS) as Engine[]

/** None where the folder is missing: the test tells. */
export function savedPages(engine: Engine): SavedPage[] {
  const file = join(ROOT, engine, 'cases.yaml')
  if (!existsSync(file)) return []
  const { defaults, pages } = parse(readFileSync(file, 'utf8')) as { defaults: object; pages: SavedPage[] }
  return pages.map(page => ({ ...defaults, ...page }))
}

export function pageOf(engine: Engine, saved: SavedPage): Page {
  const text = saved.body ?? readFileSync(join(ROOT, engine, saved.file as string), 'utf8')
  return {
    url: saved.url,
    status: saved.status ?? 200,
    headers: { 'content-type': saved.type ?? 'text/html; charset=utf-8' },
    body: iconv.encode(text, saved.encode ?? 'utf8'),
    receivedAt: RECEIVED_AT,
  }
}

export function sourceOf(engine: Engine, saved: Pick<SavedPage, 'url' | 'source'>): SourceConfig {
  return {
    id: engine,
    name: engine,
    engine,
    url: `${new URL(saved.url).origin}/`,
    boards: [],
    delaySeconds: 0,
    dailyCeiling: 1,
    basis: '测试',
    owner: '办公室',
    retentionDays: 1,
    ...saved.source,
  }
}

/** What the engine reads from a page, or the kind of its error. Anything else that is thrown goes on. */
export function readSaved(engine: Engine, saved: SavedPage, page: Page): unknown {
  const source = sourceOf(engine, saved)
  const site = READERS[engine](source)
  try {
    return site[saved.read](parsePage(page, source.charset))
  } catch (error) {
    if (error instanceof CrawlError) return { error: error.kind, message: error.message }
    throw error
  }
}

/** Without what says nothing, so that expected files stay readable. */
export const meaningful = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, each) =>
      each === null || each === '' || each === false || (Array.isArray(each) && !each.length)
        ? undefined
        : each,
    ),
  )

export const expectedFile = (engine: Engine, saved: SavedPage): string =>
  join(ROOT, engine, `${saved.name}.expected.json`)

const isInstant = (value: unknown) =>
  value === null || (typeof value === 'string' && !Number.isNaN(Date.parse(value)))
const isWeb = (value: unknown) =>
  typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)

/** What breaks the contract of a reader's answer, whatever the page was like; empty = nothing. */
export function problemsOf(read: unknown): string[] {
  if (!read || typeof read !== 'object') return [`no answer: ${String(read)}`]
  if ('error' in read) return []
  const { posts = [], threads = [], nextUrl = null } = read as Partial<ListRead & ThreadRead>
  const problems: string[] = []
  const require = (right: boolean, what: string, value: unknown) => {
    if (!right) problems.push(`${what}: ${JSON.stringify(value)?.slice(0, 100)}`)
  }
  require(nextUrl === null || isWeb(nextUrl), 'nextUrl', nextUrl)
  for (const { key, url, lastReplyAt, createdAt, replies } of threads) {
    require(key !== '', 'key of a thread', key)
    require(isWeb(url), 'address of a thread', url)
    require(isInstant(lastReplyAt) && isInstant(createdAt), 'date of a thread', [lastReplyAt, createdAt])
    require(replies === null || replies >= 0, 'replies', replies)
  }
  for (const post of posts) {
    require(post.key !== '' && typeof post.text === 'string', 'post', post)
    require(isWeb(post.url) && post.images.every(({ url }) => isWeb(url)), 'addresses of a post', post)
    require(isInstant(post.publishedAt), 'date of a post', post.publishedAt)
    require((post.publishedAt === null) === (post.publishedPrecision === null), 'precision', post)
    require(post.state === 'visible' || post.text === '', 'text of a post that is not shown', post)
  }
  require(new Set(posts.map(({ key }) => key)).size === posts.length, 'the same key twice', posts.map(
    ({ key }) => key,
  ))
  return problems
}
