import { sql } from 'kysely'
import type { Concern, EventClass, SeverityHint } from '../../pipeline/post.ts'
import { readAudit } from '../audit.ts'
import type { Db } from '../db/open.ts'
import { maskPersonal } from '../mask.ts'
import { personNames } from '../people/store.ts'
import { postItems } from '../posts/view-store.ts'
import type { SlipState } from '../vocabulary.ts'
import { firstTitles } from './name-store.ts'
import type { EventDetail, EventItem, EventPosts } from './routes.ts'
import { growthOf } from './rules.ts'

const DAY_MS = 86_400_000

/**
 * Events worth a person's look: one of their posts was put before staff, or people made them what they are. Replies of
 * few words (「上次也是这样」) come together too, and mean nothing by themselves.
 */
export const eventsThatMatter = (db: Db) =>
  db
    .selectFrom('event_post as kept')
    .innerJoin('flag', 'flag.post_id', 'kept.post_id')
    .select('kept.event_id')
    .where('kept.event_id', 'is not', null)
    .union(db.selectFrom('event').select('event.id as event_id').where('event.hand', '=', 1))

/** Those with a post in the last days; growth of the last 24 hours first, then size. */
export async function recentEvents(
  db: Db,
  { now, days, limit }: { now: number; days: number; limit: number },
): Promise<EventItem[]> {
  const rows = await db
    .selectFrom('event_post')
    .select('event_id')
    .distinct()
    .where('event_id', 'in', eventsThatMatter(db))
    .where('at', '>', now - days * DAY_MS)
    .execute()
  const items = await eventItems(
    db,
    rows.map(({ event_id }) => event_id as number),
    now,
  )
  return items
    .sort((a, b) => b.last24h - a.last24h || b.posts - a.posts || b.lastAt - a.lastAt || a.id - b.id)
    .slice(0, limit)
}

/** In no particular order; events without posts are left out. */
export async function eventItems(db: Db, ids: readonly number[], now: number): Promise<EventItem[]> {
  if (!ids.length) return []
  const within = (from: number, to: number) =>
    sql<number>`sum(case when ep.at > ${from} and ep.at <= ${to} then 1 else 0 end)`
  const rows = await db
    .selectFrom('event as e')
    .innerJoin('event_post as ep', 'ep.event_id', 'e.id')
    .innerJoin('post as p', 'p.id', 'ep.post_id')
    .leftJoin('analysis as a', 'a.post_id', 'ep.post_id')
    .leftJoin('event_post as original', join =>
      join.onRef('original.post_id', '=', 'a.copy_of').onRef('original.event_id', '=', 'e.id'),
    )
    .select(['e.id', 'e.title', 'e.hand', 'e.version'])
    .select(eb => [
      eb.fn.countAll<number>().as('posts'),
      eb.fn.count<number>('original.post_id').as('copies'),
      eb.fn.count<number>('p.source_id').distinct().as('sources'),
      eb.fn.min('ep.at').as('first_at'),
      eb.fn.max('ep.at').as('last_at'),
      eb.fn.max('a.severity_hint').as('severity'),
      // 'own' < 'watch': one post that is ours makes the event ours.
      eb.fn.min('a.concern').as('concern'),
      within(now - DAY_MS, now).as('last24h'),
      within(now - 2 * DAY_MS, now - DAY_MS).as('before24h'),
    ])
    .where('e.id', 'in', ids)
    .groupBy(['e.id', 'e.title', 'e.hand', 'e.version'])
    .execute()
  const found = rows.map(({ id }) => id)
  const [titles, topics, districts, classes, slips] = [
    await firstTitles(db, found),
    await commonest(db, found, 'topic'),
    await commonest(db, found, 'district'),
    await commonest(db, found, 'event_class'),
    await slipCounts(db, found),
  ]
  return rows.map(row => ({
    id: row.id,
    title: row.title ?? titles.get(row.id) ?? '',
    hand: row.hand === 1,
    version: row.version,
    posts: Number(row.posts),
    copies: Number(row.copies),
    sources: Number(row.sources),
    firstAt: Number(row.first_at),
    lastAt: Number(row.last_at),
    last24h: Number(row.last24h),
    before24h: Number(row.before24h),
    severityHint: row.severity as SeverityHint | null,
    concern: row.concern as Concern | null,
    topics: topics.get(row.id) ?? [],
    districts: districts.get(row.id) ?? [],
    eventClass: (classes.get(row.id)?.[0] ?? null) as EventClass | null,
    slips: slips.get(row.id) ?? 0,
  }))
}

/** Up to three values of a column of the analysis per event, most frequent first, empty ones left out. */
async function commonest(
  db: Db,
  ids: readonly number[],
  column: 'topic' | 'district' | 'event_class',
): Promise<Map<number, string[]>> {
  if (!ids.length) return new Map()
  const rows = await db
    .selectFrom('event_post as ep')
    .innerJoin('analysis as a', 'a.post_id', 'ep.post_id')
    .select(eb => ['ep.event_id', eb.ref(`a.${column}`).as('value')])
    .where('ep.event_id', 'in', ids)
    .where(`a.${column}`, 'is not', null)
    .where(`a.${column}`, '!=', '')
    // 我也闻到了 says nothing of the matter.
    .where(eb => eb.or([eb('a.copy_kind', 'is', null), eb('a.copy_kind', '!=', 'echo')]))
    .groupBy(['ep.event_id', `a.${column}`])
    .orderBy(eb => eb.fn.countAll(), 'desc')
    .orderBy(`a.${column}`)
    .execute()
  const found = new Map<number, string[]>()
  for (const { event_id, value } of rows) {
    const list = found.get(event_id as number) ?? []
    if (list.length < 3) found.set(event_id as number, [...list, value as string])
  }
  return found
}

const slipsOf = (db: Db, ids: readonly number[]) =>
  db
    .selectFrom('event_post as ep')
    .innerJoin('slip_post as sp', 'sp.post_id', 'ep.post_id')
    .innerJoin('slip as s', 's.id', 'sp.slip_id')
    .where('sp.detached_at', 'is', null)
    .where('ep.event_id', 'in', ids)

async function slipCounts(db: Db, ids: readonly number[]): Promise<Map<number, number>> {
  if (!ids.length) return new Map()
  const rows = await slipsOf(db, ids)
    .select(eb => ['ep.event_id', eb.fn.count<number>('s.id').distinct().as('slips')])
    .groupBy('ep.event_id')
    .execute()
  return new Map(rows.map(({ event_id, slips }) => [event_id as number, Number(slips)]))
}

/** null where it has no posts. */
export async function eventDetail(db: Db, id: number, now: number): Promise<EventDetail | null> {
  const [item] = await eventItems(db, [id], now)
  if (!item) return null
  const times = await db
    .selectFrom('event_post')
    .select(['post_id', 'at'])
    .where('event_id', '=', id)
    .orderBy('at')
    .orderBy('post_id')
    .execute()
  const bySource = await db
    .selectFrom('event_post as ep')
    .innerJoin('post as p', 'p.id', 'ep.post_id')
    .innerJoin('source as s', 's.id', 'p.source_id')
    .select(eb => ['s.id', 's.name', eb.fn.countAll<number>().as('posts')])
    .where('ep.event_id', '=', id)
    .groupBy(['s.id', 's.name'])
    .orderBy('posts', 'desc')
    .orderBy('s.id')
    .execute()
  const slipList = await slipsOf(db, [id])
    .select(['s.id', 's.number', 's.title', 's.status'])
    .distinct()
    .orderBy('s.id')
    .execute()
  const [firstPost] = await postItems(db, [(times[0] as { post_id: number }).post_id])
  return {
    ...item,
    growth: growthOf(
      times.map(({ at }) => at),
      now,
    ),
    firstPost: firstPost as EventDetail['firstPost'],
    bySource: bySource.map(({ posts, ...source }) => ({ ...source, posts: Number(posts) })),
    slipList: slipList.map(slip => ({
      ...slip,
      title: maskPersonal(slip.title),
      status: slip.status as SlipState,
    })),
    decisions: await decisionsOf(db, id),
  }
}

async function decisionsOf(db: Db, id: number): Promise<EventDetail['decisions']> {
  const entries = await readAudit(db, 'event', String(id))
  const names = await personNames(
    db,
    entries.flatMap(({ actorId }) => actorId ?? []),
  )
  const details = entries.map(({ detail }) => detail as Record<string, unknown>)
  const undone = await undoneActs(
    db,
    details.flatMap(({ act }) => (typeof act === 'number' ? act : [])),
  )
  return entries.map(({ at, actorId, action }, i) => {
    const detail = details[i] as Record<string, unknown>
    const act = typeof detail.act === 'number' ? detail.act : null
    const by = actorId === null ? null : (names.get(actorId) ?? null)
    return { at, by, action, detail, act, undone: act !== null && undone.has(act) }
  })
}

async function undoneActs(db: Db, ids: readonly number[]): Promise<Set<number>> {
  if (!ids.length) return new Set()
  const rows = await db
    .selectFrom('event_act')
    .select('id')
    .where('id', 'in', [...new Set(ids)])
    .where('undone_at', 'is not', null)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Newest first. `folded` leaves out copies whose original is in the event as well. */
export async function eventPosts(
  db: Db,
  id: number,
  query: { source?: string; from?: number; to?: number; folded?: boolean; limit: number },
): Promise<EventPosts> {
  const { source, from, to, folded = false, limit } = query
  const matching = db
    .selectFrom('event_post as ep')
    .innerJoin('post as p', 'p.id', 'ep.post_id')
    .leftJoin('analysis as a', 'a.post_id', 'ep.post_id')
    .leftJoin('event_post as original', join =>
      join.onRef('original.post_id', '=', 'a.copy_of').onRef('original.event_id', '=', 'ep.event_id'),
    )
    .where('ep.event_id', '=', id)
    .$if(source !== undefined, q => q.where('p.source_id', '=', source as string))
    .$if(from !== undefined, q => q.where('ep.at', '>=', from as number))
    .$if(to !== undefined, q => q.where('ep.at', '<', to as number))
    .$if(folded, q => q.where('original.post_id', 'is', null))
  const rows = await matching
    .select('ep.post_id')
    .orderBy('ep.at', 'desc')
    .orderBy('ep.post_id', 'desc')
    .limit(limit)
    .execute()
  const { total } = await matching
    .select(eb => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const items = await postItems(
    db,
    rows.map(({ post_id }) => post_id),
  )
  return { items, total: Number(total) }
}

export async function eventOfPost(db: Db, postId: number): Promise<number | null> {
  const row = await db
    .selectFrom('event_post')
    .select('event_id')
    .where('post_id', '=', postId)
    .executeTakeFirst()
  return row?.event_id ?? null
}
