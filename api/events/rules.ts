import { shanghaiDay, startOfDay } from '../deadline.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A text as clustering found it, with where its post stands now. */
export interface Member {
  postId: number
  eventId: number | null
  /** People decided. */
  fixed: boolean
  /** Posts that are copies of it. */
  copies: number
}

export type Place = { kind: 'event'; id: number } | { kind: 'new' } | { kind: 'none' }

/**
 * Which event each cluster is: the one that people put a member into, else the one that most of its members stand in
 * (the older of two), each event once; otherwise a new one, or none where there is a single post.
 */
export function placeClusters(clusters: readonly (readonly Member[])[]): Place[] {
  const places: (Place | undefined)[] = clusters.map(members => {
    const decided = members.find(({ fixed, eventId }) => fixed && eventId !== null)
    return decided ? { kind: 'event', id: decided.eventId as number } : undefined
  })
  const taken = new Set(places.flatMap(place => (place?.kind === 'event' ? place.id : [])))
  const claims = clusters.flatMap((members, cluster) =>
    places[cluster] || sizeOf(members) < 2
      ? []
      : [...countOf(members)].map(([id, posts]) => ({ cluster, id, posts })),
  )
  for (const { cluster, id } of claims.sort((a, b) => b.posts - a.posts || a.id - b.id)) {
    if (places[cluster] || taken.has(id)) continue
    places[cluster] = { kind: 'event', id }
    taken.add(id)
  }
  return places.map((place, i) => place ?? { kind: sizeOf(clusters[i] ?? []) < 2 ? 'none' : 'new' })
}

const sizeOf = (members: readonly Member[]): number =>
  members.reduce((sum, { copies }) => sum + 1 + copies, 0)

function countOf(members: readonly Member[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { eventId, copies } of members)
    if (eventId !== null) counts.set(eventId, (counts.get(eventId) ?? 0) + 1 + copies)
  return counts
}

export interface Growth {
  /** Bars of an hour while the event is young (three days), of a Shanghai day after. */
  unit: 'hour' | 'day'
  /** Epoch ms of each bar's beginning and the posts in it, from the first post to the last, empty bars too. */
  bars: { from: number; to: number; posts: number }[]
  peak: { from: number; to: number; posts: number } | null
  last24h: number
  before24h: number
}

const HOURLY_UP_TO_MS = 3 * DAY_MS
/** An event that lasted longer shows its last so many bars; the peak is sought in all. */
const MOST_BARS = 120

const startOfBar = (at: number, unit: Growth['unit']): number =>
  unit === 'hour' ? Math.floor(at / HOUR_MS) * HOUR_MS : startOfDay(shanghaiDay(at))

/** Of the publication times of an event's posts, in any order. */
export function growthOf(times: readonly number[], now: number): Growth {
  const [first, last] = [Math.min(...times), Math.max(...times)]
  const unit = last - first <= HOURLY_UP_TO_MS ? 'hour' : 'day'
  const step = unit === 'hour' ? HOUR_MS : DAY_MS
  const counts = new Map<number, number>()
  for (const at of times) counts.set(startOfBar(at, unit), (counts.get(startOfBar(at, unit)) ?? 0) + 1)
  const bars: Growth['bars'] = []
  if (times.length)
    for (let from = startOfBar(first, unit); from <= last; from += step)
      bars.push({ from, to: from + step, posts: counts.get(from) ?? 0 })
  const within = (from: number, to: number) => times.filter(at => at > from && at <= to).length
  return {
    unit,
    bars: bars.slice(-MOST_BARS),
    peak: bars.reduce<Growth['peak']>((top, bar) => (!top || bar.posts > top.posts ? bar : top), null),
    last24h: within(now - DAY_MS, now),
    before24h: within(now - 2 * DAY_MS, now - DAY_MS),
  }
}
