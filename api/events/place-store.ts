import { EVENT_WINDOW_MS, groupEvents } from '../../pipeline/events.ts'
import type { Db, Trx } from '../db/open.ts'
import { type Member, placeClusters } from './rules.ts'
import {
  copiesOf,
  createEvent,
  dropTextless,
  follow,
  pointEmptied,
  standIn,
  standingOf,
} from './standing-store.ts'
import { neighbourhood, type PlacedPost, textsOf, writeTexts } from './text-store.ts'

const SETTLE_MS = 2 * EVENT_WINDOW_MS

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

/** Has the machine look at posts that it placed while a decision stood that was taken back. */
export async function placeAnew(trx: Trx, postIds: readonly number[], at: number): Promise<void> {
  if (postIds.length) await regroup(trx, await neighbourhood(trx, postIds), at)
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
    const members = clusters.get(cluster)
    if (members) members.push(member)
    else clusters.set(cluster, [member])
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
