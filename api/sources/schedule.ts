/**
 * When each board of a host is due. A host takes one request at a time and so many a day; its boards are looked at the
 * more often the more is expected on them. Pure; facts in, plan out, the same for the worker and for the page.
 */
import { nextDay } from '../../crawlers/pace.ts'
import type { SourceConfig } from '../../crawlers/site.ts'
import { shanghaiDay, startOfDay } from '../deadline.ts'
import { afterQuiet } from '../quiet.ts'

const HOUR_MS = 3_600_000
/** Share of the rate that lists may take; the rest is for the threads they lead to, watches and back-fill. */
const LIST_SHARE = 0.8
/** The last of the day's ceiling is kept for threads with news, watches and what people ask for. */
const CEILING_SHARE = 0.9
const MIN_SECONDS = 60
const MAX_MS = HOUR_MS / 2
/** Until something is known, a board is taken to bring six posts a day, and that is believed for one day. */
const PRIOR = { postsPerDay: 6, days: 1 }
/** Posts spread evenly over the day that a source's own profile is mixed with. */
const EVEN_POSTS = 48

/** Posts expected in each hour of the Shanghai day, 24 figures. */
export type Rhythm = readonly number[]

export const hourOfDay = (at: number): number => Math.floor(at / HOUR_MS + 8) % 24

/** A board's share of the source's day: few posts are needed to know how much, more to know when. */
export function rhythmOf(boardPosts: number, sourceByHour: readonly number[], days: number): Rhythm {
  const daily = (boardPosts + PRIOR.postsPerDay * PRIOR.days) / (days + PRIOR.days)
  const total = sourceByHour.reduce((sum, posts) => sum + posts, 0)
  return Array.from(
    { length: 24 },
    (_, hour) => (daily * ((sourceByHour[hour] ?? 0) + EVEN_POSTS / 24)) / (total + EVEN_POSTS),
  )
}

/** Posts expected between two instants. */
export function expectedPosts(rhythm: Rhythm, from: number, to: number): number {
  const perDay = rhythm.reduce((sum, posts) => sum + posts, 0)
  const days = Math.floor((to - from) / (24 * HOUR_MS))
  let sum = Math.max(0, days) * perDay
  for (let at = from + days * 24 * HOUR_MS; at < to; ) {
    const end = Math.min(to, (Math.floor(at / HOUR_MS) + 1) * HOUR_MS)
    sum += ((rhythm[hourOfDay(at)] ?? 0) * (end - at)) / HOUR_MS
    at = end
  }
  return sum
}

export interface BoardFacts {
  key: string
  triedAt: number | null
  askedAt: number | null
  /** Rounds in a row whose list could not be read. */
  failures: number
  rhythm: Rhythm
  /** Posts per hour of late. */
  lately: number
}

export interface HostFacts {
  requestsToday: number
  /** Crawl-delay of its robots.txt, seconds. */
  crawlDelay: number
  held: { until: number; reason: string } | null
}

export interface PlannedBoard {
  source: string
  board: string
  /** Epoch ms. */
  at: number
  intervalMs: number
  urgency: 'asked' | 'turn'
  /** Why it has to wait longer than its rhythm, in Chinese. */
  why: string | null
}

interface HostSource {
  config: SourceConfig
  boards: readonly BoardFacts[]
}

const rateNow = ({ rhythm, lately }: BoardFacts, now: number): number =>
  Math.max(rhythm[hourOfDay(now)] ?? 0, lately / 2)

/**
 * Time between two looks at each board so that the squared waits of posts are least: as the inverse cube root of the
 * rate, within `min` and `max`, together no more reads an hour than allowed. The plain sum of waits would ask for the
 * square root, and let the posts of quiet boards wait longest.
 */
export function intervals(
  boards: readonly { rate: number; cost: number; minMs: number; maxMs: number }[],
  readsPerHour: number,
): number[] {
  const at = (stretch: number) =>
    boards.map(({ rate, minMs, maxMs }) =>
      Math.min(Math.max(stretch / Math.cbrt(Math.max(rate, 1e-6)), minMs), maxMs),
    )
  const reads = (list: number[]) =>
    list.reduce((sum, interval, i) => sum + ((boards[i]?.cost ?? 1) * HOUR_MS) / interval, 0)
  let [low, high] = [1, 1e12]
  if (reads(at(low)) <= readsPerHour) return at(low)
  const most = reads(at(high))
  // Even the longest are too many: all of them wait longer than that.
  if (most > readsPerHour) return at(high).map(interval => (interval * most) / Math.max(readsPerHour, 1e-3))
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(low * high)
    if (reads(at(middle)) > readsPerHour) low = middle
    else high = middle
  }
  return at(high)
}

/** List reads an hour that rate and ceiling leave now; busy hours of the day get the more of the ceiling. */
function allowance(sources: readonly HostSource[], host: HostFacts, now: number): number {
  const seconds = Math.max(host.crawlDelay, ...sources.map(({ config }) => config.delaySeconds))
  const byRate = seconds > 0 ? (LIST_SHARE * 3600) / (seconds * 1.1) : Number.POSITIVE_INFINITY
  const ceiling = Math.max(...sources.map(({ config }) => config.dailyCeiling))
  const boards = sources.flatMap(each => each.boards)
  const weight = (hour: number) => boards.reduce((sum, { rhythm }) => sum + Math.cbrt(rhythm[hour] ?? 0), 0)
  const end = startOfDay(shanghaiDay(now)) + 24 * HOUR_MS
  let [weights, threads] = [0, 0]
  for (let at = now; at < end; ) {
    const next = Math.min(end, (Math.floor(at / HOUR_MS) + 1) * HOUR_MS)
    weights += (weight(hourOfDay(at)) * (next - at)) / HOUR_MS
    at = next
  }
  for (const { rhythm } of boards) threads += expectedPosts(rhythm, now, end)
  const left = ceiling * CEILING_SHARE - host.requestsToday - threads
  const byCeiling = weights > 0 ? (left * weight(hourOfDay(now))) / weights : left
  return Math.max(0, Math.min(byRate, byCeiling))
}

/** Every board of one host, with all sources that stand on it. */
export function planHost(sources: readonly HostSource[], host: HostFacts, now: number): PlannedBoard[] {
  const all = sources.flatMap(({ config, boards }) => boards.map(board => ({ config, board })))
  const readsPerHour = all.length ? allowance(sources, host, now) : 0
  const every = intervals(
    all.map(({ config, board }) => {
      const minMs = (config.visitSeconds ?? MIN_SECONDS) * 1000
      const cost = config.orders?.length ?? 1
      return { rate: rateNow(board, now), cost, minMs, maxMs: Math.max(minMs, MAX_MS) }
    }),
    readsPerHour,
  )
  return all.map(({ config, board }, i) => {
    const intervalMs = Math.min(every[i] as number, 24 * HOUR_MS)
    return { source: config.id, board: board.key, intervalMs, ...dueAt(config, board, host, intervalMs, now) }
  })
}

function dueAt(
  config: SourceConfig,
  board: BoardFacts,
  host: HostFacts,
  intervalMs: number,
  now: number,
): Pick<PlannedBoard, 'at' | 'urgency' | 'why'> {
  const isAsked = board.askedAt !== null && board.askedAt > (board.triedAt ?? 0)
  const gap = Math.min(intervalMs * 2 ** Math.min(board.failures, 6), Math.max(intervalMs, HOUR_MS))
  const spent = nextDay(now)
  const isSpent = intervalMs > MAX_MS && intervalMs > (config.visitSeconds ?? 0) * 1000
  const turn = board.triedAt === null ? now : board.triedAt + gap
  const usual = isSpent ? Math.min(turn, spent) : turn
  const wanted = isAsked ? (board.askedAt as number) : usual
  const reasons: { at: number; why: string }[] = []
  if (host.held && host.held.until > now) reasons.push({ at: host.held.until, why: host.held.reason })
  if (isSpent && !isAsked) reasons.push({ at: usual, why: '今日访问次数将满，余下的留给有新回复的帖子' })
  if (config.quietHours && !isAsked) {
    const awake = afterQuiet(Math.max(wanted, now), config.quietHours)
    if (awake > Math.max(wanted, now)) reasons.push({ at: awake, why: '安静时段，不访问' })
  }
  if (board.failures > 0 && !isAsked && gap > intervalMs)
    reasons.push({ at: usual, why: `连续 ${board.failures} 次未读成，放慢重试` })
  const latest = reasons.sort((a, b) => b.at - a.at)[0]
  const isLater = latest !== undefined && latest.at >= wanted
  return {
    at: isLater ? latest.at : wanted,
    urgency: isAsked ? 'asked' : 'turn',
    why: isLater ? latest.why : null,
  }
}

// --- back-fill ---

/** So much of the day's ceiling may go to old pages; the rest is for what is new. */
const BACKFILL_SHARE = 0.6

/** Until when old pages have to wait, and why in Chinese; null = they may be read. */
export function backfillWait(
  { dailyCeiling, quietHours }: Pick<SourceConfig, 'dailyCeiling' | 'quietHours'>,
  requestsToday: number,
  now: number,
): { until: number; why: string } | null {
  if (requestsToday >= dailyCeiling * BACKFILL_SHARE)
    return { until: nextDay(now), why: '今日余下的访问次数留给新帖，明日继续' }
  const awake = quietHours ? afterQuiet(now, quietHours) : now
  return awake > now ? { until: awake, why: '安静时段，不访问' } : null
}

// --- watched threads ---

const STEPS_MS = [5 * 60_000, 15 * 60_000, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS, 168 * HOUR_MS]

/**
 * When a watched thread is looked at next: 5 min, 15 min, 1 h, 6 h, 1 d, 3 d, 7 d after its last change; then daily
 * while a slip is open on it, else no more (null).
 */
export function nextRevisit(changedAt: number, now: number, isTracked: boolean): number | null {
  const step = STEPS_MS.find(each => changedAt + each > now)
  if (step !== undefined) return changedAt + step
  return isTracked ? now + 24 * HOUR_MS : null
}
