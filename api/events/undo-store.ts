import { appendAudit } from '../audit.ts'
import type { Actor } from '../auth.ts'
import { insertRows } from '../db/bulk.ts'
import type { Db, Trx } from '../db/open.ts'
import type { EventActPostTable } from '../db/tables/events.ts'
import { AppError } from '../errors.ts'
import { personNames } from '../people/store.ts'
import { paperTime } from '../print/format.ts'
import { EVENT_ACTIONS, type EventAction } from '../vocabulary.ts'
import { placeAnew, takeTurn } from './place-store.ts'
import { copiesOf, follow, pointEmptied, standingOf } from './standing-store.ts'

const CHUNK = 400
const labelOf = (action: string) => EVENT_ACTIONS[action as EventAction] ?? action

interface ActRow {
  id: number
  action: string
  by_id: number
  at: number
}

/**
 * Takes a decision back: its posts, fixed or not, and its events' names are as they were before it. What the machine
 * did meanwhile stays, and posts that came meanwhile are placed anew. Answers the event where it had been decided.
 * @throws AppError notFound, event.undone, event.later (saying what was done since, when and by whom).
 */
export async function undoAct(
  trx: Trx,
  { actor, at }: { actor: Actor; at: number },
  actId: number,
): Promise<number> {
  await takeTurn(trx)
  const act = await trx.selectFrom('event_act').selectAll().where('id', '=', actId).executeTakeFirst()
  if (!act) throw new AppError('notFound')
  if (act.undone_at !== null) throw new AppError('event.undone')
  await refuseLater(trx, act)
  const posts = await trx.selectFrom('event_act_post').selectAll().where('act_id', '=', actId).execute()
  const now = await standingOf(
    trx,
    posts.map(({ post_id }) => post_id),
  )
  await restorePosts(trx, posts)
  const events = await restoreEvents(trx, actId)
  await pointEmptied(trx, now)
  await placeAnew(trx, await cameSince(trx, events, act.at, posts), at)
  await trx
    .updateTable('event_act')
    .set({ undone_by: actor.id, undone_at: at })
    .where('id', '=', actId)
    .execute()
  for (const eventId of events) {
    const entry = { caseKind: 'event', caseId: String(eventId), at, actorId: actor.id, forId: null } as const
    await appendAudit(trx, { ...entry, action: 'event.undo', detail: { undid: actId, what: act.action } })
  }
  return act.event_id
}

/** Of two decisions about the same event or post only the later one can be taken back. */
async function refuseLater(trx: Trx, act: ActRow): Promise<void> {
  const later = await trx
    .selectFrom('event_act as a')
    .select(['a.id', 'a.action', 'a.by_id', 'a.at'])
    .where('a.id', '>', act.id)
    .where('a.undone_at', 'is', null)
    .where(eb =>
      eb.or([
        eb.exists(
          eb
            .selectFrom('event_act_event as theirs')
            .innerJoin('event_act_event as ours', 'ours.event_id', 'theirs.event_id')
            .select('theirs.act_id')
            .whereRef('theirs.act_id', '=', 'a.id')
            .where('ours.act_id', '=', act.id),
        ),
        eb.exists(
          eb
            .selectFrom('event_act_post as theirs')
            .innerJoin('event_act_post as ours', 'ours.post_id', 'theirs.post_id')
            .select('theirs.act_id')
            .whereRef('theirs.act_id', '=', 'a.id')
            .where('ours.act_id', '=', act.id),
        ),
      ]),
    )
    .orderBy('a.id', 'desc')
    .limit(3)
    .execute()
  if (!later.length) return
  const told = await inWords(trx, later)
  throw new AppError('event.later', {
    message: `「${labelOf(act.action)}」之后又有人改过：${told.join('；')}。请先撤销后做的，再撤销这一步。`,
    details: { later: later.map(({ id }) => id) },
  })
}

async function inWords(db: Db, acts: readonly ActRow[]): Promise<string[]> {
  const names = await personNames(
    db,
    acts.map(({ by_id }) => by_id),
  )
  return acts.map(
    ({ action, by_id, at }) => `${names.get(by_id) ?? ''} ${paperTime(at)}「${labelOf(action)}」`,
  )
}

type ActPost = EventActPostTable

/** Only where a post still stands as the decision left it: what the machine moved since stays. */
async function restorePosts(trx: Trx, posts: readonly ActPost[]): Promise<void> {
  const ids = posts.map(({ post_id }) => post_id)
  const standing = await standingOf(trx, ids)
  const own = posts.filter(({ post_id, to_event, to_fixed }) => {
    const now = standing.get(post_id)
    return (now?.eventId ?? null) === to_event && (now ? Number(now.fixed) : null) === to_fixed
  })
  const times = await timesOf(trx, own)
  for (let from = 0; from < own.length; from += CHUNK)
    await trx
      .deleteFrom('event_post')
      .where(
        'post_id',
        'in',
        own.slice(from, from + CHUNK).map(({ post_id }) => post_id),
      )
      .execute()
  await insertRows(
    trx,
    'event_post',
    own.flatMap(({ post_id, from_event, from_fixed }) =>
      from_fixed === null
        ? []
        : { post_id, event_id: from_event, at: times.get(post_id) as number, fixed: from_fixed },
    ),
  )
  // Copies that came meanwhile go with their originals.
  const back = await standingOf(trx, ids)
  for (const [original, copies] of await copiesOf(trx, ids))
    await follow(
      trx,
      copies.filter(({ id }) => !ids.includes(id)),
      back.get(original)?.eventId ?? null,
    )
}

async function timesOf(trx: Trx, posts: readonly ActPost[]): Promise<Map<number, number>> {
  const times = new Map<number, number>()
  for (let from = 0; from < posts.length; from += CHUNK) {
    const rows = await trx
      .selectFrom('post')
      .select(eb => ['id', eb.fn.coalesce('published_at', 'first_seen_at').as('at')])
      .where(
        'id',
        'in',
        posts.slice(from, from + CHUNK).map(({ post_id }) => post_id),
      )
      .execute()
    for (const { id, at } of rows) times.set(id, Number(at))
  }
  return times
}

/** Answers their ids; all of them have changed, so whoever looks at an older state is told. */
async function restoreEvents(trx: Trx, actId: number): Promise<number[]> {
  const events = await trx
    .selectFrom('event_act_event')
    .selectAll()
    .where('act_id', '=', actId)
    .orderBy('event_id')
    .execute()
  for (const { event_id, title, hand, merged_into } of events)
    await trx
      .updateTable('event')
      .set(eb => ({ title, hand, merged_into, version: eb('version', '+', 1) }))
      .where('id', '=', event_id)
      .execute()
  return events.map(({ event_id }) => event_id)
}

/** Posts that the machine put into these events since the decision. */
async function cameSince(
  trx: Trx,
  events: readonly number[],
  since: number,
  posts: readonly ActPost[],
): Promise<number[]> {
  const own = new Set(posts.map(({ post_id }) => post_id))
  const rows = await trx
    .selectFrom('event_post')
    .innerJoin('post', 'post.id', 'event_post.post_id')
    .select('event_post.post_id')
    .where('event_post.event_id', 'in', events)
    .where('event_post.fixed', '=', 0)
    .where('post.first_seen_at', '>=', since)
    .execute()
  return rows.flatMap(({ post_id }) => (own.has(post_id) ? [] : post_id))
}
