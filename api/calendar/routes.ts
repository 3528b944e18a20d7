import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { type Day, isDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { OFFICE } from '../vocabulary.ts'
import { readNoticeText } from './notice-text.ts'
import { noticeProblems, type YearNotice } from './rules.ts'
import {
  addOverride,
  approveOverride,
  noticesInForce,
  overrideList,
  revokeOverride,
  saveNotice,
} from './store.ts'

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
  /** 本局调整; `approved` false: proposed, not in force. */
  overrides: {
    id: number
    day: string
    workday: boolean
    reason: string
    basis: string
    enteredBy: number
    approved: boolean
  }[]
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
/**
 * POST /api/calendar/:year/read { text } -> NoticeReading: what the pasted wording says, nothing is stored.
 * What it would move: POST /api/deadlines/preview.
 */
export interface NoticeReading {
  notice: string | null
  off: { day: string; name: string }[]
  work: string[]
  problems: string[]
}

/**
 * POST /api/calendar/overrides — 本局调整 -> {id, approved}: in force when 办公室主任 enters it, proposed when 办公室 does;
 * POST /api/calendar/overrides/:id/approve (办公室主任); DELETE /api/calendar/overrides/:id -> {}
 */
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
  const overrides = (await overrideList(db))
    .filter(({ day }) => day.startsWith(`${year}-`))
    .map(({ approvedAt, ...override }) => ({ ...override, approved: approvedAt !== null }))
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
    url: '/api/calendar/:year/read',
    access: ['admin', 'office', 'office_head'],
    summary: '读出放假通知原文中的日期',
    params: YearParams,
    body: Type.Object({ text: Type.String({ minLength: 10, maxLength: 20_000 }) }),
    async handler({ params, body }): Promise<NoticeReading> {
      const { number, off, work, problems } = readNoticeText(body.text, params.year)
      const notice = { year: params.year, notice: number, sources: [], off, work }
      return { notice: number, off, work, problems: [...problems, ...noticeProblems(notice)] }
    },
  })

  const entryOf = (day: Day, actorId: number, at: number) =>
    ({ caseKind: 'calendar', caseId: day.slice(0, 4), at, actorId, forId: null }) as const

  route(app, {
    method: 'POST',
    url: '/api/calendar/overrides',
    access: OFFICE,
    summary: '本局调整某日上班或放假',
    body: OverrideBody,
    async handler({ body }, actor) {
      requireDays([body.day])
      const at = now()
      const approved = actor.roles.includes('office_head')
      const id = await db.transaction().execute(async trx => {
        const added = await addOverride(trx, body, actor.id, at, approved)
        const detail = { id: added, approved, ...body }
        await appendAudit(trx, { ...entryOf(body.day, actor.id, at), action: 'override', detail })
        return added
      })
      if (approved) await queue.add(RECOUNT_JOB, {}, { key: 'calendar' })
      return { id, approved }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/calendar/overrides/:id/approve',
    access: ['office_head'],
    summary: '批准本局调整',
    params: Type.Object({ id: Type.Integer() }),
    async handler({ params }, actor) {
      const at = now()
      await db.transaction().execute(async trx => {
        const found = (await overrideList(trx)).find(({ id }) => id === params.id)
        if (!found || !(await approveOverride(trx, params.id, actor.id, at))) throw new AppError('notFound')
        const detail = { ...found }
        await appendAudit(trx, { ...entryOf(found.day, actor.id, at), action: 'approveOverride', detail })
      })
      await queue.add(RECOUNT_JOB, {}, { key: 'calendar' })
      return {}
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
        const found = (await overrideList(trx)).find(({ id }) => id === params.id)
        if (!found || !(await revokeOverride(trx, params.id, at))) return false
        await appendAudit(trx, {
          ...entryOf(found.day, actor.id, at),
          action: 'revokeOverride',
          detail: { ...found },
        })
        return true
      })
      if (!gone) throw new AppError('notFound')
      await queue.add(RECOUNT_JOB, {}, { key: 'calendar' })
      return {}
    },
  })
}
