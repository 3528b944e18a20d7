import { EVENT_WINDOW_MS, type EventText } from '../../pipeline/events.ts'
import type { EventClass, Likeness } from '../../pipeline/post.ts'
import { insertRows } from '../db/bulk.ts'
import type { Db, Trx } from '../db/open.ts'

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
const CHUNK = 400

/** What clustering reads of posts that concern us and are no copies; the rest lose theirs. */
export async function writeTexts(trx: Trx, posts: readonly PlacedPost[]): Promise<void> {
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
export async function neighbourhood(db: Db, ids: readonly number[]): Promise<number[]> {
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

export async function textsOf(
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
