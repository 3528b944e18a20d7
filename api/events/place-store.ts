import { EVENT_WINDOW_MS, type EventText, groupEvents } from '../../pipeline/events.ts'
import type { EventClass, Likeness } from '../../pipeline/post.ts'
import { insertRows } from '../db/bulk.ts'
import type { Db, Trx } from '../db/open.ts'
import { type Member, placeClusters } from './rules.ts'

/** A post as it was analysed just now. */
export interface PlacedPost {
  postId: number
  /** Publication, or first sight. */
  at: number
  fingerprint: string
  /** null = it does not concern us (any more). */
  likeness: Likeness | null
  copyOf: number | null
}

/** Neighbours that are looked at when posts come in; the newest, should there be more. */
const MOST_NEIGHBOURS = 400
const SETTLE_MS = 2 * EVENT_WINDOW_MS
const CHUNK = 400

/**
 * Puts posts that were just analysed where they belong: their neighbours' events are clustered anew together with them.
 * What is here is what a fresh start over the same posts would find, but for neighbours beyond the limit and events
 * that only meet through others; `settleEvents` closes that gap. Cost depends on the neighbours, not on the store.
 */
export async function placePosts(trx: Trx, posts: readonly PlacedPost[], at: number): Promise<void> {
  const known = await knownPosts(trx, posts)
  const concerned = posts.filter(
    ({ postId, likeness, copyOf }) => likeness || known.has(postId) || known.has(copyOf ?? postId),
  )
  if (!concerned.length) return
  await takeTurn(trx)
  await writeTexts(trx, concerned)
  const ids = [...new Set(concerned.flatMap(({ postId, copyOf }) => [postId, copyOf ?? postId]))]
  await regroup(trx, await neighbourhood(trx, ids), at)
}

/** Of these posts and their originals, those that have a text or stand in an event. */
async function knownPosts(db: Db, posts: readonly PlacedPost[]): Promise<Set<number>> {
  const ids = posts.flatMap(({ postId, likeness, copyOf }) => (likeness ? [] : [postId, copyOf ?? postId]))
  if (!ids.length) return new Set()
  const rows = await db
    .selectFrom('event_text')
    .select('post_id')
    .where('post_id', 'in', ids)
    .union(db.selectFrom('event_post').select('post_id').where('post_id', 'in', ids))
    .execute()
  return new Set(rows.map(({ post_id }) => post_id))
}

/** The whole of the last two months at once, whatever came in which order. Answers how many texts were looked at. */
export async function settleEvents(db: Db, now: number): Promise<number> {
  const turn = await db.selectFrom('event_turn').selectAll().executeTakeFirstOrThrow()
  if (turn.turn === turn.settled_turn) return 0
  return db.transaction().execute(async trx => {
    const taken = await takeTurn(trx)
    const rows = await trx
      .selectFrom('event_text')
      .select('post_id')
      .where('at', '>=', now - SETTLE_MS)
      .execute()
    await regroup(
      trx,
      rows.map(({ post_id }) => post_id),
      now,
    )
    await trx.updateTable('event_turn').set({ settled_turn: taken }).execute()
    return rows.length
  })
}

/** Whoever changes memberships goes alone; ends with the transaction. */
export async function takeTurn(trx: Trx): Promise<number> {
  const { turn } = await trx
    .updateTable('event_turn')
    .set(eb => ({ turn: eb('turn', '+', 1) }))
    .returning('turn')
    .executeTakeFirstOrThrow()
  return turn
}

async function writeTexts(trx: Trx, posts: readonly PlacedPost[]): Promise<void> {
  const ids = posts.map(({ postId }) => postId)
  await trx.deleteFrom('event_text').where('post_id', 'in', ids).execute()
  await trx.deleteFrom('event_term').where('post_id', 'in', ids).execute()
  const standing = await trx
    .selectFrom('event_post')
    .select(['post_id', 'at'])
    .where('post_id', 'in', ids)
    .execute()
  const times = new Map(standing.map(({ post_id, at }) => [post_id, at]))
  for (const { postId, at } of posts)
    if (times.has(postId) && times.get(postId) !== at)
      await trx.updateTable('event_post').set({ at }).where('post_id', '=', postId).execute()
  const own = posts.flatMap(({ likeness, copyOf, ...post }) =>
    likeness && copyOf === null ? { ...post, likeness } : [],
  )
  await insertRows(
    trx,
    'event_text',
    own.map(({ postId, at, fingerprint, likeness }) => ({
      post_id: postId,
      key: fingerprint,
      at,
      terms: JSON.stringify([...likeness.terms]),
      places: JSON.stringify([...likeness.places]),
      districts: JSON.stringify([...likeness.districts]),
      event_class: likeness.eventClass,
    })),
  )
  const features = own.flatMap(({ postId, at, likeness }) =>
    [...new Set([...likeness.terms.keys(), ...likeness.places])].map(term => ({ term, post_id: postId, at })),
  )
  await insertRows(trx, 'event_term', features)
}

/** The posts, those that share a term or place with them near in time, and all that stand in one of their events. */
async function neighbourhood(db: Db, ids: readonly number[]): Promise<number[]> {
  const near = await db
    .selectFrom('event_term as mine')
    .innerJoin('event_term as theirs', 'theirs.term', 'mine.term')
    .select(eb => ['theirs.post_id', eb.fn.max('theirs.at').as('at')])
    .where('mine.post_id', 'in', ids)
    .whereRef('theirs.at', '>=', eb => eb('mine.at', '-', EVENT_WINDOW_MS))
    .whereRef('theirs.at', '<=', eb => eb('mine.at', '+', EVENT_WINDOW_MS))
    .groupBy('theirs.post_id')
    .orderBy('at', 'desc')
    .orderBy('theirs.post_id')
    .limit(MOST_NEIGHBOURS)
    .execute()
  const around = [...new Set([...ids, ...near.map(({ post_id }) => post_id)])]
  const members = await db
    .selectFrom('event_post')
    .select(['post_id', 'at'])
    .where('event_id', 'in', eb =>
      eb
        .selectFrom('event_post')
        .select('event_id')
        .where('post_id', 'in', around)
        .where('event_id', 'is not', null),
    )
    .orderBy('at', 'desc')
    .limit(4 * MOST_NEIGHBOURS)
    .execute()
  return [...new Set([...around, ...members.map(({ post_id }) => post_id)])]
}

/** Clusters these posts' texts and moves what the machine may move. */
async function regroup(trx: Trx, postIds: readonly number[], at: number): Promise<void> {
  const standing = await standingOf(trx, postIds)
  const texts = (await textsOf(trx, postIds)).filter(({ postId }) => {
    const now = standing.get(postId)
    return !(now?.fixed && now.eventId === null)
  })
  const events = groupEvents(
    texts.map(({ postId, text }) => {
      const now = standing.get(postId)
      return { ...text, label: now?.fixed ? now.eventId : null }
    }),
  )
  const copies = await copiesOf(
    trx,
    texts.map(({ postId }) => postId),
  )
  const clusters = new Map<string, Member[]>()
  for (const { postId, text } of texts) {
    const cluster = events.get(text.key) as string
    const { eventId = null, fixed = false } = standing.get(postId) ?? {}
    const member = { postId, eventId, fixed, copies: copies.get(postId)?.length ?? 0 }
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), member])
  }
  const times = new Map(texts.map(({ postId, text }) => [postId, text.at as number]))
  const lists = [...clusters.values()]
  const places = placeClusters(lists)
  for (const [i, members] of lists.entries()) {
    const place = places[i]
    const eventId =
      place?.kind === 'event'
        ? place.id
        : place?.kind === 'new'
          ? await createEvent(trx, { at, hand: 0 })
          : null
    for (const { postId, fixed, ...member } of members) {
      if (!fixed && member.eventId !== eventId)
        await standIn(trx, postId, eventId, { at: times.get(postId) as number, fixed: 0 })
      await follow(trx, copies.get(postId) ?? [], fixed ? member.eventId : eventId)
    }
  }
  await dropTextless(trx, postIds, new Set(texts.map(({ postId }) => postId)))
  await pointEmptied(trx, standing)
}

interface Standing {
  eventId: number | null
  fixed: boolean
}

async function standingOf(db: Db, postIds: readonly number[]): Promise<Map<number, Standing>> {
  const found = new Map<number, Standing>()
  for (let from = 0; from < postIds.length; from += CHUNK) {
    const rows = await db
      .selectFrom('event_post')
      .selectAll()
      .where('post_id', 'in', postIds.slice(from, from + CHUNK))
      .execute()
    for (const row of rows) found.set(row.post_id, { eventId: row.event_id, fixed: row.fixed === 1 })
  }
  return found
}

async function textsOf(
  db: Db,
  postIds: readonly number[],
): Promise<{ postId: number; text: Omit<EventText, 'label'> }[]> {
  const found: { postId: number; text: Omit<EventText, 'label'> }[] = []
  for (let from = 0; from < postIds.length; from += CHUNK) {
    const rows = await db
      .selectFrom('event_text')
      .selectAll()
      .where('post_id', 'in', postIds.slice(from, from + CHUNK))
      .execute()
    for (const row of rows)
      found.push({
        postId: row.post_id,
        text: {
          // Short texts may be equal without being copies.
          key: `${row.key} ${row.post_id}`,
          at: row.at,
          terms: new Map(JSON.parse(row.terms) as [string, number][]),
          places: new Set(JSON.parse(row.places) as string[]),
          districts: new Set(JSON.parse(row.districts) as string[]),
          eventClass: row.event_class as EventClass | null,
        },
      })
  }
  return found.sort((a, b) => (a.text.key < b.text.key ? -1 : 1))
}

interface Copy {
  id: number
  eventId: number | null
  fixed: boolean
  at: number
}

/** Copies of these posts, by their original. */
async function copiesOf(db: Db, postIds: readonly number[]): Promise<Map<number, Copy[]>> {
  const found = new Map<number, Copy[]>()
  for (let from = 0; from < postIds.length; from += CHUNK) {
    const rows = await db
      .selectFrom('analysis')
      .innerJoin('post', 'post.id', 'analysis.post_id')
      .leftJoin('event_post', 'event_post.post_id', 'post.id')
      .select(eb => [
        'post.id',
        'analysis.copy_of',
        'event_post.event_id',
        'event_post.fixed',
        eb.fn.coalesce('post.published_at', 'post.first_seen_at').as('at'),
      ])
      .where('analysis.copy_of', 'in', postIds.slice(from, from + CHUNK))
      .execute()
    for (const { id, copy_of, event_id, fixed, at } of rows) {
      const copy = { id, eventId: event_id, fixed: fixed === 1, at: Number(at) }
      found.set(copy_of as number, [...(found.get(copy_of as number) ?? []), copy])
    }
  }
  return found
}

export async function createEvent(
  trx: Trx,
  event: { at: number; hand: 0 | 1; title?: string | null },
): Promise<number> {
  const { id } = await trx
    .insertInto('event')
    .values({ title: event.title ?? null, created_at: event.at, hand: event.hand, merged_into: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** null without `fixed` = it stands nowhere. */
export async function standIn(
  trx: Trx,
  postId: number,
  eventId: number | null,
  row: { at: number; fixed: 0 | 1 },
): Promise<void> {
  if (eventId === null && !row.fixed) {
    await trx.deleteFrom('event_post').where('post_id', '=', postId).where('fixed', '=', 0).execute()
    return
  }
  const values = { event_id: eventId, ...row }
  await trx
    .insertInto('event_post')
    .values({ post_id: postId, ...values })
    .onConflict(conflict => conflict.column('post_id').doUpdateSet(values))
    .execute()
}

/** Copies stand with their original, unless people put them elsewhere. */
export async function copiesFollow(trx: Trx, originalId: number, eventId: number | null): Promise<void> {
  await follow(trx, (await copiesOf(trx, [originalId])).get(originalId) ?? [], eventId)
}

async function follow(trx: Trx, copies: readonly Copy[], eventId: number | null): Promise<void> {
  for (const copy of copies)
    if (!copy.fixed && copy.eventId !== eventId)
      await standIn(trx, copy.id, eventId, { at: copy.at, fixed: 0 })
}

/** A post that no longer concerns us, or became a copy, has no text of its own: it stands where its original does, if anywhere. */
async function dropTextless(
  trx: Trx,
  postIds: readonly number[],
  withText: ReadonlySet<number>,
): Promise<void> {
  const without = postIds.filter(id => !withText.has(id))
  for (let from = 0; from < without.length; from += CHUNK)
    await trx
      .deleteFrom('event_post')
      .where('post_id', 'in', without.slice(from, from + CHUNK))
      .where('fixed', '=', 0)
      .where(eb =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('analysis as a')
              .select('a.post_id')
              .whereRef('a.post_id', '=', 'event_post.post_id')
              .where('a.copy_of', 'is not', null),
          ),
        ),
      )
      .execute()
}

/** An event whose posts went elsewhere leads to where most of them went, so that links to it go on leading somewhere. */
async function pointEmptied(trx: Trx, before: ReadonlyMap<number, Standing>): Promise<void> {
  const events = [...new Set([...before.values()].flatMap(({ eventId }) => eventId ?? []))]
  if (!events.length) return
  const kept = await trx
    .selectFrom('event_post')
    .select('event_id')
    .distinct()
    .where('event_id', 'in', events)
    .execute()
  const emptied = events.filter(id => !kept.some(({ event_id }) => event_id === id))
  for (const id of emptied) {
    const posts = [...before].flatMap(([postId, { eventId }]) => (eventId === id ? postId : []))
    const heir = await trx
      .selectFrom('event_post')
      .select('event_id')
      .where('post_id', 'in', posts)
      .where('event_id', 'is not', null)
      .groupBy('event_id')
      .orderBy(eb => eb.fn.countAll(), 'desc')
      .orderBy('event_id')
      .executeTakeFirst()
    await trx
      .updateTable('event')
      .set({ merged_into: heir?.event_id ?? null })
      .where('id', '=', id)
      .execute()
  }
}
