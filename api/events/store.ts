import { appendAudit } from '../audit.ts'
import type { Actor } from '../auth.ts'
import type { Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { postItems } from '../posts/view-store.ts'
import type { EventAction } from '../vocabulary.ts'
import { type Before, keepAct, lookBefore } from './act-store.ts'
import { eventNames } from './name-store.ts'
import { takeTurn } from './place-store.ts'
import { copiesFollow, createEvent, standIn } from './standing-store.ts'

/**
 * What people decide about events. Who decides about an event has seen its posts: all of them are fixed where they then
 * stand, and the machine never moves them again, in no later grouping; only another decision does. Posts that come
 * later may join of themselves. Each decision is an entry of the event's audit chain and an act that can be taken back.
 */

export interface Deciding {
  actor: Actor
  at: number
}

/** Which act it was, and the event to look at now. */
export interface Decided {
  act: number
  eventId: number
}

async function audit(
  trx: Trx,
  { actor, at }: Deciding,
  eventId: number,
  action: EventAction,
  detail: object,
): Promise<void> {
  const entry = { caseKind: 'event', caseId: String(eventId), at, actorId: actor.id, forId: null } as const
  await appendAudit(trx, { ...entry, action, detail })
}

/** @throws AppError notFound, event.stale. */
async function claim(trx: Trx, eventId: number, version: number, changes: { title?: string | null } = {}) {
  const changed = await trx
    .updateTable('event')
    .set(eb => ({ ...changes, hand: 1, version: eb('version', '+', 1) }))
    .where('id', '=', eventId)
    .where('merged_into', 'is', null)
    .where('version', '=', version)
    .returning('id')
    .execute()
  if (changed.length) return
  const known = await trx.selectFrom('event').select('id').where('id', '=', eventId).executeTakeFirst()
  throw new AppError(known ? 'event.stale' : 'notFound')
}

interface Entry {
  eventId: number
  action: EventAction
  detail: object
}

/** The first entry says what was done and where. */
async function keep(
  trx: Trx,
  deciding: Deciding,
  before: Before,
  entries: readonly [Entry, ...Entry[]],
  made?: number,
): Promise<number> {
  const [first] = entries
  const { id, lost } = await keepAct(trx, before, {
    action: first.action,
    eventId: first.eventId,
    ...(made !== undefined && { made }),
    named: entries.map(({ eventId }) => eventId),
    byId: deciding.actor.id,
    at: deciding.at,
  })
  for (const { eventId, action, detail } of entries)
    await audit(trx, deciding, eventId, action, { act: id, ...detail })
  for (const { eventId, posts } of lost) {
    const detail = { act: id, into: first.eventId, name: await nameOf(trx, first.eventId), posts }
    await audit(trx, deciding, eventId, 'event.lost', detail)
  }
  return id
}

/** What the event is called at this moment: an entry of the chain says it for ever. */
const nameOf = async (trx: Trx, id: number): Promise<string | null> =>
  (await eventNames(trx, [id])).get(id)?.name ?? null

async function postNameOf(trx: Trx, id: number): Promise<string | null> {
  const [item] = await postItems(trx, [id])
  return item ? (item.title ?? item.excerpt).slice(0, 40) : null
}

interface Member {
  post_id: number
  at: number
}
const idsOf = (posts: readonly Member[]): number[] => posts.map(({ post_id }) => post_id)

/** Posts of an event with the time they count for. */
const membersOf = (trx: Trx, eventId: number): Promise<Member[]> =>
  trx.selectFrom('event_post').select(['post_id', 'at']).where('event_id', '=', eventId).execute()

async function fix(trx: Trx, posts: readonly Member[], eventId: number | null): Promise<void> {
  for (const { post_id, at } of posts) {
    await standIn(trx, post_id, eventId, { at, fixed: 1 })
    await copiesFollow(trx, post_id, eventId)
  }
}

/** Publication or first sight. @throws AppError notFound where a post is not there. */
async function timesOf(trx: Trx, postIds: readonly number[]): Promise<Member[]> {
  const rows = await trx
    .selectFrom('post')
    .select(eb => ['id', eb.fn.coalesce('published_at', 'first_seen_at').as('at')])
    .where('id', 'in', postIds)
    .execute()
  if (rows.length !== new Set(postIds).size) throw new AppError('notFound')
  return rows.map(({ id, at }) => ({ post_id: id, at: Number(at) }))
}

/** A new event of these posts, wherever they stood. */
export async function makeEvent(
  trx: Trx,
  deciding: Deciding,
  input: { title: string | null; postIds: readonly number[] },
): Promise<Decided> {
  await takeTurn(trx)
  const posts = await timesOf(trx, input.postIds)
  const before = await lookBefore(trx, { events: [], postIds: input.postIds })
  const eventId = await createEvent(trx, { at: deciding.at, hand: 1, title: input.title })
  await fix(trx, posts, eventId)
  const entry = {
    eventId,
    action: 'event.make',
    detail: { title: input.title, posts: input.postIds },
  } as const
  return { eventId, act: await keep(trx, deciding, before, [entry], eventId) }
}

export async function renameEvent(
  trx: Trx,
  deciding: Deciding,
  id: number,
  input: { version: number; title: string | null },
): Promise<Decided> {
  await takeTurn(trx)
  const before = await lookBefore(trx, { events: [id], postIds: [] })
  const was = await nameOf(trx, id)
  await claim(trx, id, input.version, { title: input.title })
  const entry = { eventId: id, action: 'event.rename', detail: { title: input.title, was } } as const
  return { eventId: id, act: await keep(trx, deciding, before, [entry]) }
}

/** All of this event's posts go into the other one; its links lead there from now on. */
export async function mergeEvent(
  trx: Trx,
  deciding: Deciding,
  id: number,
  input: { version: number; into: number; intoVersion: number },
): Promise<Decided> {
  const { into } = input
  if (id === into) throw new AppError('request.invalid', { message: '请选择另一个事件来合并。' })
  await takeTurn(trx)
  const [from, there] = [await membersOf(trx, id), await membersOf(trx, into)]
  const names = [await nameOf(trx, id), await nameOf(trx, into)]
  const before = await lookBefore(trx, { events: [id, into], postIds: idsOf([...there, ...from]) })
  await claim(trx, id, input.version)
  await claim(trx, into, input.intoVersion)
  await fix(trx, [...there, ...from], into)
  await trx.updateTable('event').set({ merged_into: into }).where('id', '=', id).execute()
  const posts = idsOf(from)
  const act = await keep(trx, deciding, before, [
    { eventId: id, action: 'event.merge', detail: { into, name: names[1], posts } },
    { eventId: into, action: 'event.mergedFrom', detail: { from: id, name: names[0], posts } },
  ])
  return { eventId: into, act }
}

/** These posts become an event of their own; those left behind stay together. @throws AppError event.posts. */
export async function splitEvent(
  trx: Trx,
  deciding: Deciding,
  id: number,
  input: { version: number; postIds: readonly number[]; title: string | null },
): Promise<Decided> {
  await takeTurn(trx)
  const members = await membersOf(trx, id)
  const before = await lookBefore(trx, { events: [id], postIds: idsOf(members) })
  const was = await nameOf(trx, id)
  await claim(trx, id, input.version)
  const leaving = members.filter(({ post_id }) => input.postIds.includes(post_id))
  const staying = members.filter(({ post_id }) => !input.postIds.includes(post_id))
  if (leaving.length !== new Set(input.postIds).size || !staying.length) throw new AppError('event.posts')
  const made = await createEvent(trx, { at: deciding.at, hand: 1, title: input.title })
  // Those that stay first: copies of a leaving original that were not chosen follow it only if people did not fix them.
  await fix(trx, staying, id)
  await fix(trx, leaving, made)
  const name = await nameOf(trx, made)
  const posts = idsOf(leaving)
  const act = await keep(
    trx,
    deciding,
    before,
    [
      { eventId: id, action: 'event.split', detail: { into: made, name, posts } },
      { eventId: made, action: 'event.make', detail: { from: id, name: was, title: input.title, posts } },
    ],
    made,
  )
  return { eventId: made, act }
}

/** The post belongs here for good, wherever it stood. */
export async function pinPost(
  trx: Trx,
  deciding: Deciding,
  id: number,
  input: { version: number; postId: number },
): Promise<Decided> {
  await takeTurn(trx)
  const posts = [...(await membersOf(trx, id)), ...(await timesOf(trx, [input.postId]))]
  const before = await lookBefore(trx, { events: [id], postIds: idsOf(posts) })
  await claim(trx, id, input.version)
  await fix(trx, posts, id)
  const detail = { post: input.postId, name: await postNameOf(trx, input.postId) }
  return {
    eventId: id,
    act: await keep(trx, deciding, before, [{ eventId: id, action: 'event.pin', detail }]),
  }
}

/** The post stands in no event for good. @throws AppError event.posts. */
export async function takePostOut(
  trx: Trx,
  deciding: Deciding,
  id: number,
  input: { version: number; postId: number },
): Promise<Decided> {
  await takeTurn(trx)
  const members = await membersOf(trx, id)
  const before = await lookBefore(trx, { events: [id], postIds: idsOf(members) })
  await claim(trx, id, input.version)
  const out = members.filter(({ post_id }) => post_id === input.postId)
  if (!out.length) throw new AppError('event.posts')
  const staying = members.filter(({ post_id }) => post_id !== input.postId)
  await fix(trx, staying, id)
  await fix(trx, out, null)
  const detail = { post: input.postId, name: await postNameOf(trx, input.postId) }
  return {
    eventId: id,
    act: await keep(trx, deciding, before, [{ eventId: id, action: 'event.takeOut', detail }]),
  }
}
