import { sql } from 'kysely'
import type { Db } from '../db/open.ts'
import { maskPersonal } from '../mask.ts'

const TITLE_LENGTH = 40

/** What the first post of each event says: its title, else how its text begins; personal data masked (S-38). */
export async function firstTitles(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  if (!ids.length) return new Map()
  const rows = await db
    .selectFrom(
      db
        .selectFrom('event_post')
        .select(['event_id', 'post_id'])
        .select(sql<number>`row_number() over (partition by event_id order by at, post_id)`.as('place'))
        .where('event_id', 'in', ids)
        .as('ep'),
    )
    .innerJoin('post as p', 'p.id', 'ep.post_id')
    .select(['ep.event_id', 'p.title', 'p.text'])
    .where('ep.place', '=', 1)
    .execute()
  return new Map(
    rows.map(({ event_id, title, text }) => [
      event_id as number,
      maskPersonal(title?.trim() || text.slice(0, 2 * TITLE_LENGTH)).slice(0, TITLE_LENGTH),
    ]),
  )
}

/** Where the posts of this event are now: itself, or what it was merged into; null where it never was. */
export async function livingEvent(db: Db, id: number): Promise<number | null> {
  for (let at: number | null = id, steps = 0; at !== null && steps < 50; steps++) {
    const row: { merged_into: number | null } | undefined = await db
      .selectFrom('event')
      .select('merged_into')
      .where('id', '=', at)
      .executeTakeFirst()
    if (!row) return null
    if (row.merged_into === null) return at
    at = row.merged_into
  }
  return null
}

/** By the id asked for: where its posts are now, and what that event is called; without those that are no more. */
export async function eventNames(
  db: Db,
  ids: readonly number[],
): Promise<Map<number, { id: number; name: string }>> {
  const living = new Map<number, number>()
  for (const id of new Set(ids)) {
    const now = await livingEvent(db, id)
    if (now !== null) living.set(id, now)
  }
  const found = [...new Set(living.values())]
  if (!found.length) return new Map()
  const given = await db.selectFrom('event').select(['id', 'title']).where('id', 'in', found).execute()
  const firsts = await firstTitles(db, found)
  const names = new Map(given.map(({ id, title }) => [id, title ?? firsts.get(id)]))
  return new Map(
    [...living].flatMap(([asked, id]) => {
      const name = names.get(id)
      return name ? [[asked, { id, name }] as const] : []
    }),
  )
}
