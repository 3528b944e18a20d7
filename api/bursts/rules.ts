/**
 * Bursts: a topic, source or event that gets more flagged posts than its own past at the same hours of the week lets
 * expect. Pure; counts in, verdicts out.
 */
import type { BurstKind, Sensitivity } from '../vocabulary.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const WEEK_MS = 7 * DAY_MS
/** What counts as now: this hour and the five before. */
export const WINDOW_HOURS = 6
export const BASELINE_WEEKS = 8

/** Probability of so many posts by chance that is still told, and fewest posts that are. */
const STEPS: Record<Sensitivity, { chance: number; least: number }> = {
  high: { chance: 1e-3, least: 4 },
  middle: { chance: 1e-4, least: 6 },
  low: { chance: 1e-6, least: 10 },
}
/** And at least twice what was expected: a large series is never told for a small share more. */
const LEAST_RATIO = 2
/** Where nothing was ever seen, expect this many posts in a window all the same. */
const FLOOR = 0.5
/** Further posts that an event gets on its first day: most get none or one. */
const NEW_EVENT_A_DAY = 1.6

export interface Evidence {
  /** Epoch ms; window of the count. */
  from: number
  to: number
  posts: number
  /** Mean of the baseline, and what it was made of: posts at the same hours of earlier weeks, latest week first. */
  expected: number
  past: number[]
  /** Probability of so many by chance. */
  chance: number
}

/** Sum of the hours that begin in [from, to). */
export type CountHours = (from: number, to: number) => number

/** The window that ends with the hour of `now`. */
export function windowAt(now: number): { from: number; to: number } {
  const to = Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS
  return { from: to - WINDOW_HOURS * HOUR_MS, to }
}

/** The same hours of each earlier week that lies wholly after `since`, latest first. */
export function pastWindows(count: CountHours, now: number, since: number): number[] {
  const { from, to } = windowAt(now)
  const past: number[] = []
  for (let week = 1; week <= BASELINE_WEEKS && from - week * WEEK_MS >= since; week++)
    past.push(count(from - week * WEEK_MS, to - week * WEEK_MS))
  return past
}

/**
 * Topic or source: its own past at the same hours of the week, however spread it was. null with less than two weeks of
 * past: nothing is told before there is something to compare with.
 */
export function seriesEvidence(count: CountHours, now: number, since: number): Evidence | null {
  const past = pastWindows(count, now, since)
  if (past.length < 2) return null
  const mean = past.reduce((sum, posts) => sum + posts, 0) / past.length
  const variance = past.reduce((sum, posts) => sum + (posts - mean) ** 2, 0) / (past.length - 1)
  return evidence(count, now, Math.max(mean, FLOOR / past.length), variance, past)
}

/**
 * Event: its own pace in the week before the window, at the hours that are as busy as these. `busyness` = how much of
 * all posts fall into these hours of the week, 1 = as many as on average.
 */
export function eventEvidence(times: readonly number[], now: number, busyness: number): Evidence {
  const { from } = windowAt(now)
  const count: CountHours = (start, end) => times.filter(at => at >= start && at < end).length
  const first = Math.min(from, ...times)
  const start = Math.max(first, from - WEEK_MS)
  // A pace is known after a day; until then it is mostly that of any new event.
  const pace = (count(start, from) + NEW_EVENT_A_DAY) / ((from - start) / HOUR_MS + 24)
  const expected = pace * WINDOW_HOURS * Math.min(3, Math.max(1 / 3, busyness))
  return evidence(count, now, expected, 0, pastWindows(count, now, first))
}

function evidence(
  count: CountHours,
  now: number,
  expected: number,
  variance: number,
  past: number[],
): Evidence {
  const { from, to } = windowAt(now)
  const posts = count(from, to)
  return { from, to, posts, expected, past, chance: chanceOf(posts, expected, variance) }
}

export function isAlarm({ posts, expected, chance }: Evidence, sensitivity: Sensitivity): boolean {
  const step = STEPS[sensitivity]
  return posts >= step.least && posts >= LEAST_RATIO * expected && chance < step.chance
}

/**
 * P(X >= n) where the mean is known: Poisson, or negative binomial where the past was spread wider than that.
 * The variance of few weeks is itself uncertain, so what it exceeds the mean by is taken twice.
 */
export function chanceOf(n: number, mean: number, variance: number): number {
  if (n <= 0) return 1
  const excess = 2 * Math.max(0, variance - mean)
  const size = excess > 0 ? (mean * mean) / excess : Number.POSITIVE_INFINITY
  const isPoisson = size > 1e6
  const p = isPoisson ? 0 : mean / (mean + size)
  let term = isPoisson ? Math.exp(-mean) : (1 - p) ** size
  let below = term
  for (let k = 1; k < n; k++) {
    term *= isPoisson ? mean / k : ((k - 1 + size) / k) * p
    below += term
  }
  return Math.max(0, 1 - below)
}

export interface Burst {
  startedAt: number
  lastAlarmAt: number
  /** Posts when people were last told. */
  noticedPosts: number
  notices: number
}

/** An alarm that was quiet for a day is over; the next one is a new burst. */
const OVER_AFTER_MS = DAY_MS

export type Next =
  | { kind: 'none' }
  | { kind: 'close' }
  /** `notice`: people are told now; a burst is told when it begins, then only when it has doubled. */
  | { kind: 'open' | 'goOn'; burst: Burst; posts: number; notice: boolean }

/** `postsSince` = posts of the series from an instant on. */
export function nextOf(
  open: Burst | null,
  found: Evidence | null,
  input: { now: number; sensitivity: Sensitivity; postsSince: (from: number) => number },
): Next {
  const { now, sensitivity, postsSince } = input
  const alarm = found !== null && isAlarm(found, sensitivity)
  if (open && now - open.lastAlarmAt > OVER_AFTER_MS && !alarm) return { kind: 'close' }
  if (!open && !alarm) return { kind: 'none' }
  if (!open) {
    const { from, posts } = found as Evidence
    const burst = { startedAt: from, lastAlarmAt: now, noticedPosts: posts, notices: 1 }
    return { kind: 'open', burst, posts, notice: true }
  }
  const posts = postsSince(open.startedAt)
  const notice = alarm && posts >= 2 * open.noticedPosts
  return {
    kind: 'goOn',
    posts,
    notice,
    burst: {
      startedAt: open.startedAt,
      lastAlarmAt: alarm ? now : open.lastAlarmAt,
      noticedPosts: notice ? posts : open.noticedPosts,
      notices: open.notices + (notice ? 1 : 0),
    },
  }
}

/** `近6小时12条，前8周同一时段平均1.3条、最多3条。` */
export function evidenceText(kind: BurstKind, { posts, expected, past }: Evidence): string {
  const rounded = expected < 10 ? Math.round(expected * 10) / 10 : Math.round(expected)
  const own =
    past.length >= 2 && kind !== 'event'
      ? `前${past.length}周同一时段平均${rounded}条、最多${Math.max(...past)}条`
      : `按此前的节奏约${rounded}条`
  return `近${WINDOW_HOURS}小时${posts}条，${own}。`
}
