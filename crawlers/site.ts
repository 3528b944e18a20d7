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
  /** Shortest time between two looks at the same board; default 60. */
  visitSeconds?: number
  /** Hours of the day in which the source is left alone, Shanghai, `HH:MM`; none by default: fires start at night. */
  quietHours?: { from: string; to: string }
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
  /** Everything of this board that moved before that instant was read; null = the board was never read to the end. */
  readTo(sourceId: string, boardKey: string): Promise<IsoInstant | null>
  /** ETag / Last-Modified of a list or feed page that was read with all that hung on it. */
  validators(url: string): Promise<Validators | null>
}

export interface Validators {
  etag?: string
  lastModified?: string
}

/** A page read for good: handed over once, to be stored in one transaction with the thread's bookmark. */
export interface Delivery {
  source: string
  /** The board as people know it; null where the page does not say. */
  board: string | null
  /** The board's key in the source; null for a thread that was opened without its board's list. */
  boardKey: string | null
  kind: 'list' | 'thread'
  page: Page
  posts: RawPost[]
  /** What to remember once the thread's last page was read; null for pages in between. */
  thread: ThreadDelivery | null
}

export interface ThreadDelivery {
  key: string
  memory: ThreadMemory
  state: 'visible' | 'gone' | 'restricted'
  /** Where this reading of the thread began, from page 1 on. */
  from: { page: number; at: IsoInstant }
  /** Read from its first page to its last, on pages that show every floor: what it did not meet is gone. */
  whole: boolean
}

/** A page that gave nothing although it should have: kept to be read again by a mended reader. */
export interface Miss {
  source: string
  boardKey: string | null
  kind: 'list' | 'thread'
  /** Null where there was no answer. */
  page: Page | null
  /** Null for a list. */
  thread: { key: string; replies: number | null; lastReplyAt: IsoInstant | null } | null
  error: CrawlFault
}

export interface CrawlFault {
  kind: CrawlErrorKind
  url: string
  message: string
}

/** What came of reading one board (or one watched thread, or one page of a back-fill) once; health rests on these. */
export interface RoundOutcome {
  source: string
  what: RoundKind
  startedAt: IsoInstant
  finishedAt: IsoInstant
  pages: number
  /** Pages that had not changed since the last time (304). */
  unchanged: number
  /** Rows of lists and posts that lists show whole. */
  listed: number
  threadsRead: number
  /** Threads whose page gave nothing. */
  threadsMissed: number
  posts: number
  /** Of these, not known before. */
  postsNew: number
  /** Everything was read: lists walked down to what was known, every thread on the way. */
  whole: boolean
  /** The list was walked down to what was known, with every thread on the way read: the board's new bookmark. */
  readTo: IsoInstant | null
  /** To ask by next time; only of a round that read everything. */
  validators: { url: string; validators: Validators }[]
  /** Why the list (or the watched thread) could not be read. */
  error: CrawlFault | null
  /** First thread that could not be read. */
  threadError: CrawlFault | null
  /** Of a back-fill: where it goes on, and how far back this page went. */
  backfill: { nextUrl: string | null; oldestAt: IsoInstant | null } | null
}

export type RoundKind =
  /** `glance`: its first page only, while a long round of it is under way. */
  | { kind: 'board'; board: string; glance?: boolean }
  | { kind: 'thread'; thread: string }
  | { kind: 'backfill'; board: string; url: string | null; page: number }

/** What happened to one source in one run. */
export interface SourceOutcome {
  source: string
  pages: number
  threadsListed: number
  threadsRead: number
  posts: number
  /** First failure that stopped or harmed the run. */
  error: CrawlFault | null
}

export interface Refusal {
  /** Epoch ms. */
  until: number
  /** In Chinese. */
  reason: string
  /** Somebody else has the host for a moment; else it is closed to us for longer. */
  passing: boolean
}

/**
 * Pace and breaker per host, shared by all who ask it and kept over restarts: a host has one connection and one delay,
 * whoever reads it. `host` is `hostname:port` as in a URL.
 */
export interface Pace {
  /** Asks for the host's turn, which counts as a request; the turn lasts `delayMs`. null = go. */
  take(host: string, limits: { dailyCeiling: number; delayMs: number }): Promise<Refusal | null>
  /** The turn lasts `delayMs` from now: while the answer is on its way, and once more when it has come. */
  keep(host: string, delayMs: number): Promise<void>
  /** The host said stop: next step of the ladder 30 min, 2 h, 12 h, or later where it named a time. Returns the end. */
  trip(host: string, reason: string, notBefore?: number): Promise<number>
  /** It does not answer: left alone until then, the ladder unmoved. */
  pause(host: string, reason: string, until: number): Promise<void>
  /** The host answered as it should: the ladder starts from below again. */
  recover(host: string): Promise<void>
}
