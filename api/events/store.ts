import { appendAudit } from '../audit.ts'
import type { Actor } from '../auth.ts'
import type { Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { takeTurn } from './place-store.ts'
import { copiesFollow, createEvent, standIn } from './standing-store.ts'

/**
 * What people decide about events. Who decides about an event has seen its posts: all of them are fixed where they then
 * stand, and the machine never moves them again, in no later grouping; only another decision does. Posts that come
 * later may join of themselves. Each decision is an entry of the event's audit chain.
 */

interface Deciding {
  actor: Actor
  at: number
}

async function audit(trx: Trx, { actor, at }: Deciding, eventId: number, action: string, detail: object) {
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

/** Posts of an event with the time they count for. */
const membersOf = (trx: Trx, eventId: number) =>
  trx.selectFrom('event_post').select(['post_id', 'at']).where('event_id', '=', eventId).execute()

async function fix(
  trx: Trx,
  posts: readonly { post_id: number; at: number }[],
  eventId: number | null,
): Promise<void> {
  for (const { post_id, at } of posts) {
    await standIn(trx, post_id, eventId, { at, fixed: 1 })
    await copiesFollow(trx, post_id, eventId)
  }
}

/** Publication or first sight. @throws AppError notFound where a post is not there. */
async function timesOf(trx: Trx, postIds: readonly number[]): Promise<{ post_id: number; at: number }[]> {
  const rows = await trx
    .selectFrom('post')
    .select(eb => ['id', eb.fn.coalesce('published_at', 'first_seen_at').as('at')])
    .where('id', 'in', postIds)
    .execute()
  if (rows.length !== new Set(postIds).size) throw new AppError('notFound')
  return rows.map(({ id, at }) => ({ post_id: id, at: Number(at) }))
}

/** A new event of these posts, wherever they stood. Answers its id. */
export async function makeEvent(
  trx: Trx,
  deciding: Deciding,
  input: { title: string | null; postIds: readonly number[] },
): Promise<number> {
  await takeTurn(trx)
  const id = await createEvent(trx, { at: deciding.at, hand: 1, title: input.title })
  await fix(trx, await timesOf(trx, input.postIds), id)
  await audit(trx, deciding, id, 'event.make', input)
  return id
}

export async function renameEvent(
  trx: Trx,
  deciding: Deciding,
  id: number,
  input: { version: number; title: string | null },
): Promise<void> {
  await claim(trx, id, input.version, { title: input.title })
  await audit(trx, deciding, id, 'event.rename', { title: input.title })
}

/** All of this event's posts go into the other one; its links lead there from now on. */
export async function mergeEvent(
  trx: Trx,
  deciding: Deciding,
  id: number,
  input: { version: number; into: number; intoVersion: number },
): Promise<void> {
  if (id === input.into) throw new AppError('request.invalid', { message: '请选择另一个事件来合并。' })
  await takeTurn(trx)
  await claim(trx, id, input.version)
  await claim(trx, input.into, input.intoVersion)
  const [from, into] = [await membersOf(trx, id), await membersOf(trx, input.into)]
  await fix(trx, [...into, ...from], input.into)
  await trx.updateTable('event').set({ merged_into: input.into }).where('id', '=', id).execute()
  const posts = from.map(({ post_id }) => post_id)
  await audit(trx, deciding, id, 'event.merge', { into: input.into, posts })
  await audit(trx, deciding, input.into, 'event.mergedFrom', { from: id, posts })
}

/** These posts become an event of their own; those left behind stay together. @throws AppError event.posts. */
export async function splitEvent(
  trx: Trx,
  deciding: Deciding,
  id: number,
  input: { version: number; postIds: readonly number[]; title: string | null },
): Promise<number> {
  await takeTurn(trx)
  await claim(trx, id, input.version)
  const members = await membersOf(trx, id)
  const leaving = members.filter(({ post_id }) => input.postIds.includes(post_id))
  const staying = members.filter(({ post_id }) => !input.postIds.includes(post_id))
  if (leaving.length !== new Set(input.postIds).size || !staying.length) throw new AppError('event.posts')
  const made = await createEvent(trx, { at: deciding.at, hand: 1, title: input.title })
  // Those that stay first: copies of a leaving original that were not chosen follow it only if people did not fix them.
  await fix(trx, staying, id)
  await fix(trx, leaving, made)
  await audit(trx, deciding, id, 'event.split', { into: made, posts: input.postIds })
  await audit(trx, deciding, made, 'event.make', { from: id, title: input.title, postIds: input.postIds })
  return made
}

/** The post belongs here for good, wherever it stood. */
export async function pinPost(
  trx: Trx,
  deciding: Deciding,
  id: number,
  input: { version: number; postId: number },
): Promise<void> {
  await takeTurn(trx)
  await claim(trx, id, input.version)
  await fix(trx, [...(await membersOf(trx, id)), ...(await timesOf(trx, [input.postId]))], id)
  await audit(trx, deciding, id, 'event.pin', { post: input.postId })
}

/** The post stands in no event for good. @throws AppError event.posts. */
export async function takePostOut(
  trx: Trx,
  deciding: Deciding,
  id: number,
  input: { version: number; postId: number },
): Promise<void> {
  await takeTurn(trx)
  await claim(trx, id, input.version)
  const members = await membersOf(trx, id)
  const out = members.filter(({ post_id }) => post_id === input.postId)
  if (!out.length) throw new AppError('event.posts')
  await fix(
    trx,
    members.filter(({ post_id }) => post_id !== input.postId),
    id,
  )
  await fix(trx, out, null)
  await audit(trx, deciding, id, 'event.takeOut', { post: input.postId })
}
