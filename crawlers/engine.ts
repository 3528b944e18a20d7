/** Runs rounds: which page goes next, whether it may, what came of it (design §3). */
import { Request } from '@crawlee/http'
import { Agenda, type Errand, type Planned, type Urgency } from './agenda.ts'
import { PoliteClient } from './client.ts'
import { Hosts } from './hosts.ts'
import { httpCrawler } from './http.ts'
import { type Desk, HostQueue, hostOf, type Leave } from './queue.ts'
import { robotsRefusal } from './robots.ts'
import type { Round } from './round.ts'
import { CrawlError, type Pace, type Page, type RoundOutcome, type SourceConfig } from './site.ts'
import type { Reading, RoundNeeds, Task } from './task.ts'
import { REAL_TIMERS, type Timers } from './timers.ts'
import { retryAfter, statusError } from './walls.ts'

export interface EngineOptions extends RoundNeeds {
  pace: Pace
  userAgent: string
  signal?: AbortSignal | undefined
  /** The clock that requests wait by; the machine's by default. */
  timers?: Timers | undefined
  /** Told when the last page of a round is done with. */
  roundEnded?(outcome: RoundOutcome): Promise<void>
  /** Crawl-delay that a host's robots.txt asks for, seconds. */
  robotsRead?(host: string, delaySeconds: number): Promise<void>
}

/** A page of a round that is under way, or a round that has yet to begin. */
type Work = Task | Opening
interface Opening {
  id: string
  reading: Reading
  /** Null where somebody else has taken it meanwhile. `glance`: a longer round of it is under way. */
  open(glance: boolean): Promise<Round | null>
}
const isOpening = (work: Work): work is Opening => 'open' in work

/** A round that may begin from `at` on. */
export interface PlannedRound extends Opening {
  host: string
  urgency: Urgency
  at: number
  intervalMs: number
  mayGlance: boolean
}

/** What travels with a request: its page's task, or the task that waits for the host's robots.txt. */
type Cargo = TaskCargo | { robotsFor: Task }
interface TaskCargo {
  task: Task
  intervalMs: number
  /** What it led to is taken on: asked for once more since something failed afterwards, it is not read again. */
  isRead?: true
}

const CLOSED_MS = 15 * 60_000

export class Engine {
  readonly #agenda = new Agenda<Work>()
  readonly #rounds = new Map<Round, string>()
  readonly #options: EngineOptions
  readonly #hosts: Hosts
  readonly #client: PoliteClient
  readonly #queue: HostQueue
  readonly #crawler: ReturnType<typeof httpCrawler>
  #number = 0

  constructor(options: EngineOptions) {
    this.#options = options
    const { userAgent, signal, timers = REAL_TIMERS, now } = options
    this.#hosts = new Hosts({ ...options, timers })
    this.#client = new PoliteClient({ userAgent, allowPrivate: this.#hosts.allowPrivate, signal })
    this.#queue = new HostQueue(this.#desk(), timers)
    this.#crawler = httpCrawler({
      queue: this.#queue,
      client: this.#client,
      now,
      headers: async request => {
        const cargo = cargoOf(request)
        return 'task' in cargo ? cargo.task.round.requestHeaders(cargo.task) : {}
      },
      read: (request, page) => this.#read(cargoOf(request), page),
      failed: (request, error) => this.#failed(request, error),
    })
  }

  /** Limits and addresses of the sources whose rounds are planned next. */
  register(sources: readonly SourceConfig[]): void {
    this.#hosts.register(sources)
  }

  /**
   * Replaces what was planned before. A board that is due again while a round of it still walks down (after a long
   * stop) is glanced at, so that what is newest is not the last to be seen.
   */
  plan(rounds: readonly PlannedRound[]): void {
    const underWay = new Set(this.#rounds.values())
    const errands = rounds.flatMap((round): Planned<Work>[] => {
      const { id } = round
      if (!underWay.has(id)) return [{ ...round, task: round }]
      const glance = `${id}\n`
      if (!round.mayGlance || underWay.has(glance)) return []
      return [{ ...round, id: glance, task: { ...round, id: glance, open: () => round.open(true) } }]
    })
    this.#agenda.plan(errands)
    this.#queue.wake()
  }

  /** Until nothing is due (`keep`: until the signal), a stop by the signal included. */
  async run(keep: boolean): Promise<void> {
    const { signal } = this.#options
    if (signal?.aborted) return
    this.#queue.keep = keep
    this.#queue.isAsked = false
    // A pool that is aborted while it starts never ends: it is told by the queue instead.
    const stop = () => {
      this.#queue.stop()
      if (this.#queue.isAsked) void this.#crawler.autoscaledPool?.abort()
    }
    signal?.addEventListener('abort', stop)
    try {
      await this.#crawler.run()
    } finally {
      signal?.removeEventListener('abort', stop)
      this.#queue.close()
      this.#hosts.releaseAll()
    }
  }

  async close(): Promise<void> {
    await this.#client.close()
  }

  #desk(): Desk {
    const { now } = this.#options
    return {
      hosts: () => this.#agenda.hosts(),
      readyIn: host => this.#agenda.readyAt(host) - now(),
      next: async host => {
        const errand = this.#agenda.take(host, now())
        if (!errand) return null
        const { task, intervalMs } = errand
        const first = isOpening(task) ? await this.#begin(errand, task) : task
        return first && this.#request(first.url, { task: first, intervalMs })
      },
      permit: (host, request) => this.#permit(host, cargoOf(request)),
      release: host => this.#hosts.release(host),
    }
  }

  /** Its first page; the first pages of its other lists are found with it. */
  async #begin({ urgency, intervalMs }: Errand<Work>, opening: Opening): Promise<Task | null> {
    const round = await opening.open(false)
    if (!round) return null
    const [first, ...others] = round.start()
    round.waiting = 1 + others.length
    this.#rounds.set(round, opening.id)
    const at = this.#options.now()
    for (const task of others) this.#agenda.add(hostOf(task), { task, urgency, at, intervalMs })
    if (!first) {
      round.waiting = 0
      await this.#endIfDone(round)
    }
    return first ?? null
  }

  #request(url: string, cargo: Cargo): Request {
    // Every request is its own, even to an address that was asked before (paging, redirects).
    const request = new Request({ url, uniqueKey: String(++this.#number), userData: { cargo } })
    request.id = request.uniqueKey
    return request
  }

  async #permit(host: string, cargo: Cargo): Promise<Leave> {
    const asker = 'task' in cargo ? cargo.task : cargo.robotsFor
    if ('task' in cargo) {
      const rules = this.#hosts.robots(host)
      if (!rules) return { first: this.#request(this.#hosts.robotsAt(host, asker.url), { robotsFor: asker }) }
      if (!rules.allowed(asker.url)) {
        await this.#miss(asker, new CrawlError('robots', asker.url, 'robots.txt 不允许访问此路径'), null)
        return 'drop'
      }
    }
    const refusal = await this.#hosts.take(host, asker.round.source)
    if (!refusal) return 'go'
    if (refusal.passing) return { waitMs: refusal.until - this.#options.now() }
    const reason = `${refusal.reason}，${new Date(refusal.until).toISOString()} 后再试`
    const error = new CrawlError('throttled', asker.url, reason)
    if ('task' in cargo) await this.#dropTask(asker, error)
    await this.#dropHost(host, error)
    return 'drop'
  }

  async #read(cargo: Cargo, page: Page): Promise<void> {
    const host = hostOf(page)
    if ('robotsFor' in cargo) {
      const refused = robotsRefusal(page)
      if (refused) return this.#stopHost(cargo.robotsFor, refused, page)
      const rules = this.#hosts.noteRobots(host, page)
      if (rules) await this.#options.robotsRead?.(host, rules.delaySeconds)
      return
    }
    const { task } = cargo
    const refused = statusError(page.url, page.status)
    if (refused && !cargo.isRead) return this.#stopHost(task, refused, page)
    try {
      if (!cargo.isRead) await this.#take(cargo, page)
      await this.#hosts.answered(host)
      return await this.#endIfDone(task.round)
    } catch (error) {
      if (!(error instanceof CrawlError)) throw error
      const stops = task.kind === 'list' ? ['challenge', 'throttled', 'closed'] : ['challenge', 'throttled']
      if (stops.includes(error.kind)) return this.#stopHost(task, error, page)
      if (error.kind === 'network') await this.#unanswered(host, error)
      return this.#miss(task, error, page)
    }
  }

  async #take(cargo: TaskCargo, page: Page): Promise<void> {
    const { task, intervalMs } = cargo
    const next = await task.round.read(task, page)
    cargo.isRead = true
    for (const each of next) this.#found(each, task, intervalMs)
    task.round.waiting += next.length - 1
  }

  #found(task: Task, after: Task, intervalMs: number): void {
    const now = this.#options.now()
    const urgency = urgencyOf(task, after)
    const moved = task.thread?.ref?.lastReplyAt ?? task.thread?.ref?.createdAt
    const at = urgency === 'news' && moved ? Math.min(Date.parse(moved), now) : now
    this.#agenda.add(hostOf(task), { task, urgency, at, intervalMs })
  }

  /** After its last page; told anew where telling failed. */
  async #endIfDone(round: Round): Promise<void> {
    if (round.waiting > 0 || !this.#rounds.has(round)) return
    await this.#options.roundEnded?.(round.outcome())
    this.#rounds.delete(round)
  }

  async #miss(task: Task, error: CrawlError, page: Page | null): Promise<void> {
    await task.round.miss(task, error, page)
    task.round.waiting--
    await this.#endIfDone(task.round)
  }

  async #dropTask(task: Task, error: CrawlError): Promise<void> {
    task.round.drop(task, error)
    task.round.waiting--
    await this.#endIfDone(task.round)
  }

  async #dropHost(host: string, error: CrawlError): Promise<void> {
    const inHand = this.#queue.drop(host).flatMap(request => {
      const cargo = cargoOf(request)
      return 'task' in cargo ? [cargo.task] : []
    })
    for (const work of [...inHand, ...this.#agenda.drop(host)])
      if (isOpening(work)) work.reading.stopped ??= error
      else await this.#dropTask(work, error)
  }

  /** It told us to stop (breaker), or is shut for now. */
  async #stopHost(task: Task, error: CrawlError, page: Page): Promise<void> {
    const { pace, now } = this.#options
    const host = hostOf(page)
    if (error.kind === 'closed') await pace.pause(host, error.message, now() + CLOSED_MS)
    else await pace.trip(host, error.message, retryAfter(page, now()))
    await this.#dropTask(task, error)
    await this.#dropHost(host, error)
  }

  async #unanswered(host: string, error: CrawlError, atOnce = false): Promise<void> {
    if (await this.#hosts.unanswered(host, error.message, atOnce)) await this.#dropHost(host, error)
  }

  async #failed(request: Request, error: CrawlError): Promise<void> {
    if (this.#options.signal?.aborted) return
    const host = hostOf(request)
    const cargo = cargoOf(request)
    // Without its robots.txt nothing of the host may be read.
    const isNeeded = 'robotsFor' in cargo
    if (error.kind === 'network' || isNeeded) await this.#unanswered(host, error, isNeeded)
    if (isNeeded) return
    const { round } = cargo.task
    if (!cargo.isRead) await this.#miss(cargo.task, error, null)
    // Its outcome could not be told: nothing of it is lost, the board is read again.
    else if (round.waiting <= 0) this.#rounds.delete(round)
  }
}

const cargoOf = (request: Request): Cargo => (request.userData as { cargo: Cargo }).cargo

function urgencyOf(task: Task, after: Task): Urgency {
  if (after.kind === task.kind && (task.kind === 'thread' || task.hops > 0)) return 'more'
  if (task.round.what.kind === 'backfill') return 'backfill'
  return task.kind === 'list' ? 'turn' : 'news'
}
