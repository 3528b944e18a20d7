import { Request, type Source } from '@crawlee/http'

interface HostLine {
  requests: Request[]
  /** Earliest start of the next request, epoch ms. */
  readyAt: number
  busy: boolean
}

/**
 * One line per host: one connection, the delay counted from the end of the request before. Crawlee's own queues grow
 * with every run and starve hosts behind a slow one (crawlee/README.md in the reference material).
 */
export class HostQueue {
  readonly #lines = new Map<string, HostLine>()
  readonly #delayMs: (host: string) => number
  readonly #now: () => number
  #total = 0
  #done = 0
  #timer: NodeJS.Timeout | undefined
  /** Set to the pool's notify. */
  wake: () => void = () => {}

  constructor(delayMs: (host: string) => number, now: () => number = Date.now) {
    this.#delayMs = delayMs
    this.#now = now
  }

  add(source: Source, first = false): void {
    const request = new Request(source as ConstructorParameters<typeof Request>[0])
    request.id = request.uniqueKey
    const host = new URL(request.url).host
    const line = this.#lines.get(host) ?? { requests: [], readyAt: 0, busy: false }
    this.#lines.set(host, line)
    if (first) line.requests.unshift(request)
    else line.requests.push(request)
    this.#total++
    this.wake()
  }

  /** Drops what waits for a host (its breaker opened); returns how many. */
  drop(host: string): number {
    const line = this.#lines.get(host)
    if (!line) return 0
    const dropped = line.requests.length
    line.requests = []
    this.#done += dropped
    return dropped
  }

  #next(): HostLine | undefined {
    const now = this.#now()
    let best: HostLine | undefined
    for (const line of this.#lines.values())
      if (line.requests.length && !line.busy && line.readyAt <= now && (!best || line.readyAt < best.readyAt))
        best = line
    return best
  }

  #arm(): void {
    let soonest = Number.POSITIVE_INFINITY
    for (const line of this.#lines.values())
      if (line.requests.length && !line.busy) soonest = Math.min(soonest, line.readyAt)
    clearTimeout(this.#timer)
    if (soonest < Number.POSITIVE_INFINITY)
      this.#timer = setTimeout(() => this.wake(), Math.max(0, soonest - this.#now()))
  }

  #release(request: Request, factor: number): HostLine {
    const host = new URL(request.url).host
    const line = this.#lines.get(host) as HostLine
    line.busy = false
    line.readyAt = this.#now() + this.#delayMs(host) * factor
    return line
  }

  // --- what Crawlee asks of a request queue ---

  async isEmpty(): Promise<boolean> {
    if (this.#next()) return false
    this.#arm()
    return true
  }
  async isFinished(): Promise<boolean> {
    for (const line of this.#lines.values()) if (line.busy || line.requests.length) return false
    clearTimeout(this.#timer)
    return true
  }
  async fetchNextRequest(): Promise<Request | null> {
    const line = this.#next()
    if (!line) return null
    line.busy = true
    return line.requests.shift() ?? null
  }
  async markRequestHandled(request: Request): Promise<null> {
    this.#release(request, 1)
    this.#done++
    return null
  }
  async reclaimRequest(request: Request): Promise<null> {
    this.#release(request, 2 ** request.retryCount).requests.push(request)
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
    throw new Error('use add()')
  }
  async addRequestsBatched(): Promise<never> {
    throw new Error('use add()')
  }
  async drain(): Promise<void> {
    clearTimeout(this.#timer)
  }
}
