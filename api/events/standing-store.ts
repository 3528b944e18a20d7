import type { Db, Trx } from '../db/open.ts'

const CHUNK = 400

/** Where a post stands; fixed = put there by people. */
export interface Standing {
  eventId: number | null
  fixed: boolean
}

export async function standingOf(db: Db, postIds: readonly number[]): Promise<Map<number, Standing>> {
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

interface Copy {
  id: number
  eventId: number | null
  fixed: boolean
  at: number
}

/** Copies of these posts, by their original. */
export async function copiesOf(db: Db, postIds: readonly number[]): Promise<Map<number, Copy[]>> {
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
      const copies = found.get(copy_of as number)
      if (copies) copies.push(copy)
      else found.set(copy_of as number, [copy])
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

export async function follow(trx: Trx, copies: readonly Copy[], eventId: number | null): Promise<void> {
  for (const copy of copies)
    if (!copy.fixed && copy.eventId !== eventId)
      await standIn(trx, copy.id, eventId, { at: copy.at, fixed: 0 })
}

/** A post that no longer concerns us, or became a copy, has no text of its own: it stands where its original does, if anywhere. */
export async function dropTextless(
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
export async function pointEmptied(trx: Trx, before: ReadonlyMap<number, Standing>): Promise<void> {
  const stood = Map.groupBy(before, ([, { eventId }]) => eventId)
  stood.delete(null)
  const emptied = new Set([...stood.keys()].filter(id => id !== null))
  for (let ids = [...emptied], from = 0; from < ids.length; from += CHUNK) {
    const kept = await trx
      .selectFrom('event_post')
      .select('event_id')
      .distinct()
      .where('event_id', 'in', ids.slice(from, from + CHUNK))
      .execute()
    for (const { event_id } of kept) emptied.delete(event_id as number)
  }
  for (const id of emptied) {
    const posts = (stood.get(id) ?? []).map(([postId]) => postId)
    const heir = await commonEvent(trx, posts)
    await trx.updateTable('event').set({ merged_into: heir }).where('id', '=', id).execute()
  }
}

/** Where most of these posts stand now, of equals the oldest event; null where none stands anywhere. */
async function commonEvent(db: Db, postIds: readonly number[]): Promise<number | null> {
  const counts = new Map<number, number>()
  for (const { eventId } of (await standingOf(db, postIds)).values())
    if (eventId !== null) counts.set(eventId, (counts.get(eventId) ?? 0) + 1)
  const [first] = [...counts].sort(([a, many], [b, more]) => more - many || a - b)
  return first?.[0] ?? null
}
