import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { type Day, isDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { noticeProblems, type YearNotice } from './rules.ts'
import { addOverride, noticesInForce, overridesInForce, revokeOverride, saveNotice } from './store.ts'

/** GET /api/calendar/:year -> CalendarYear */
export interface CalendarYear {
  year: number
  /** Number of the State Council notice; null = not published: provisional. */
  notice: string | null
  off: string[]
  work: string[]
  sources: string[]
  /** Holiday of each day in `off`. */
  names: Record<string, string>
  overrides: { id: number; day: string; workday: boolean; reason: string; basis: string }[]
  version: number
}

/** POST /api/calendar/:year — the year's notice as published; older versions are kept. -> CalendarYear */
const NoticeBody = Type.Object({
  notice: Type.String({ minLength: 4, maxLength: 200 }),
  sources: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 10 }),
  off: Type.Array(Type.Object({ day: Type.String(), name: Type.String({ minLength: 1, maxLength: 40 }) }), {
    minItems: 1,
    maxItems: 120,
  }),
  work: Type.Array(Type.String(), { maxItems: 40 }),
  reason: Type.String({ minLength: 1, maxLength: 500 }),
})
/** POST /api/calendar/overrides — 本局调整 -> {id}; DELETE /api/calendar/overrides/:id -> {} */
const OverrideBody = Type.Object({
  day: Type.String(),
  workday: Type.Boolean(),
  reason: Type.String({ minLength: 1, maxLength: 200 }),
  basis: Type.String({ minLength: 1, maxLength: 500 }),
})
const YearParams = Type.Object({ year: Type.Integer({ minimum: 2000, maximum: 2199 }) })

/** Open clocks are counted again by this job; a lost one is made good by the next, which compares versions. */
const RECOUNT_JOB = 'clocks.recount'

async function yearView({ db }: Context, year: number): Promise<CalendarYear> {
  const found = (await noticesInForce(db)).find(notice => notice.year === year)
  const overrides = (await overridesInForce(db)).filter(({ day }) => day.startsWith(`${year}-`))
  return {
    year,
    notice: found?.notice ?? null,
    off: found?.off.map(({ day }) => day) ?? [],
    work: found?.work ?? [],
    sources: found?.sources ?? [],
    names: Object.fromEntries(found?.off.map(({ day, name }) => [day, name]) ?? []),
    overrides,
    version: found?.version ?? 0,
  }
}

function requireDays(days: Day[]): void {
  const wrong = days.filter(day => !isDay(day))
  if (wrong.length)
    throw new AppError('calendar.invalid', {
      details: { problems: wrong.map(day => `「${day}」不是日期。`) },
    })
}

export function calendarRoutes(app: FastifyInstance, context: Context): void {
  const { db, queue, now } = context

  route(app, {
    method: 'GET',
    url: '/api/calendar/:year',
    access: 'signedIn',
    summary: '某年的放假调休日历',
    params: YearParams,
    handler: async ({ params }) => yearView(context, params.year),
  })

  route(app, {
    method: 'POST',
    url: '/api/calendar/:year',
    access: ['admin', 'office_head'],
    summary: '录入某年的放假调休通知',
    params: YearParams,
    body: NoticeBody,
    async handler({ params, body }, actor) {
      requireDays([...body.off.map(({ day }) => day), ...body.work])
      const notice: YearNotice = { ...body, year: params.year }
      const problems = noticeProblems(notice)
      if (problems.length) throw new AppError('calendar.invalid', { details: { problems } })
      const at = now()
      await db.transaction().execute(async trx => {
        const version = await saveNotice(trx, notice, { reason: body.reason, by: actor.id, at })
        const entry = {
          caseKind: 'calendar',
          caseId: String(params.year),
          at,
          actorId: actor.id,
          forId: null,
        } as const
        await appendAudit(trx, { ...entry, action: 'notice', detail: { version, ...body } })
      })
      await queue.add(RECOUNT_JOB, {}, { key: 'calendar' })
      return yearView(context, params.year)
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/calendar/overrides',
    access: ['office_head'],
    summary: '本局调整某日上班或放假',
    body: OverrideBody,
    async handler({ body }, actor) {
      requireDays([body.day])
      const at = now()
      const id = await db.transaction().execute(async trx => {
        const added = await addOverride(trx, body, actor.id, at)
        const entry = {
          caseKind: 'calendar',
          caseId: body.day.slice(0, 4),
          at,
          actorId: actor.id,
          forId: null,
        } as const
        await appendAudit(trx, { ...entry, action: 'override', detail: { id: added, ...body } })
        return added
      })
      await queue.add(RECOUNT_JOB, {}, { key: 'calendar' })
      return { id }
    },
  })

  route(app, {
    method: 'DELETE',
    url: '/api/calendar/overrides/:id',
    access: ['office_head'],
    summary: '撤销本局调整',
    params: Type.Object({ id: Type.Integer() }),
    async handler({ params }, actor) {
      const at = now()
      const gone = await db.transaction().execute(async trx => {
        const found = (await overridesInForce(trx)).find(({ id }) => id === params.id)
        if (!found || !(await revokeOverride(trx, params.id, at))) return false
        const entry = {
          caseKind: 'calendar',
          caseId: found.day.slice(0, 4),
          at,
          actorId: actor.id,
          forId: null,
        } as const
        await appendAudit(trx, { ...entry, action: 'revokeOverride', detail: { ...found } })
        return true
      })
      if (!gone) throw new AppError('notFound')
      await queue.add(RECOUNT_JOB, {}, { key: 'calendar' })
      return {}
    },
  })
}
