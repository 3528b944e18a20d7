import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Actor } from '../auth.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Context } from '../context.ts'
import { type Day, isDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { listItem, slipNames } from '../slips/list-item.ts'
import type { SlipListItem } from '../slips/routes.ts'
import { loadSlips } from '../slips/store.ts'
import type { Role } from '../vocabulary.ts'
import { labeller } from './labels.ts'
import {
  eventsIn,
  type Figures,
  figuresOf,
  GROUPS,
  type Group,
  type GroupedEvent,
  MEASURES,
  type Measure,
  RATES,
} from './rules.ts'
import { slipsOfPeriod } from './store.ts'

/**
 * 统计 (S-37); every person counts the slips that he may see.
 * GET /api/statistics?from=2019-05-01&to=2019-05-31&group=unit|level|source|month -> Statistics
 * GET /api/statistics/slips?from&to&measure[&group&key] -> StatisticsSlips: the slips behind one number
 */
export interface Statistics {
  from: string
  to: string
  group: Group
  rows: (Figures & { key: string; label: string })[]
  total: Figures
  /** Stands under the figures: what each counts, how each rate is made. */
  measures: Record<Measure, string>
  rates: Record<string, string>
}

export interface StatisticsSlips {
  /** At most 500, in the order of their numbers. */
  items: SlipListItem[]
  total: number
}

export type { Figures, Group, Measure }

/** requirements.md §5.2: not for 处室工作人员, who see their own slips elsewhere. */
const READERS: readonly Role[] = ['duty', 'head', 'leader', 'chief', 'discipline', 'office', 'office_head']
const SHOWN = 500

const keys = <T extends string>(labels: Record<T, string>) => Object.keys(labels) as T[]
const Period = {
  from: Type.String({ maxLength: 10 }),
  to: Type.String({ maxLength: 10 }),
  group: Type.Optional(Type.Enum(keys(GROUPS))),
}

function requirePeriod({ from, to }: { from: Day; to: Day }): void {
  if (!isDay(from) || !isDay(to) || to < from)
    throw new AppError('request.invalid', { message: '统计起止日期不对，请写成 2019-05-01 至 2019-05-31。' })
}

export function statisticsRoutes(app: FastifyInstance, { db, now }: Context): void {
  async function eventsFor(
    actor: Actor,
    period: { from: Day; to: Day },
    group: Group,
  ): Promise<GroupedEvent[]> {
    requirePeriod(period)
    const slips = await slipsOfPeriod(db, actor, period)
    return eventsIn(await loadCalendar(db), slips, period, group, now())
  }

  route(app, {
    method: 'GET',
    url: '/api/statistics',
    access: READERS,
    summary: '舆情办理统计',
    query: Type.Object(Period),
    async handler({ query }, actor): Promise<Statistics> {
      const { from, to, group = 'unit' } = query
      const events = await eventsFor(actor, { from, to }, group)
      const labelOf = await labeller(db, group)
      const found = [...new Set(events.map(({ key }) => key))].sort()
      return {
        from,
        to,
        group,
        rows: found.map(key => ({
          key,
          label: labelOf(key),
          ...figuresOf(events.filter(event => event.key === key)),
        })),
        total: figuresOf(events),
        measures: MEASURES,
        rates: RATES,
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/statistics/slips',
    access: READERS,
    summary: '统计数字所含的处理单',
    query: Type.Object({
      ...Period,
      measure: Type.Enum(keys(MEASURES)),
      key: Type.Optional(Type.String({ maxLength: 100 })),
    }),
    async handler({ query }, actor): Promise<StatisticsSlips> {
      const { from, to, group = 'unit', measure, key } = query
      const events = await eventsFor(actor, { from, to }, group)
      const matching = events.filter(
        each => each.measure === measure && (key === undefined || each.key === key),
      )
      const ids = [...new Set(matching.map(({ slipId }) => slipId))]
      const names = await slipNames(db, [])
      const slips = await loadSlips(db, ids.slice(0, SHOWN))
      return { items: slips.map(whole => listItem(whole, names, now())), total: ids.length }
    },
  })
}
