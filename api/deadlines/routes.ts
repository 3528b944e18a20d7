import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { noticeProblems } from '../calendar/rules.ts'
import type { Context } from '../context.ts'
import { isDay, shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { runningClockIds } from '../slips/list.ts'
import { listItem, slipNames } from '../slips/list-item.ts'
import type { MovedClock } from '../slips/recount.ts'
import { clockOf, loadSlips } from '../slips/store.ts'
import { CASE_ROLES, type Level, OFFICE, type SlipState } from '../vocabulary.ts'
import { previewCalendar } from './preview.ts'

export type { CalendarYear } from '../calendar/routes.ts'
export type { DeadlineStep } from '../deadline.ts'

/** GET /api/deadlines -> DeadlineRow[] (open clocks, soonest first) — 期限看板 */
export interface DeadlineRow {
  slipId: number
  number: string | null
  title: string
  level: Level | null
  status: SlipState
  unit: string | null
  foundAt: number
  dueAt: number | null
  provisional: boolean
  /** Computed at read: overdue | today | tomorrow | later | none. */
  urgency: 'overdue' | 'today' | 'tomorrow' | 'later' | 'none'
  waitingFor: string
  extended: boolean
}

/**
 * POST /api/deadlines/preview { year?, off?, work?, overrides? } -> CalendarPreview: what the change would move; nothing
 * is stored (办公室).
 */
export interface CalendarPreview {
  /** At most 200, in the order of their slips. */
  moved: MovedClock[]
  total: number
  /** Open clocks that were counted. */
  checked: number
}

export type { MovedClock }

const Day = Type.String({ maxLength: 10 })
const PreviewBody = Type.Object({
  year: Type.Optional(Type.Integer({ minimum: 2000, maximum: 2199 })),
  notice: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
  off: Type.Optional(
    Type.Array(Type.Object({ day: Day, name: Type.String({ maxLength: 40 }) }), { maxItems: 120 }),
  ),
  work: Type.Optional(Type.Array(Day, { maxItems: 40 })),
  overrides: Type.Optional(
    Type.Array(Type.Object({ day: Day, workday: Type.Boolean(), reason: Type.String({ maxLength: 200 }) }), {
      maxItems: 60,
    }),
  ),
})

const DAY_MS = 86_400_000
/** Soonest first, so that what is cut off is never what is overdue. */
const BOARD_ROWS = 1_000

/** Computed at read, never stored: the same row is 明天 today and 超期 the day after. */
export function urgencyOf(dueAt: number | null, now: number): DeadlineRow['urgency'] {
  if (dueAt === null) return 'none'
  if (now >= dueAt) return 'overdue'
  // A deadline is 24:00 of its day: its last millisecond tells the day.
  const day = shanghaiDay(dueAt - 1)
  if (day === shanghaiDay(now)) return 'today'
  return day === shanghaiDay(now + DAY_MS) ? 'tomorrow' : 'later'
}

export function deadlineRoutes(app: FastifyInstance, { db, now }: Context): void {
  route(app, {
    method: 'POST',
    url: '/api/deadlines/preview',
    // Not the administrator, who may enter the notice: this names cases (design §8).
    access: OFFICE,
    summary: '日历变动对未结时限的影响',
    body: PreviewBody,
    async handler({ body }): Promise<CalendarPreview> {
      const { year, off = [], work = [], overrides = [] } = body
      const days = [...off.map(({ day }) => day), ...work, ...overrides.map(({ day }) => day)]
      const notice =
        year === undefined ? undefined : { year, notice: body.notice ?? `${year}年`, sources: [], off, work }
      const problems = [
        ...days.filter(day => !isDay(day)).map(day => `「${day}」不是日期。`),
        ...(notice ? noticeProblems(notice) : []),
      ]
      if (problems.length) throw new AppError('calendar.invalid', { details: { problems } })
      return previewCalendar(db, { ...(notice && { notice }), overrides }, now())
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/deadlines',
    access: CASE_ROLES,
    summary: '期限看板',
    async handler(_input, actor): Promise<DeadlineRow[]> {
      const at = now()
      const open = await loadSlips(db, await runningClockIds(db, actor, BOARD_ROWS))
      const names = await slipNames(db, [])
      const rows = open.flatMap(whole => {
        const clock = clockOf(whole)
        if (!clock || clock.stopped_at !== null) return []
        const item = listItem(whole, names, at)
        const row: DeadlineRow = {
          slipId: item.id,
          number: item.number,
          title: item.title,
          level: item.level,
          status: item.status,
          unit: item.leadUnit?.name ?? item.unit.name,
          foundAt: clock.found_at,
          dueAt: clock.due_at,
          provisional: clock.provisional === 1,
          urgency: urgencyOf(clock.due_at, at),
          waitingFor: item.waitingFor,
          extended: clock.fixed === 1,
        }
        return [row]
      })
      return rows.sort((a, b) => (a.dueAt ?? Number.MAX_VALUE) - (b.dueAt ?? Number.MAX_VALUE))
    },
  })
}
