import { type Robots, readRobots, robotsUrl } from './robots.ts'
import type { Pace, Page, Refusal, SourceConfig } from './site.ts'
import type { Timers } from './timers.ts'

const HOUR_MS = 3_600_000
const ROBOTS_MS = 12 * HOUR_MS
const MOST_HOPS = 5
/** So many pages in a row without an answer: it is the host, not the page. */
const SILENT_AFTER = 3

interface Host {
  robots: { rules: Robots; at: number } | null
  /** Where its robots.txt has sent us, one address after the other. */
  robotsWay: string[]
  /** Pages in a row that brought no answer. */
  unanswered: number
  pauses: number
  stopTurn: () => void
  delayMs: number
}

interface Needs {
  pace: Pace
  userAgent: string
  now: () => number
  timers: Timers
}

/** What is known of each host while the program runs: its limits, its robots.txt, whether it answers. */
export class Hosts {
  readonly #needs: Needs
  readonly #hosts = new Map<string, Host>()
  /** Of all sources on a host: the longest delay, the highest ceiling. */
  readonly #limits = new Map<string, { delaySeconds: number; dailyCeiling: number }>()
  /** Hosts that may stand on a private address. */
  readonly allowPrivate = new Set<string>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  register(sources: readonly SourceConfig[]): void {
    this.#limits.clear()
    this.allowPrivate.clear()
    for (const { url, delaySeconds, dailyCeiling, allowPrivate } of sources) {
      const { host } = new URL(url)
      const known = this.#limits.get(host)
      this.#limits.set(host, {
        delaySeconds: Math.max(known?.delaySeconds ?? 0, delaySeconds),
        dailyCeiling: Math.max(known?.dailyCeiling ?? 0, dailyCeiling),
      })
      if (allowPrivate) this.allowPrivate.add(host)
    }
  }

  #of(host: string): Host {
    const fresh = { robots: null, robotsWay: [], unanswered: 0, pauses: 0, stopTurn: () => {}, delayMs: 0 }
    const known = this.#hosts.get(host) ?? fresh
    this.#hosts.set(host, known)
    return known
  }

  /** Null where robots.txt has to be read first. */
  robots(host: string): Robots | null {
    const known = this.#of(host).robots
    return known && known.at >= this.#needs.now() - ROBOTS_MS ? known.rules : null
  }

  /** Where the host's robots.txt is to be asked for. */
  robotsAt(host: string, anyUrl: string): string {
    return this.#of(host).robotsWay.at(-1) ?? robotsUrl(anyUrl)
  }

  /** Null where it stands elsewhere on the host (http to https) and has to be asked for there. */
  noteRobots(host: string, page: Page): Robots | null {
    const { robotsWay } = this.#of(host)
    const { location } = page.headers
    const moved = page.status >= 300 && page.status < 400 && location && URL.canParse(location, page.url)
    const target = moved ? new URL(location, page.url) : null
    if (target?.host === host && robotsWay.length < MOST_HOPS) {
      robotsWay.push(target.href)
      return null
    }
    robotsWay.length = 0
    const text = Buffer.from(page.body).toString('utf8')
    const rules = readRobots(page.url, page.status, text, this.#needs.userAgent)
    this.#of(host).robots = { rules, at: this.#needs.now() }
    return rules
  }

  /** Asks for the host's turn and keeps it until `release`. A host that only links lead to goes by `source`. */
  async take(host: string, source: SourceConfig): Promise<Refusal | null> {
    const { delaySeconds, dailyCeiling } = this.#limits.get(host) ?? source
    const seconds = Math.max(delaySeconds, this.#of(host).robots?.rules.delaySeconds ?? 0)
    // Up to a fifth more, so that requests do not come in step.
    const delayMs = seconds * 1000 * (1 + Math.random() / 5)
    const refusal = await this.#needs.pace.take(host, { dailyCeiling, delayMs })
    if (!refusal) this.#hold(host, delayMs)
    return refusal
  }

  /** While the answer is on its way nobody else may have the host. */
  #hold(host: string, delayMs: number): void {
    const state = this.#of(host)
    state.delayMs = delayMs
    if (delayMs === 0) return
    let isOver = false
    let cancel = () => {}
    const again = () => {
      if (isOver) return
      cancel = this.#needs.timers.after(delayMs / 2, () => {
        this.#needs.pace.keep(host, delayMs).then(again, again)
      })
    }
    state.stopTurn = () => {
      isOver = true
      cancel()
    }
    again()
  }

  /** The answer has come or never will. Returns the ms for which the host is left alone. */
  async release(host: string): Promise<number> {
    const state = this.#of(host)
    state.stopTurn()
    if (state.delayMs > 0) await this.#needs.pace.keep(host, state.delayMs)
    return state.delayMs
  }

  releaseAll(): void {
    for (const { stopTurn } of this.#hosts.values()) stopTurn()
  }

  async answered(host: string): Promise<void> {
    Object.assign(this.#of(host), { unanswered: 0, pauses: 0 })
    await this.#needs.pace.recover(host)
  }

  /** No answer several times in a row: the host is left alone (true), longer each time, up to half an hour. */
  async unanswered(host: string, reason: string, atOnce: boolean): Promise<boolean> {
    const state = this.#of(host)
    if (++state.unanswered < SILENT_AFTER && !atOnce) return false
    const pauseMs = Math.min(60_000 * 2 ** state.pauses, HOUR_MS / 2)
    Object.assign(state, { unanswered: 0, pauses: state.pauses + 1 })
    await this.#needs.pace.pause(host, reason, this.#needs.now() + pauseMs)
    return true
  }
}
