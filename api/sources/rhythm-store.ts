/** How many posts come to each board, hour by hour, and what that lets expect. */
import type { RawPost } from '../../pipeline/post.ts'
import type { Db, Trx } from '../db/open.ts'
import { hourOfDay, type Rhythm, rhythmOf } from './schedule.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** The rhythm is learnt from the last four weeks. */
const LEARNT_DAYS = 28

const floorHour = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS

/** New posts by the hour in which they were published, or first seen where the page does not say. */
export async function countPosts(
  trx: Trx,
  source: string,
  boardKey: string | null,
  posts: readonly RawPost[],
): Promise<void> {
  const hours = new Map<number, { posts: number; undated: number }>()
  for (const { publishedAt, publishedPrecision, seenAt } of posts) {
    const isTimed = publishedAt !== null && !['day', 'month', 'year'].includes(publishedPrecision ?? '')
    const hour = floorHour(Date.parse(isTimed ? publishedAt : seenAt))
    const sum = hours.get(hour) ?? { posts: 0, undated: 0 }
    hours.set(hour, { posts: sum.posts + 1, undated: sum.undated + (publishedAt === null ? 1 : 0) })
  }
  for (const [hour, sum] of hours)
    await trx
      .insertInto('board_hour')
      .values({ source_id: source, board_key: boardKey ?? '', hour, ...sum })
      .onConflict(conflict =>
        conflict.columns(['source_id', 'board_key', 'hour']).doUpdateSet(eb => ({
          posts: eb('board_hour.posts', '+', sum.posts),
          undated: eb('board_hour.undated', '+', sum.undated),
        })),
      )
      .execute()
}

export interface Rhythms {
  of(sourceId: string, boardKey: string): { rhythm: Rhythm; lately: number }
}

/** What is expected on each board, from the last four weeks; `lately` = posts per hour since the hour before this. */
export async function loadRhythms(db: Db, now: number): Promise<Rhythms> {
  const from = floorHour(now - LEARNT_DAYS * DAY_MS)
  const rows = await db
    .selectFrom('board_hour')
    .select(['source_id', 'board_key', 'hour', 'posts'])
    .where('hour', '>=', from)
    .execute()
  const recentFrom = floorHour(now) - HOUR_MS
  const boards = new Map<string, { posts: number; recent: number }>()
  const sources = new Map<string, { byHour: number[]; since: number }>()
  for (const { source_id, board_key, hour, posts } of rows) {
    const board = boards.get(`${source_id}\n${board_key}`) ?? { posts: 0, recent: 0 }
    board.posts += posts
    if (hour >= recentFrom) board.recent += posts
    boards.set(`${source_id}\n${board_key}`, board)
    const source = sources.get(source_id) ?? { byHour: new Array<number>(24).fill(0), since: now }
    source.byHour[hourOfDay(hour)] = (source.byHour[hourOfDay(hour)] ?? 0) + posts
    source.since = Math.min(source.since, hour)
    sources.set(source_id, source)
  }
  const recentHours = Math.max((now - recentFrom) / HOUR_MS, 1)
  return {
    of(sourceId, boardKey) {
      const source = sources.get(sourceId) ?? { byHour: [], since: now }
      const { posts, recent } = boards.get(`${sourceId}\n${boardKey}`) ?? { posts: 0, recent: 0 }
      const days = Math.min(LEARNT_DAYS, (now - source.since) / DAY_MS)
      return { rhythm: rhythmOf(posts, source.byHour, days), lately: recent / recentHours }
    },
  }
}

/** New posts of each source in the last three days, and how many of them have no readable date. */
export async function recentDates(
  db: Db,
  now: number,
): Promise<Map<string, { posts: number; undated: number }>> {
  const rows = await db
    .selectFrom('board_hour')
    .select('source_id')
    .select(eb => [eb.fn.sum<number>('posts').as('posts'), eb.fn.sum<number>('undated').as('undated')])
    .where('hour', '>=', floorHour(now - 3 * DAY_MS))
    .groupBy('source_id')
    .execute()
  return new Map(rows.map(row => [row.source_id, { posts: Number(row.posts), undated: Number(row.undated) }]))
}
