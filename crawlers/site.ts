/**
 * A site is data plus two pure readers (design §3): `list` finds threads on a board's page, `thread` finds the
 * posts on a thread's page. Fetching, pacing and paging live once, in crawl.ts.
 */
import type { Document } from 'domhandler'
import type { IsoInstant, RawPost } from '../pipeline/post.ts'

export type EngineName =
  | 'discuz'
  | 'phpwind'
  | 'hualongxiang'
  | 'cz001'
  | 'article'
  | 'feed'
  | 'weixin'
  | 'weibo'
  | 'manual'

export type ListOrder = 'lastReply' | 'newest'

/** One entry of config/sources.yaml. */
export interface SourceConfig {
  id: string
  name: string
  engine: EngineName
  url: string
  /** Key inside the site (fid, feed path) and the board's name as people know it. */
  boards: { key: string; name: string }[]
  /** Only where the site lies about it; otherwise header, meta, sniffing decide. */
  charset?: string
  delaySeconds: number
  dailyCeiling: number
  /** Legal basis for collecting. */
  basis: string
  /** Who at the bureau answers for this source. */
  owner: string
  retentionDays: number
  /** Lets this source stand on a private address (replicas, intranet). */
  allowPrivate?: boolean
  /** Which template or door of the engine, e.g. discuz `archiver`, cz001 `epaper`; the first of registry.ts by default. */
  variant?: string
  /** Orders in which a board's list is read, where the engine knows several; default last reply first. */
  orders?: ListOrder[]
  selectors?: Record<string, string>
  /** How many pages of a board's list the first visits go down (later ones: to where reading ended); default 3. */
  listPages?: number
  /** How often the source is looked at; default 120. */
  visitSeconds?: number
  enabled?: boolean
  /** Why it is off; required where enabled is false. */
  reason?: string
}

/** A fetched page, bytes as received. */
export interface Page {
  url: string
  status: number
  headers: Record<string, string>
  body: Uint8Array
  /** When the answer came (HTTP Date where believable); the reference of relative dates. */
  receivedAt: IsoInstant
}

/** A decoded page, as the readers get it. */
export interface ParsedPage {
  url: string
  status: number
  receivedAt: IsoInstant
  /** The whole text as decoded: HTML, XML or JSON. */
  html: string
  /** Parsed as HTML when first asked for: a feed or JSON reader never asks. */
  readonly document: Document
}

/** A post as a page shows it; `source`, `board` and `seenAt` are filled by the caller. */
export type ReadPost = Omit<RawPost, 'source' | 'board' | 'seenAt'>

/** One row of a board's list. */
export interface ThreadRef {
  /** tid; for a moved row the real thread's. */
  key: string
  url: string
  title: string
  sticky: boolean
  closed: boolean
  replies: number | null
  views: number | null
  lastReplyAt: IsoInstant | null
  createdAt: IsoInstant | null
}

export interface ListRead {
  /** What must be opened to be read. */
  threads: ThreadRef[]
  /** What the list itself shows whole (feeds, timelines). */
  posts: ReadPost[]
  nextUrl: string | null
  /** The site is still putting this page together (Discuz' RSS cache): the same address once more, later. */
  askAgain?: boolean
}

export interface ThreadRead {
  title: string
  /** As the page's own path says: a global sticky stands in every board's list. */
  board: string | null
  posts: ReadPost[]
  /** Which page of the thread this is, from 1, as it says itself. */
  page: number
  nextUrl: string | null
  closed: boolean
}

/**
 * Why a page gives no posts (style.md 15). The kind decides what follows:
 * gone -> the thread's state; login, forbidden -> restricted; challenge, throttled -> breaker for the host;
 * closed -> site shut, ask later; notFound -> board or feed is wrong; parse -> layout changed;
 * network, tooLarge, robots -> as they say.
 */
export type CrawlErrorKind =
  | 'gone'
  | 'login'
  | 'forbidden'
  | 'challenge'
  | 'throttled'
  | 'closed'
  | 'notFound'
  | 'parse'
  | 'network'
  | 'tooLarge'
  | 'robots'

export class CrawlError extends Error {
  readonly kind: CrawlErrorKind
  readonly url: string
  constructor(kind: CrawlErrorKind, url: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CrawlError'
    this.kind = kind
    this.url = url
  }
}

/** A site that can be crawled. Readers throw CrawlError, never return a page's error text as a post. */
export interface Site {
  readonly source: SourceConfig
  /** First pages of a board's lists; `now` for sites that name their pages by day. */
  listUrls(boardKey: string, now: IsoInstant): string[]
  list(page: ParsedPage): ListRead
  /** Null where a post of this site has no page of its own. `page` from 1; a site without pages ignores it. */
  threadUrl(key: string, page?: number): string | null
  thread(page: ParsedPage): ThreadRead
}

/** What we remember of a thread between runs; kept by api/sources, given to the crawl. */
export interface ThreadMemory {
  replies: number | null
  lastReplyAt: IsoInstant | null
  /** Last page read, so that a grown thread is read on from there. */
  lastPage: number
  readAt: IsoInstant
}

/** What survives between runs, as the crawl needs it. Writing it is part of `deliver`. */
export interface CrawlMemory {
  thread(sourceId: string, key: string): Promise<ThreadMemory | null>
  /** Threads to open although the list does not call for it: those of open slips, and due deletion checks. */
  revisit(sourceId: string): Promise<string[]>
  /** Everything of this board that moved before that instant was read; null = the board was never read to the end. */
  readTo(sourceId: string, boardKey: string): Promise<IsoInstant | null>
  /** ETag / Last-Modified of a list or feed page. */
  validators(url: string): Promise<{ etag?: string; lastModified?: string } | null>
}

/** A page read for good: handed over once, to be stored in one transaction with the thread's bookmark. */
export interface Delivery {
  source: string
  board: string | null
  page: Page
  posts: RawPost[]
  /** This page's ETag may be kept: nothing else hangs on its being read again. */
  conditional: boolean
  /** What to remember once the thread's last page was read; null for pages in between. */
  thread: { key: string; memory: ThreadMemory; state: 'visible' | 'gone' | 'restricted' } | null
}

/** What happened to one source in one run; health is computed from these. */
export interface SourceOutcome {
  source: string
  startedAt: IsoInstant
  finishedAt: IsoInstant
  pages: number
  threadsListed: number
  threadsRead: number
  posts: number
  /** Boards whose list was walked down to what was known, with every thread on the way read: bookmark of each. */
  readTo: { board: string; at: IsoInstant }[]
  /** First failure that stopped or harmed the run. */
  error: { kind: CrawlErrorKind; url: string; message: string } | null
}

/**
 * Pace and breaker per host, so that a restart does not forget that we were told to wait. `host` is
 * `hostname:port` as in a URL. The crawl asks before every request and tells what came of it.
 */
export interface Pace {
  /** null = go; else why not, and until when (epoch ms). */
  hold(host: string, dailyCeiling: number): Promise<{ until: number; reason: string } | null>
  /** A request is about to leave. */
  count(host: string): Promise<void>
  /** The host said stop: next step of the ladder 30 min, 2 h, 12 h. Returns the end (epoch ms). */
  trip(host: string, reason: string): Promise<number>
  /** The host answered as it should: the ladder starts from below again. */
  recover(host: string): Promise<void>
}
