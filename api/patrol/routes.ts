import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { appendAudit } from '../audit.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Context } from '../context.ts'
import { isDay, shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { personNames } from '../people/store.ts'
import { unitList } from '../people/unit-store.ts'
import { loadSettings, settingList, settingsOn } from '../settings/store.ts'
import { sourceList } from '../sources/store.ts'
import { CASE_ROLES, STAFF } from '../vocabulary.ts'
import { daysOfMonth, isExpected, isMonth, missingKeys } from './rules.ts'
import { addLog, logsBetween } from './store.ts'

/**
 * 巡查日志 (S-4, S-5)
 * POST /api/patrol { day?, sourceIds, found, note? } -> { id, missing } (own unit; today, or a day that was forgotten)
 * GET /api/patrol?month=2019-05 -> PatrolMonth; GET /api/patrol/today -> PatrolToday
 */
export interface PatrolDay {
  day: string
  /** none: not expected, or still to come. */
  state: 'complete' | 'partial' | 'missing' | 'none'
  by: string | null
  at: number | null
  found: number
  /** Key sources that nobody of the unit ticked that day. */
  missing: string[]
}

export interface PatrolMonth {
  month: string
  units: {
    unit: { id: number; name: string }
    days: PatrolDay[]
    expected: number
    complete: number
    /** 0 … 1, complete over expected; null before the first expected day. */
    rate: number | null
  }[]
}

export interface PatrolToday {
  day: string
  sources: { id: string; name: string; key: boolean }[]
  /** What this person's unit has logged today. */
  logged: { by: string; at: number; missing: string[]; found: number }[]
}

export function patrolRoutes(app: FastifyInstance, { db, now }: Context): void {
  route(app, {
    method: 'GET',
    url: '/api/patrol/today',
    access: STAFF,
    summary: '今日巡查',
    async handler(_input, actor): Promise<PatrolToday> {
      const day = shanghaiDay(now())
      const keys = (await loadSettings(db, day))['patrol.keySources']
      const sources = await sourceList(db)
      const own = (await logsBetween(db, day, day)).filter(({ unitId }) => unitId === actor.unitId)
      const names = await personNames(
        db,
        own.map(({ personId }) => personId),
      )
      return {
        day,
        sources: sources.map(({ config: { id, name } }) => ({
          id,
          name,
          key: keys.some(key => name.includes(key)),
        })),
        logged: own.map(({ personId, at, missing, found }) => ({
          by: names.get(personId) ?? '',
          at,
          missing,
          found,
        })),
      }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/patrol',
    access: STAFF,
    summary: '登记巡查',
    body: Type.Object({
      day: Type.Optional(Type.String({ maxLength: 10 })),
      sourceIds: Type.Array(Type.String({ maxLength: 60 }), {
        minItems: 1,
        maxItems: 200,
        uniqueItems: true,
      }),
      found: Type.Integer({ minimum: 0, maximum: 10_000 }),
      note: Type.Optional(Type.String({ maxLength: 500 })),
    }),
    async handler({ body }, actor) {
      const at = now()
      const day = body.day ?? shanghaiDay(at)
      if (!isDay(day) || day > shanghaiDay(at))
        throw new AppError('request.invalid', { message: '巡查日期不对，不能晚于今天。' })
      const { unitId } = actor
      if (unitId === null)
        throw new AppError('request.invalid', { message: '您没有所属处室，不能登记巡查。' })
      const sources = new Map((await sourceList(db)).map(({ config }) => [config.id, config.name]))
      const unknown = body.sourceIds.find(id => !sources.has(id))
      if (unknown) throw new AppError('source.unknown')
      const keys = (await loadSettings(db, day))['patrol.keySources']
      const missing = missingKeys(
        keys,
        body.sourceIds.map(id => sources.get(id) as string),
      )
      const { sourceIds, found } = body
      const log = { unitId, day, personId: actor.id, at, sourceIds, missing, found, note: body.note ?? null }
      const id = await db.transaction().execute(async trx => {
        const added = await addLog(trx, log)
        const entry = {
          caseKind: 'system',
          caseId: `patrol-${unitId}`,
          at,
          actorId: actor.id,
          forId: null,
        } as const
        await appendAudit(trx, { ...entry, action: 'patrol', detail: { id: added, ...log } })
        return added
      })
      return { id, missing }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/patrol',
    access: CASE_ROLES,
    summary: '巡查日志',
    query: Type.Object({ month: Type.String({ maxLength: 7 }) }),
    async handler({ query: { month } }): Promise<PatrolMonth> {
      if (!isMonth(month)) throw new AppError('request.invalid', { message: '月份请写成 2019-05。' })
      const today = shanghaiDay(now())
      const calendar = await loadCalendar(db)
      const settings = await settingList(db)
      const logs = await logsBetween(db, `${month}-01`, `${month}-31`)
      const names = await personNames(
        db,
        logs.map(({ personId }) => personId),
      )
      const days = daysOfMonth(month, today)
      const units = (await unitList(db)).filter(unit => unit.activeFrom <= `${month}-31`)
      return {
        month,
        units: units.map(unit => {
          const list = days.map((day): PatrolDay => {
            const own = logs.filter(log => log.day === day && log.unitId === unit.id)
            const inOffice = unit.activeFrom <= day && (unit.activeTo === null || day <= unit.activeTo)
            const expected = inOffice && isExpected(calendar, settingsOn(settings, day), day)
            const missing = own.length
              ? own.reduce(
                  (left, log) => left.filter(key => log.missing.includes(key)),
                  own[0]?.missing ?? [],
                )
              : []
            const open = expected && day < today ? 'missing' : 'none'
            const state = !own.length ? open : missing.length ? 'partial' : 'complete'
            const last = own.at(-1)
            return {
              day,
              state,
              by: last ? (names.get(last.personId) ?? '') : null,
              at: last?.at ?? null,
              found: own.reduce((sum, log) => sum + log.found, 0),
              missing,
            }
          })
          const counted = list.filter(({ state }) => state !== 'none')
          const complete = counted.filter(({ state }) => state === 'complete').length
          return {
            unit: { id: unit.id, name: unit.name },
            days: list,
            expected: counted.length,
            complete,
            rate: counted.length ? complete / counted.length : null,
          }
        }),
      }
    },
  })
}
