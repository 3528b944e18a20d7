import { insertRows } from '../db/bulk.ts'
import type { Trx } from '../db/open.ts'
import type { EventAction } from '../vocabulary.ts'
import { copiesOf, pointEmptied, type Standing, standingOf } from './standing-store.ts'

/**
 * What a decision of people changes, kept beside it so that it can be taken back exactly: look before, change, keep.
 */
interface EventRow {
  id: number
  title: string | null
  hand: number
  merged_into: number | null
}

export interface Before {
  events: EventRow[]
  standing: ReadonlyMap<number, Standing>
  postIds: number[]
}

/** The events named and those that the posts stand in, and where the posts and their copies stand. */
export async function lookBefore(
  trx: Trx,
  input: { events: readonly number[]; postIds: readonly number[] },
): Promise<Before> {
  const copies = [...(await copiesOf(trx, input.postIds)).values()].flat()
  const postIds = [...new Set([...input.postIds, ...copies.map(({ id }) => id)])]
  const standing = await standingOf(trx, postIds)
  const ids = [...input.events, ...[...standing.values()].flatMap(({ eventId }) => eventId ?? [])]
  const events = ids.length
    ? await trx
        .selectFrom('event')
        .select(['id', 'title', 'hand', 'merged_into'])
        .where('id', 'in', [...new Set(ids)])
        .execute()
    : []
  return { events, standing, postIds }
}

export interface Kept {
  id: number
  /** Events that nobody named and that lost posts to the decision. */
  lost: { eventId: number; posts: number[] }[]
}

/** `made`: the event that the decision brought about; `named`: those that its own entries speak of. */
export async function keepAct(
  trx: Trx,
  before: Before,
  act: {
    action: EventAction
    eventId: number
    made?: number
    named: readonly number[]
    byId: number
    at: number
  },
): Promise<Kept> {
  await pointEmptied(trx, before.standing)
  const { id } = await trx
    .insertInto('event_act')
    .values({
      action: act.action,
      event_id: act.eventId,
      by_id: act.byId,
      at: act.at,
      undone_by: null,
      undone_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const made = act.made === undefined ? [] : [{ id: act.made, title: null, hand: 0, merged_into: null }]
  await insertRows(
    trx,
    'event_act_event',
    [...before.events, ...made].map(({ id: event_id, ...row }) => ({ act_id: id, event_id, ...row })),
  )
  const after = await standingOf(trx, before.postIds)
  const moved = before.postIds.flatMap(post_id => {
    const [from, to] = [before.standing.get(post_id), after.get(post_id)]
    if (from?.eventId === to?.eventId && from?.fixed === to?.fixed) return []
    return {
      act_id: id,
      post_id,
      from_event: from?.eventId ?? null,
      from_fixed: from ? Number(from.fixed) : null,
      to_event: to?.eventId ?? null,
      to_fixed: to ? Number(to.fixed) : null,
    }
  })
  await insertRows(trx, 'event_act_post', moved)
  const losing = Map.groupBy(
    moved.filter(({ from_event, to_event }) => from_event !== null && from_event !== to_event),
    ({ from_event }) => from_event as number,
  )
  const lost = [...losing]
    .filter(([eventId]) => !act.named.includes(eventId))
    .map(([eventId, posts]) => ({ eventId, posts: posts.map(({ post_id }) => post_id) }))
  return { id, lost }
}
