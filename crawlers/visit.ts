import type { IsoInstant } from '../pipeline/post.ts'
import { toPost } from './fields.ts'
import { parsePage } from './parse.ts'
import { readerOf } from './registry.ts'
import {
  CrawlError,
  type CrawlMemory,
  type Delivery,
  type Page,
  type ReadPost,
  type Site,
  type SourceConfig,
  type SourceOutcome,
  type ThreadMemory,
  type ThreadRef,
} from './site.ts'

/** One page to fetch for one source. */
export interface Task {
  visit: SourceVisit
  kind: 'list' | 'thread'
  url: string
  /** First page of the list that led here. */
  list: string
  board: { key: string; name: string } | null
  /** 1 = first page. */
  page: number
  /** Redirects followed, or asked again, so far. */
  hops: number
  thread: { key: string; ref: ThreadRef | null } | null
}

interface Needs {
  memory: CrawlMemory
  deliver(delivery: Delivery): Promise<void>
  now: () => number
  threadLimit?: number | undefined
}

const LIST_PAGES = 3
/** However long we were away. */
const MOST_LIST_PAGES = 100
/** Lists that say 半小时前 are this imprecise about the last reply. */
const SLACK_MS = 3_600_000
const MAX_HOPS = 5
const MAX_ASKED = 2

/** What one source needs in one run: which pages, in which order, and what came of them. */
export class SourceVisit {
  readonly source: SourceConfig
  readonly #needs: Needs
  readonly #site: Site | null
  readonly #startedAt: number
  /** Threads of this run; a sticky one stands in several boards. */
  readonly #opened = new Set<string>()
  /** First address of a list -> the newest that its first page shows, and whether the walk down it came to an end. */
  readonly #walks = new Map<string, { board: string; newest: IsoInstant; ended: boolean }>()
  #leftOut = false
  #pages = 0
  #listed = 0
  #read = 0
  #posts = 0
  #error: CrawlError | null = null

  constructor(source: SourceConfig, needs: Needs) {
    this.source = source
    this.#needs = needs
    this.#startedAt = needs.now()
    this.#site = this.#make()
  }

  /** Null where it can't be read by the program, or its configuration is wrong. */
  #make(): Site | null {
    try {
      return readerOf(this.source.engine)?.(this.source) ?? null
    } catch (error) {
      this.fail(new CrawlError('parse', this.source.url, `信源配置有误：${(error as Error).message}`))
      return null
    }
  }

  get readable(): boolean {
    return this.#site !== null
  }

  /** The first failure is the one that is told; a thread that is gone is no failure. */
  fail(error: CrawlError): void {
    this.#error ??= error
  }

  outcome(): SourceOutcome {
    const error = this.#error
    return {
      source: this.source.id,
      startedAt: new Date(this.#startedAt).toISOString(),
      finishedAt: new Date(this.#needs.now()).toISOString(),
      pages: this.#pages,
      threadsListed: this.#listed,
      threadsRead: this.#read,
      posts: this.#posts,
      readTo: error || this.#leftOut ? [] : this.#bookmarks(),
      error: error && { kind: error.kind, url: error.url, message: error.message },
    }
  }

  /** A board may have several lists (newest, last reply): it is read as far as the one that is behind. */
  #bookmarks(): SourceOutcome['readTo'] {
    return this.source.boards.flatMap(({ key: board }) => {
      const walks = [...this.#walks.values()].filter(walk => walk.board === board)
      const [oldest] = walks.map(({ newest }) => newest).sort()
      return oldest && walks.every(({ ended }) => ended) ? [{ board, at: oldest }] : []
    })
  }

  start(): Task[] {
    const site = this.#site as Site
    const now = new Date(this.#startedAt).toISOString()
    return this.source.boards.flatMap(board =>
      site.listUrls(board.key, now).map(url => ({
        visit: this,
        kind: 'list' as const,
        url,
        list: url,
        board,
        page: 1,
        hops: 0,
        thread: null,
      })),
    )
  }

  /** Conditional requests, where the site gave something to ask by. */
  async requestHeaders(task: Task): Promise<Record<string, string>> {
    if (task.kind !== 'list') return {}
    const known = await this.#needs.memory.validators(task.url)
    return {
      ...(known?.etag && { 'if-none-match': known.etag }),
      ...(known?.lastModified && { 'if-modified-since': known.lastModified }),
    }
  }

  /** Reads a fetched page, hands over what is for good, and says what to fetch next. @throws CrawlError. */
  async read(task: Task, page: Page): Promise<Task[]> {
    this.#pages++
    if (page.status === 304) return []
    const location = page.headers.location
    if (page.status >= 300 && page.status < 400 && location) return this.#followed(task, page, location)
    return task.kind === 'list' ? this.#readList(task, page) : this.#readThread(task, page)
  }

  /** A redirect is a page of its own: same host only, seen by robots, pace and breaker. */
  #followed(task: Task, page: Page, location: string): Task[] {
    const target = URL.canParse(location, page.url) ? new URL(location, page.url) : null
    const hosts = [this.source.url, task.url].map(url => new URL(url).host)
    if (!target || !hosts.includes(target.host))
      throw new CrawlError('parse', page.url, `跳转到站外地址 ${location.slice(0, 100)}`)
    if (task.hops >= MAX_HOPS) throw new CrawlError('parse', page.url, '页面循环跳转')
    return [{ ...task, url: target.href, hops: task.hops + 1 }]
  }

  async #readList(task: Task, page: Page): Promise<Task[]> {
    const site = this.#site as Site
    const { threads, posts, nextUrl, askAgain } = site.list(parsePage(page, this.source.charset))
    if (askAgain && task.hops < MAX_ASKED) return [{ ...task, hops: task.hops + 1 }]
    if (askAgain) throw new CrawlError('parse', page.url, '列表一直为空，稍后再取')
    const next: Task[] = []
    let fresh = await this.#takePosts(task, page, posts, !threads.length)
    this.#listed += threads.length
    for (const ref of threads) {
      const memory = await this.#needs.memory.thread(this.source.id, ref.key)
      if (!hasMoved(ref, memory)) continue
      if (!ref.sticky) fresh++
      const opened = this.#open(task.board, ref.key, ref, memory)
      if (opened) next.push(opened)
    }
    if (task.page === 1) next.push(...(await this.#revisits()))
    const isEnd = nextUrl === null || (await this.#isWalkedDown(task, threads, fresh))
    this.#noteWalk(task, threads, page, isEnd)
    if (!isEnd && !this.#isFull()) next.push({ ...task, url: nextUrl, page: task.page + 1, hops: 0 })
    return next
  }

  /** What a feed or timeline shows whole. Returns whether to go on to its next page: only where that is asked for. */
  async #takePosts(task: Task, page: Page, posts: ReadPost[], conditional: boolean): Promise<number> {
    const room = (this.#needs.threadLimit ?? Number.POSITIVE_INFINITY) - this.#opened.size
    const taken = posts.filter(({ key }) => !this.#opened.has(key)).slice(0, room)
    if (!taken.length) return 0
    for (const { key } of taken) this.#opened.add(key)
    this.#listed += taken.length
    this.#read += taken.length
    await this.#deliver(task, page, taken, null, conditional)
    return this.source.listPages === undefined ? 0 : taken.length
  }

  /**
   * A known page is no sign that those below it were read: a run may have been stopped in between. The bookmark of
   * the board is; before there is one, `listPages`.
   */
  async #isWalkedDown(task: Task, threads: readonly ThreadRef[], fresh: number): Promise<boolean> {
    const isDeep = task.page >= ((this.#site as Site).source.listPages ?? LIST_PAGES)
    if (!threads.length) return isDeep || fresh === 0
    const mark = await this.#needs.memory.readTo(this.source.id, task.board?.key ?? '')
    if (mark === null) return isDeep
    if (task.page >= MOST_LIST_PAGES) return true
    const oldest = datesOf(threads).sort()[0]
    return oldest === undefined ? fresh === 0 : Date.parse(oldest) < Date.parse(mark) - SLACK_MS
  }

  #noteWalk(task: Task, threads: readonly ThreadRef[], page: Page, ended: boolean): void {
    const dates = datesOf(threads)
      // A date of tomorrow would hide everything until then.
      .filter(at => at <= page.receivedAt)
      .sort()
    const newest = this.#walks.get(task.list)?.newest ?? dates.at(-1) ?? page.receivedAt
    this.#walks.set(task.list, { board: task.board?.key ?? '', newest, ended })
  }

  #isFull(): boolean {
    return this.#needs.threadLimit !== undefined && this.#opened.size >= this.#needs.threadLimit
  }

  #open(
    board: Task['board'],
    key: string,
    ref: ThreadRef | null,
    memory: ThreadMemory | null = null,
  ): Task | null {
    if (this.#opened.has(key)) return null
    if (this.#isFull()) {
      this.#leftOut = true
      return null
    }
    // Grown: read on from where it ended. Shrunk: something was taken out, so all of it.
    const grown = ref?.replies != null && memory?.replies != null && ref.replies > memory.replies
    const page = grown ? memory.lastPage : 1
    const url = (this.#site as Site).threadUrl(key, page)
    if (!url) return null
    this.#opened.add(key)
    return { visit: this, kind: 'thread', url, list: '', board, page, hops: 0, thread: { key, ref } }
  }

  /** Which board they stand in, their own page says. */
  async #revisits(): Promise<Task[]> {
    const keys = await this.#needs.memory.revisit(this.source.id)
    return keys.flatMap(key => this.#open(null, key, null) ?? [])
  }

  async #readThread(task: Task, page: Page): Promise<Task[]> {
    const { key, ref } = task.thread as { key: string; ref: ThreadRef | null }
    try {
      const read = (this.#site as Site).thread(parsePage(page, this.source.charset))
      const more = read.nextUrl !== null && task.page < 500
      const memory: ThreadMemory = {
        replies: ref?.replies ?? read.posts[0]?.counts.replies ?? null,
        lastReplyAt: ref?.lastReplyAt ?? null,
        lastPage: read.page,
        readAt: page.receivedAt,
      }
      const shown = read.board ? { ...task, board: { key: '', name: read.board } } : task
      await this.#deliver(shown, page, read.posts, more ? null : { key, memory, state: 'visible' })
      if (!more) this.#read++
      return more ? [{ ...task, url: read.nextUrl as string, page: task.page + 1, hops: 0 }] : []
    } catch (error) {
      if (!(error instanceof CrawlError)) throw error
      if (!['gone', 'login', 'forbidden'].includes(error.kind)) throw error
      await this.#deliverState(task, page, key, ref, error.kind === 'gone' ? 'gone' : 'restricted')
      return []
    }
  }

  /** The thread can't be read: its first floor gets the state, never the page's words as a text. */
  async #deliverState(
    task: Task,
    page: Page,
    key: string,
    ref: ThreadRef | null,
    state: 'gone' | 'restricted',
  ): Promise<void> {
    this.#read++
    const post = toPost({
      key,
      url: (this.#site as Site).threadUrl(key) ?? page.url,
      kind: 'thread',
      floor: 1,
      title: ref?.title || null,
      state,
    })
    const memory: ThreadMemory = {
      replies: ref?.replies ?? null,
      lastReplyAt: ref?.lastReplyAt ?? null,
      lastPage: 1,
      readAt: page.receivedAt,
    }
    await this.#deliver(task, page, [post], { key, memory, state })
  }

  async #deliver(
    task: Task,
    page: Page,
    posts: ReadPost[],
    thread: Delivery['thread'],
    conditional = false,
  ): Promise<void> {
    const board = task.board?.name ?? null
    const whole = posts.map(post => ({ ...post, source: this.source.id, board, seenAt: page.receivedAt }))
    await this.#needs.deliver({ source: this.source.id, board, page, posts: whole, conditional, thread })
    this.#posts += whole.length
  }
}

/** When what a list shows last moved; an old date in a sticky row says nothing. */
const datesOf = (threads: readonly ThreadRef[]): IsoInstant[] =>
  threads.flatMap(({ sticky, lastReplyAt, createdAt }) => (sticky ? [] : (lastReplyAt ?? createdAt ?? [])))

/** New, or grown since (design §3). Views move by our own visits: they are no news. */
export function hasMoved(ref: ThreadRef, memory: ThreadMemory | null): boolean {
  if (!memory) return true
  if (ref.replies !== null && memory.replies !== null && ref.replies !== memory.replies) return true
  return ref.lastReplyAt !== null && memory.lastReplyAt !== null && ref.lastReplyAt > memory.lastReplyAt
}
