/**
 * What is to be read next, host by host, in memory. Planned errands (boards and threads whose turn comes) are replaced
 * whenever the plan is looked at again; found ones (threads with news, further pages) stay until taken or dropped.
 */

/**
 * asked: somebody waits for it. more: the rest of a thread that is being read. news: a thread known to hold something
 * unread. turn: a board or thread that is due, read for what may be new. backfill: old pages of a new source.
 */
export type Urgency = 'asked' | 'more' | 'news' | 'turn' | 'backfill'

export interface Errand<T> {
  task: T
  urgency: Urgency
  /** Epoch ms. news: when it last moved, the newest goes first. turn: when it is due. asked: when it was asked for. */
  at: number
  /** Usual time between two turns, ms: being this late is being one turn late. */
  intervalMs: number
}

export interface Planned<T> extends Errand<T> {
  /** The same errand in the next look at the plan has the same id. */
  id: string
  host: string
}

const RANK: Record<Urgency, number> = { asked: 0, more: 1, news: 2, turn: 3, backfill: 4 }
/** So many threads in a row go before a board that is a whole turn late: in a flood, new threads are noticed too. */
const NEWS_IN_A_ROW = 3

interface Line<T> {
  found: Errand<T>[]
  planned: Map<string, Planned<T>>
  newsInARow: number
}

const lateness = ({ at, intervalMs }: Errand<unknown>, now: number): number =>
  (now - at) / Math.max(intervalMs, 1)

export class Agenda<T> {
  readonly #lines = new Map<string, Line<T>>()

  #line(host: string): Line<T> {
    const line = this.#lines.get(host) ?? { found: [], planned: new Map(), newsInARow: 0 }
    this.#lines.set(host, line)
    return line
  }

  /** Hosts that have anything to do, now or later. */
  hosts(): string[] {
    return [...this.#lines].flatMap(([host, { found, planned }]) =>
      found.length || planned.size ? [host] : [],
    )
  }

  add(host: string, errand: Errand<T>): void {
    this.#line(host).found.push(errand)
  }

  /** A new look at the plan: what it no longer holds is no longer due. */
  plan(errands: readonly Planned<T>[]): void {
    for (const line of this.#lines.values()) line.planned.clear()
    for (const errand of errands) this.#line(errand.host).planned.set(errand.id, errand)
  }

  /** Forgets everything of a host, handing it back; the next look at the plan may name it again. */
  drop(host: string): T[] {
    const { found, planned } = this.#line(host)
    const dropped = [...found, ...planned.values()].map(({ task }) => task)
    found.length = 0
    planned.clear()
    return dropped
  }

  /** When `take` has something for this host: epoch ms, Infinity = nothing in sight. */
  readyAt(host: string): number {
    const line = this.#lines.get(host)
    if (!line) return Number.POSITIVE_INFINITY
    if (line.found.length) return Number.NEGATIVE_INFINITY
    let soonest = Number.POSITIVE_INFINITY
    for (const { at } of line.planned.values()) if (at < soonest) soonest = at
    return soonest
  }

  /** The errand to run next, taken out; null = none is due. */
  take(host: string, now: number): Errand<T> | null {
    const line = this.#line(host)
    const due = [...line.planned.values()].filter(({ at }) => at <= now)
    const isBehind = [...line.found, ...due].some(
      errand => errand.urgency === 'turn' && lateness(errand, now) >= 1,
    )
    const turnFirst = isBehind && line.newsInARow >= NEWS_IN_A_ROW
    const rank = ({ urgency }: Errand<T>) =>
      turnFirst && urgency === 'news' ? RANK.turn + 0.5 : RANK[urgency]
    const before = (a: Errand<T>, b: Errand<T>) =>
      rank(a) - rank(b) ||
      (a.urgency === 'news' ? b.at - a.at : lateness(b, now) - lateness(a, now) || a.at - b.at)
    let best: Errand<T> | null = null
    for (const errand of line.found) if (!best || before(errand, best) < 0) best = errand
    for (const errand of due) if (!best || before(errand, best) < 0) best = errand
    if (!best) return null
    line.newsInARow =
      best.urgency === 'news' ? line.newsInARow + 1 : best.urgency === 'turn' ? 0 : line.newsInARow
    const at = line.found.indexOf(best)
    if (at >= 0) line.found.splice(at, 1)
    else line.planned.delete((best as Planned<T>).id)
    return best
  }
}
