import type { Context } from '../context.ts'
import type { Trx } from '../db/open.ts'
import { shanghaiDay } from '../deadline.ts'
import { eventNames } from '../events/name-store.ts'
import { notify } from '../notices/store.ts'
import { BURST_KINDS, type BurstKind, type Sensitivity } from '../vocabulary.ts'
import {
  BASELINE_WEEKS,
  type CountHours,
  type Evidence,
  eventEvidence,
  evidenceText,
  HOUR_MS,
  type Next,
  nextOf,
  pastWindows,
  seriesEvidence,
  WEEK_MS,
  windowAt,
} from './rules.ts'
import {
  closeBurst,
  countedSince,
  eventTimes,
  type HourCount,
  hourCounts,
  keepBurst,
  type OpenBurst,
  openBurst,
  openBursts,
  peopleToTell,
  sensitivityOf,
  seriesKey,
} from './store.ts'

interface Series {
  kind: BurstKind
  key: string
  evidence: Evidence | null
  postsSince: (from: number) => number
}

/**
 * Looks at every topic, source and event once. What it finds and what it tells are written in one transaction, a notice
 * by a key of its burst and number: run twice or killed half-way, nobody is told twice. Answers the notices sent.
 */
export async function watchBursts({ db, now: clock }: Context): Promise<number> {
  const now = clock()
  const since = await countedSince(db)
  if (since === null) return 0
  const [sensitivity, open, counts] = [
    await sensitivityOf(db),
    await openBursts(db),
    await hourCounts(db, now - (BASELINE_WEEKS + 1) * WEEK_MS),
  ]
  const openEvents = [...open.keys()].flatMap(key => (key.startsWith('event\n') ? Number(key.slice(6)) : []))
  const times = await eventTimes(db, windowAt(now).from, openEvents)
  const series = [...countedSeries(counts, now, since), ...eventSeries(times, counts, now, since)]
  const people = await peopleToTell(db)
  return db.transaction().execute(async trx => {
    let told = 0
    for (const each of series)
      if (
        await keepWatch(trx, each, open.get(seriesKey(each.kind, each.key)) ?? null, {
          now,
          sensitivity,
          people,
        })
      )
        told++
    return told
  })
}

function countedSeries(counts: readonly HourCount[], now: number, since: number): Series[] {
  const lists: Series[] = []
  for (const kind of ['topic', 'source'] as const)
    for (const [key, own] of Map.groupBy(
      counts.filter(({ flagged }) => flagged > 0),
      each => each[kind],
    )) {
      if (!key) continue
      const count = sumHours(own, ({ flagged }) => flagged)
      const postsSince = (from: number) => count(from, now + HOUR_MS)
      lists.push({ kind, key, postsSince, evidence: seriesEvidence(count, now, since) })
    }
  return lists
}

function eventSeries(
  times: ReadonlyMap<number, number[]>,
  counts: readonly HourCount[],
  now: number,
  since: number,
): Series[] {
  const past = pastWindows(
    sumHours(counts, ({ posts }) => posts),
    now,
    since,
  )
  const hours = Math.max(1, (now - since) / HOUR_MS)
  const average = (counts.reduce((sum, { posts }) => sum + posts, 0) / hours) * 6
  const busyness = past.length && average ? past.reduce((sum, n) => sum + n, 0) / past.length / average : 1
  return [...times].map(([id, list]) => ({
    kind: 'event' as const,
    key: String(id),
    evidence: eventEvidence(list, now, busyness),
    postsSince: from => list.filter(at => at >= from).length,
  }))
}

const sumHours =
  (counts: readonly HourCount[], of: (count: HourCount) => number): CountHours =>
  (from, to) =>
    counts.reduce((sum, count) => (count.hour >= from && count.hour < to ? sum + of(count) : sum), 0)

async function keepWatch(
  trx: Trx,
  { kind, key, evidence, postsSince }: Series,
  open: OpenBurst | null,
  input: { now: number; sensitivity: Sensitivity; people: number[] },
): Promise<boolean> {
  const next: Next = nextOf(open, evidence, { ...input, postsSince })
  if (next.kind === 'none') return false
  if (next.kind === 'close') {
    await closeBurst(trx, (open as OpenBurst).id, input.now)
    return false
  }
  const { burst, posts } = next
  const id = open ? open.id : await openBurst(trx, { kind, key }, burst, posts, evidence as Evidence)
  if (open) await keepBurst(trx, id, burst, posts, burst.lastAlarmAt === input.now ? evidence : null)
  if (!next.notice) return false
  const { name, link } = await aboutSeries(trx, kind, key, input.now)
  const again = burst.notices > 1 ? `已增至${posts}条，比上次提示时翻倍。` : ''
  await notify(trx, {
    key: `burst:${id}:${burst.notices}`,
    topic: 'burst',
    ...(kind === 'event'
      ? { title: `${BURST_KINDS[kind]}突增`, event: { id: Number(key), title: name } }
      : { title: `${BURST_KINDS[kind]}突增：${name}` }),
    body: `${again}${evidenceText(kind, evidence as Evidence)}`,
    link,
    urgent: false,
    personIds: input.people,
    at: input.now,
  })
  return true
}

/** What people read and where they look: the event, or the posts of these days on the page of trends. */
export async function aboutSeries(
  db: Trx,
  kind: BurstKind,
  key: string,
  now: number,
): Promise<{ name: string; link: string }> {
  if (kind === 'event') {
    const event = (await eventNames(db, [Number(key)])).get(Number(key))
    return { name: event?.name || `事件${key}`, link: `/events/${event?.id ?? key}` }
  }
  const days = { start: shanghaiDay(windowAt(now).from), end: shanghaiDay(now) }
  const link = `/trends?${new URLSearchParams({ dimension: kind, value: key, ...days })}`
  if (kind === 'topic') return { name: key, link }
  const source = await db.selectFrom('source').select('name').where('id', '=', key).executeTakeFirst()
  return { name: source?.name ?? key, link }
}
