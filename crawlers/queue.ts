import type { Request } from '@crawlee/http'
import type { Timers } from './timers.ts'

/** What the queue asks for work and for leave; answers are about one host, `hostname:port`. */
export interface Desk {
  hosts(): Iterable<string>
  /** Ms until this host has something to read; 0 or less = now. */
  readyIn(host: string): number
  /** The host's next page; null = nothing after all. */
  next(host: string): Promise<Request | null>
  /** May it leave now? `drop`: it was dealt with and is not to be asked for. */
  permit(host: string, request: Request): Promise<Leave>
  /** It came back or failed. Returns the ms for which the host is left alone. */
  release(host: string, request: Request): Promise<number>
}

export type Leave = 'go' | 'drop' | { waitMs: number } | { first: Request }

interface Line {
  host: string
  /** Taken from the desk, waiting for leave or for another try. */
  inHand: Request[]
  /** Earliest start of the next request, on the queue's clock. */
  readyAt: number
  busy: boolean
}

/**
 * One line per host: one connection, the delay counted from the end of the request before. Crawlee's own queues grow
 * with every run and starve hosts behind a slow one (crawlee/README.md in the reference material).
 */
export class HostQueue {
  readonly #lines = new Map<string, Line>()
  readonly #desk: Desk
  readonly #timers: Timers
  #total = 0
  #done = 0
  #cancelWake = () => {}
  /** Set to the pool's notify. */
  wake: () => void = () => {}
  /** Stays open with nothing to do: work may come. */
  keep = false
  /** Whether the pool has begun to ask: before that it can't be aborted, it would wait for ever. */
  isAsked = false
  #isStopped = false

  constructor(desk: Desk, timers: Timers) {
    this.#desk = desk
    this.#timers = timers
  }

  /** Nothing more is handed out; a pool that asks is told that all is done. */
  stop(): void {
    this.#isStopped = true
    this.wake()
  }

  /** Takes back what waits in hand for a host. */
  drop(host: string): Request[] {
    return this.#lines.get(host)?.inHand.splice(0) ?? []
  }

  /** Ms until this line may start, Infinity while it is busy. */
  #startsIn(line: Line): number {
    if (line.busy) return Number.POSITIVE_INFINITY
    const pause = line.readyAt - this.#timers.now()
    return line.inHand.length ? pause : Math.max(pause, this.#desk.readyIn(line.host))
  }

  #all(): Line[] {
    for (const host of this.#desk.hosts())
      if (!this.#lines.has(host)) this.#lines.set(host, { host, inHand: [], readyAt: 0, busy: false })
    return [...this.#lines.values()]
  }

  /** Of those that may start, the one that has waited longest. */
  #ready(): Line | null {
    let best: Line | null = null
    for (const line of this.#all())
      if (this.#startsIn(line) <= 0 && (!best || line.readyAt < best.readyAt)) best = line
    return best
  }

  // --- what Crawlee asks of a request queue ---

  async isEmpty(): Promise<boolean> {
    this.isAsked = true
    if (this.#isStopped) return true
    if (this.#ready()) return false
    const inMs = Math.min(60_000, ...this.#all().map(line => this.#startsIn(line)))
    this.#cancelWake()
    this.#cancelWake = this.#timers.after(inMs, () => this.wake())
    return true
  }

  async isFinished(): Promise<boolean> {
    if (this.#isStopped) return true
    if (this.keep || this.#all().some(({ busy, inHand }) => busy || inHand.length)) return false
    if (this.#all().some(({ host }) => this.#desk.readyIn(host) <= 0)) return false
    this.#cancelWake()
    return true
  }

  async fetchNextRequest(): Promise<Request | null> {
    const line = this.#isStopped ? null : this.#ready()
    if (!line) return null
    line.busy = true
    let request: Request | null = null
    try {
      request = await this.#leaving(line)
      return request
    } finally {
      if (!request) line.busy = false
    }
  }

  async #leaving(line: Line): Promise<Request | null> {
    const request = line.inHand.shift() ?? (await this.#desk.next(line.host))
    if (!request) return null
    const leave = await this.#desk.permit(line.host, request)
    if (leave === 'drop') return null
    if (leave !== 'go') {
      line.inHand.unshift(request)
      if ('first' in leave) line.inHand.unshift(leave.first)
      else line.readyAt = this.#timers.now() + leave.waitMs
      return 'first' in leave ? this.#leaving(line) : null
    }
    this.#total++
    return request
  }

  async #release(request: Request, factor: number): Promise<Line> {
    const line = this.#lines.get(hostOf(request)) as Line
    const delayMs = await this.#desk.release(line.host, request)
    line.readyAt = this.#timers.now() + delayMs * factor
    line.busy = false
    return line
  }

  async markRequestHandled(request: Request): Promise<null> {
    await this.#release(request, 1)
    this.#done++
    return null
  }
  async reclaimRequest(request: Request): Promise<null> {
    const line = await this.#release(request, 2 ** request.retryCount)
    // Before what waits for it: a page that waits for robots.txt would ask for it anew.
    line.inHand.unshift(request)
    return null
  }
  async handledCount(): Promise<number> {
    return this.#done
  }
  getTotalCount(): number {
    return this.#total
  }
  getPendingCount(): number {
    return this.#total - this.#done
  }
  async addRequest(): Promise<never> {
    throw new Error('errands come from the desk')
  }
  async addRequestsBatched(): Promise<never> {
    throw new Error('errands come from the desk')
  }
  close(): void {
    this.#cancelWake()
  }
}

export const hostOf = (request: { url: string }): string => new URL(request.url).host
