import type { IsoInstant } from '../pipeline/post.ts'
import { parsePage } from './parse.ts'
import {
  CrawlError,
  type Delivery,
  type ListRead,
  type Page,
  type ReadPost,
  type RoundKind,
  type RoundOutcome,
  type SourceConfig,
  type ThreadMemory,
  type ThreadRef,
  type Validators,
} from './site.ts'
import { faultOf, Tally } from './tally.ts'
import type { Reading, RoundNeeds, Task, ThreadTask } from './task.ts'
import { isForum, memoryOf, stateOf } from './thread.ts'
import { hasMoved, isWalkedDown, oldestOf, Walks } from './walk.ts'

const MOST_THREAD_PAGES = 500
const MAX_HOPS = 5
const MAX_ASKED = 2
/** Asking again changes nothing: the thread counts as seen until it moves. */
const FINAL = new Set(['parse', 'tooLarge', 'robots', 'notFound'])

const instant = (ms: number): IsoInstant => new Date(ms).toISOString()

/** One board's lists with the threads they lead to; or one watched thread; or one old page of a new source. */
export class Round {
  readonly reading: Reading
  readonly what: RoundKind
  readonly #needs: RoundNeeds
  readonly #startedAt: number
  readonly #walks = new Walks()
  readonly #tally = new Tally()
  readonly #validators = new Map<string, Validators>()
  readonly #opened = new Set<string>()
  #backfill: RoundOutcome['backfill'] = null
  /** Pages that wait or are being read. */
  waiting = 0

  constructor(reading: Reading, what: RoundKind, needs: RoundNeeds) {
    this.reading = reading
    this.what = what
    this.#needs = needs
    this.#startedAt = needs.now()
  }

  get source(): SourceConfig {
    return this.reading.source
  }

  /** Forums in their own pages; comments under articles and light templates leave floors out or name them otherwise. */
  get #showsEveryFloor(): boolean {
    const { engine, variant } = this.source
    return isForum(engine) && !/archiver|touch|rss/.test(variant ?? '')
  }

  get #isGlance(): boolean {
    return this.what.kind === 'board' && this.what.glance === true
  }

  /** First pages; none where the site has no page for it. */
  start(): Task[] {
    const { site, source } = this.reading
    const { what } = this
    const task = { round: this, page: 1, hops: 0, thread: null, list: '', board: null }
    if (what.kind === 'thread') {
      const url = site.threadUrl(what.thread)
      if (!url || this.reading.underWay.has(what.thread)) return []
      this.reading.underWay.add(what.thread)
      return [{ ...task, kind: 'thread', url, thread: { key: what.thread, ref: null, from: null } }]
    }
    const board = source.boards.find(({ key }) => key === what.board) ?? null
    if (!board) return []
    const urls = site.listUrls(board.key, instant(this.#startedAt))
    const page = what.kind === 'backfill' ? what.page : 1
    const first = what.kind === 'backfill' ? [what.url ?? urls[0] ?? ''] : urls
    return first.filter(Boolean).map(url => ({ ...task, kind: 'list', url, list: url, board, page }))
  }

  outcome(): RoundOutcome {
    const whole = !this.#tally.error && !this.#tally.isPartial && !this.#isGlance && this.#walks.ended()
    return {
      source: this.source.id,
      what: this.what,
      startedAt: instant(this.#startedAt),
      finishedAt: instant(this.#needs.now()),
      ...this.#tally.sums(),
      whole,
      readTo: whole && this.what.kind === 'board' ? this.#walks.readTo() : null,
      validators: whole ? [...this.#validators].map(([url, validators]) => ({ url, validators })) : [],
      backfill: whole ? this.#backfill : null,
    }
  }

  /** Conditional requests, where the site gave something to ask by. A back-fill wants the page itself. */
  async requestHeaders(task: Task): Promise<Record<string, string>> {
    if (task.kind !== 'list' || this.what.kind !== 'board') return {}
    const known = await this.#needs.memory.validators(task.url)
    return {
      ...(known?.etag && { 'if-none-match': known.etag }),
      ...(known?.lastModified && { 'if-modified-since': known.lastModified }),
    }
  }

  /** Reads a fetched page, hands over what is for good, and says what to fetch next. @throws CrawlError. */
  async read(task: Task, page: Page): Promise<Task[]> {
    this.#tally.pages++
    if (page.status === 304) {
      this.#tally.unchanged++
      return []
    }
    const location = page.headers.location
    if (page.status >= 300 && page.status < 400 && location) return this.#followed(task, page, location)
    return task.kind === 'list' ? this.#readList(task, page) : this.#readThread(task, page)
  }

  /** A page could not be had, or gave nothing. `page` = what came instead, if anything did. */
  async miss(task: Task, error: CrawlError, page: Page | null): Promise<void> {
    this.#close(task)
    if (task.thread) {
      this.#tally.missed++
      this.#tally.threadError ??= error
      if (this.what.kind === 'thread') this.#tally.error ??= error
      if (!FINAL.has(error.kind)) this.#tally.isPartial = true
    } else this.#tally.error ??= error
    const { key, ref } = task.thread ?? {}
    await this.#needs.missed?.({
      source: this.source.id,
      boardKey: task.board?.key ?? null,
      kind: task.kind,
      page,
      thread: key ? { key, replies: ref?.replies ?? null, lastReplyAt: ref?.lastReplyAt ?? null } : null,
      error: faultOf(error),
    })
  }

  /** It will not be asked for now: its host is closed to us. */
  drop(task: Task, error: CrawlError): void {
    this.#close(task)
    this.#tally.error ??= error
    this.#tally.isPartial = true
  }

  #close({ thread }: Task): void {
    if (thread) this.reading.underWay.delete(thread.key)
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
    const read = sane(() => this.reading.site.list(parsePage(page, this.source.charset)), page)
    if (read.askAgain && task.hops < MAX_ASKED) return [{ ...task, hops: task.hops + 1 }]
    if (read.askAgain) throw new CrawlError('parse', page.url, '列表一直为空，稍后再取')
    const { threads, posts, nextUrl } = read
    // Everything that may fail comes before anything is opened: a page that is read anew opens the same again.
    const moved: { ref: ThreadRef; memory: ThreadMemory | null }[] = []
    for (const ref of threads) {
      const memory = await this.#needs.memory.thread(this.source.id, ref.key)
      if (hasMoved(ref, memory)) moved.push({ ref, memory })
    }
    const mark =
      this.what.kind === 'board'
        ? await this.#needs.memory.readTo(this.source.id, task.board?.key ?? '')
        : null
    const told = await this.#takePosts(task, page, posts)
    this.#tally.listed += threads.length
    const fresh = told + moved.filter(({ ref }) => !ref.sticky).length
    const next = moved.flatMap(({ ref, memory }) => this.#open(task, ref, memory) ?? [])
    this.#noteValidators(task, page)
    if (this.what.kind === 'backfill') {
      this.#backfill = { nextUrl, oldestAt: oldestOf(read) }
      return next
    }
    const isEnd = nextUrl === null || this.#isEnd(task, read, { mark, fresh })
    this.#walks.note(task.list, read, page.receivedAt, isEnd)
    if (!isEnd && !this.#isFull()) next.push({ ...task, url: nextUrl, page: task.page + 1, hops: 0 })
    return next
  }

  #isEnd(task: Task, read: ListRead, known: { mark: IsoInstant | null; fresh: number }): boolean {
    if (this.#isGlance) return true
    return isWalkedDown(read, task.page, { ...known, listPages: this.reading.site.source.listPages })
  }

  #noteValidators(task: Task, page: Page): void {
    const { etag, 'last-modified': lastModified } = page.headers
    if (etag || lastModified)
      this.#validators.set(task.url, { ...(etag && { etag }), ...(lastModified && { lastModified }) })
  }

  /** What a feed or timeline shows whole. Returns whether to go on to its next page: only where that is asked for. */
  async #takePosts(task: Task, page: Page, posts: ReadPost[]): Promise<number> {
    const taken = posts.slice(0, this.#room())
    if (!taken.length) return 0
    this.reading.taken += taken.length
    this.#tally.listed += taken.length
    this.#tally.read += taken.length
    await this.#deliver(task, page, taken, null)
    return this.source.listPages === undefined ? 0 : taken.length
  }

  #room(): number {
    return (this.#needs.threadLimit ?? Number.POSITIVE_INFINITY) - this.reading.taken
  }

  #isFull(): boolean {
    return this.#room() <= 0
  }

  #open(task: Task, ref: ThreadRef, memory: ThreadMemory | null): Task | null {
    const { key } = ref
    if (this.#opened.has(key)) return null
    if (this.#isFull() || this.reading.underWay.has(key)) {
      this.#tally.isPartial = true
      return null
    }
    // Grown: read on from where it ended. Shrunk: something was taken out, so all of it.
    const grown = ref.replies !== null && memory?.replies != null && ref.replies > memory.replies
    const page = grown ? memory.lastPage : 1
    const url = this.reading.site.threadUrl(key, page)
    if (!url) return null
    this.#opened.add(key)
    this.reading.underWay.add(key)
    this.reading.taken++
    return { ...task, kind: 'thread', url, list: '', page, hops: 0, thread: { key, ref, from: null } }
  }

  async #readThread(task: Task, page: Page): Promise<Task[]> {
    const thread = task.thread as ThreadTask
    try {
      const read = sane(() => this.reading.site.thread(parsePage(page, this.source.charset)), page)
      const from = thread.from ?? { page: read.page, at: page.receivedAt }
      const more = read.nextUrl !== null && task.page < MOST_THREAD_PAGES
      const { ref } = thread
      const replies = ref?.replies ?? read.posts[0]?.counts.replies ?? null
      const memory = memoryOf(ref, { replies, lastPage: read.page, readAt: page.receivedAt })
      const shown = read.board ? { ...task, board: { key: task.board?.key ?? '', name: read.board } } : task
      const whole = from.page === 1 && read.nextUrl === null && this.#showsEveryFloor
      const done = more ? null : { key: thread.key, memory, state: 'visible' as const, from, whole }
      await this.#deliver(shown, page, read.posts, done)
      if (!more) {
        this.#tally.read++
        this.#close(task)
      }
      const next = { ...task, page: task.page + 1, hops: 0, thread: { ...thread, from } }
      return more ? [{ ...next, url: read.nextUrl as string }] : []
    } catch (error) {
      if (!(error instanceof CrawlError)) throw error
      if (!['gone', 'login', 'forbidden'].includes(error.kind)) throw error
      await this.#deliverState(task, page, thread, error.kind === 'gone' ? 'gone' : 'restricted')
      return []
    }
  }

  /** The thread can't be read: its first floor gets the state, never the page's words as a text. */
  async #deliverState(
    task: Task,
    page: Page,
    { key, ref }: ThreadTask,
    state: 'gone' | 'restricted',
  ): Promise<void> {
    this.#tally.read++
    this.#close(task)
    const { post, memory } = stateOf(this.reading.site, key, ref, state, page)
    const from = { page: 1, at: page.receivedAt }
    await this.#deliver(task, page, [post], { key, memory, state, from, whole: state === 'gone' })
  }

  async #deliver(task: Task, page: Page, posts: ReadPost[], thread: Delivery['thread']): Promise<void> {
    const board = task.board?.name ?? null
    const boardKey = task.board?.key || null
    const whole = posts.map(post => ({ ...post, source: this.source.id, board, seenAt: page.receivedAt }))
    const { id: source } = this.source
    const delivery = { source, board, boardKey, kind: task.kind, page, posts: whole, thread }
    this.#tally.fresh += await this.#needs.deliver(delivery)
    this.#tally.posts += whole.length
  }
}

/** A reader that stumbles over a page has met a layout it does not know. */
function sane<T>(read: () => T, page: { url: string }): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof CrawlError) throw error
    throw new CrawlError('parse', page.url, `页面无法读取：${(error as Error).message}`, { cause: error })
  }
}
