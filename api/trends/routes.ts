import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { addDays, type Day, isDay, shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { requireDays, route } from '../http.ts'
import type { PostItem } from '../posts/routes.ts'
import { postItems } from '../posts/view-store.ts'
import { READERS } from '../vocabulary.ts'
import {
  countFrom,
  DIMENSIONS,
  type Dimension,
  daysBetween,
  MEASURES,
  type Measure,
  sumRows,
  type TrendRow,
  trendRows,
} from './rules.ts'
import { dayCounts, postsBehind, sourceNames } from './store.ts'

/** GET /api/trends?dimension&measure&from&to — days of publication (Shanghai), both included; the last 30 days unless told. */
export interface TrendAnswer {
  dimension: Dimension
  measure: Measure
  days: Day[]
  rows: (TrendRow & { name: string })[]
  all: Omit<TrendRow, 'value'>
}

/** GET /api/trends/posts?dimension&measure&from&to&value…&limit — the posts behind a figure of the chart, as many as it says. */
export interface TrendPosts {
  items: PostItem[]
  total: number
}

const MOST_DAYS = 400
const one = <T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map(value => Type.Literal(value))))
const Value = Type.String({ maxLength: 120 })
const DayText = Type.Optional(Type.String({ maxLength: 10 }))
const Query = {
  dimension: one(DIMENSIONS),
  measure: Type.Optional(one(MEASURES)),
  from: DayText,
  to: DayText,
}

/** @throws AppError request.invalid. */
function period(query: { from?: string; to?: string }, today: Day): { from: Day; to: Day } {
  const to = query.to ?? today
  const from = query.from ?? addDays(isDay(to) ? to : today, -29)
  requireDays(from, to)
  if (from > to) throw new AppError('request.invalid', { message: '开始日期不能晚于结束日期。' })
  if (addDays(from, MOST_DAYS) < to)
    throw new AppError('request.invalid', { message: `一次最多查看 ${MOST_DAYS} 天，请缩短时间段。` })
  return { from, to }
}

export function trendRoutes(app: FastifyInstance, { db, now }: Context): void {
  route(app, {
    method: 'GET',
    url: '/api/trends',
    access: READERS,
    summary: '趋势',
    query: Type.Object(Query),
    async handler({ query: { dimension, measure = 'flagged', ...days } }): Promise<TrendAnswer> {
      const { from, to } = period(days, shanghaiDay(now()))
      const counts = await dayCounts(db, { dimension, measure, from: countFrom(from, to), to })
      const rows = trendRows(counts, from, to)
      const names = dimension === 'source' ? await sourceNames(db) : new Map<string, string>()
      return {
        dimension,
        measure,
        days: daysBetween(from, to),
        rows: rows.map(row => ({ ...row, name: names.get(row.value) ?? row.value })),
        all: sumRows(rows),
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/trends/posts',
    access: READERS,
    summary: '趋势数字对应的帖子',
    query: Type.Object({
      ...Query,
      value: Type.Optional(Type.Union([Value, Type.Array(Value, { maxItems: 200 })])),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    }),
    async handler({ query }): Promise<TrendPosts> {
      const { dimension, measure = 'flagged', value = [], limit = 100, ...days } = query
      const found = await postsBehind(db, {
        dimension,
        measure,
        values: [value].flat(),
        limit,
        ...period(days, shanghaiDay(now())),
      })
      return { items: await postItems(db, found.ids), total: found.total }
    },
  })
}
