import { sql } from 'kysely'
import type { Db } from '../db/open.ts'
import { addDays, type Day, startOfDay } from '../deadline.ts'
import type { DayCount, Dimension, Measure } from './rules.ts'

/**
 * From the daily sums alone: a year of days costs the same whatever the number of posts. A row per value comes over, its
 * days as one text: handing over a row per day takes longer than summing them.
 */
export async function dayCounts(
  db: Db,
  query: { dimension: Dimension; measure: Measure; from: Day; to: Day },
): Promise<DayCount[]> {
  const { dimension, measure, from, to } = query
  const sums = db
    .selectFrom('daily')
    .select(eb => ['day', 'value', eb.fn.sum<number>('posts').as('posts')])
    .where('dimension', '=', dimension)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .$if(measure !== 'flagged', q => q.where('concern', '=', measure))
    .groupBy(['day', 'value'])
  const rows = await db
    .selectFrom(sums.as('sums'))
    .select(['value', sql<string>`string_agg(day || ' ' || posts, ',')`.as('days')])
    .groupBy('value')
    .execute()
  return rows.flatMap(({ value, days }) =>
    days.split(',').map(each => ({ day: each.slice(0, 10), value, posts: Number(each.slice(11)) })),
  )
}

export interface PostsQuery {
  measure: Measure
  /** Days of publication, both included. */
  from: Day
  to: Day
  dimension: Dimension
  /** None = every value. */
  values: readonly string[]
  limit: number
}

/** The posts behind a figure, newest first, and how many they are. */
export async function postsBehind(db: Db, query: PostsQuery): Promise<{ ids: number[]; total: number }> {
  const { measure, from, to, dimension, values, limit } = query
  const column = dimension === 'source' ? 'p.source_id' : (`a.${dimension}` as const)
  const matching = db
    .selectFrom('analysis as a')
    .innerJoin('post as p', 'p.id', 'a.post_id')
    .where('a.flagged', '=', 1)
    .where('a.hour', '>=', startOfDay(from))
    .where('a.hour', '<', startOfDay(addDays(to, 1)))
    .$if(measure !== 'flagged', q => q.where('a.concern', '=', measure))
    .$if(values.length > 0, q => q.where(column, 'in', values))
  const rows = await matching
    .select('p.id')
    .orderBy('a.hour', 'desc')
    .orderBy('p.id', 'desc')
    .limit(limit)
    .execute()
  const { total } = await matching
    .select(eb => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { ids: rows.map(({ id }) => id), total: Number(total) }
}

export async function sourceNames(db: Db): Promise<Map<string, string>> {
  const rows = await db.selectFrom('source').select(['id', 'name']).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
