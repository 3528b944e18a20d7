import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { isDay, shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { requireDays, route } from '../http.ts'
import { loadDirectory } from './directory.ts'
import { createOfficer, endOfficer, officerList } from './officers.ts'
import { personNames } from './store.ts'

/**
 * 舆情专员 (S-3)
 * GET /api/officers -> UnitOfficers[]; POST /api/officers { unitId, personId, isDeputy, validFrom, validTo? } -> { id }
 * PATCH /api/officers/:id { validTo } (administrator, 办公室主任)
 */
export interface UnitOfficers {
  unit: { id: number; name: string }
  /** Nobody is in office today: slips fall to the head. */
  vacant: boolean
  noDeputy: boolean
  officers: {
    /** null: holds the role without dates. */
    id: number | null
    person: { id: number; name: string }
    isDeputy: boolean
    validFrom: string | null
    validTo: string | null
    inOffice: boolean
  }[]
}

const Day = Type.String({ maxLength: 10 })

export function officerRoutes(app: FastifyInstance, { db, now }: Context): void {
  const entry = (unitId: number, actorId: number, at: number) =>
    ({ caseKind: 'system', caseId: `officers-${unitId}`, at, actorId, forId: null }) as const

  route(app, {
    method: 'GET',
    url: '/api/officers',
    access: 'signedIn',
    summary: '舆情专员',
    async handler(): Promise<UnitOfficers[]> {
      const people = await loadDirectory(db, shanghaiDay(now()))
      const register = await officerList(db)
      const names = await personNames(
        db,
        register.map(({ personId }) => personId),
      )
      return people.units.map(unit => {
        const dated = register.filter(({ unitId }) => unitId === unit.id)
        const inOffice = people.officers(unit.id)
        const undated = inOffice.filter(id => !dated.some(({ personId }) => personId === id))
        const officers: UnitOfficers['officers'] = [
          ...dated.map(each => ({
            id: each.id,
            person: { id: each.personId, name: names.get(each.personId) ?? '' },
            isDeputy: each.isDeputy,
            validFrom: each.validFrom,
            validTo: each.validTo,
            inOffice: each.validFrom <= people.day && (each.validTo === null || people.day <= each.validTo),
          })),
          ...undated.map(id => ({
            id: null,
            person: { id, name: people.person(id)?.name ?? '' },
            isDeputy: false,
            validFrom: null,
            validTo: null,
            inOffice: true,
          })),
        ]
        return {
          unit: { id: unit.id, name: unit.name },
          vacant: !inOffice.length,
          noDeputy: inOffice.length < 2,
          officers,
        }
      })
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/officers',
    access: ['admin', 'office_head'],
    summary: '指定舆情专员',
    body: Type.Object({
      unitId: Type.Integer(),
      personId: Type.Integer(),
      isDeputy: Type.Boolean(),
      validFrom: Day,
      validTo: Type.Optional(Type.Union([Day, Type.Null()])),
    }),
    async handler({ body }, actor) {
      requireDays(body.validFrom, body.validTo)
      if (!body.validFrom) throw new AppError('request.invalid', { message: '请填写起日。' })
      const at = now()
      return db.transaction().execute(async trx => {
        const id = await createOfficer(trx, { ...body, validTo: body.validTo || null })
        await appendAudit(trx, { ...entry(body.unitId, actor.id, at), action: 'officer', detail: body })
        return { id }
      })
    },
  })

  route(app, {
    method: 'PATCH',
    url: '/api/officers/:id',
    access: ['admin', 'office_head'],
    summary: '结束舆情专员任期',
    params: Type.Object({ id: Type.Integer() }),
    body: Type.Object({ validTo: Day }),
    async handler({ params, body }, actor) {
      if (!isDay(body.validTo))
        throw new AppError('request.invalid', { message: '止日不对，请写成 2026-11-24。' })
      const at = now()
      await db.transaction().execute(async trx => {
        const officer = await endOfficer(trx, params.id, body.validTo)
        const detail = { ...officer, validTo: body.validTo }
        await appendAudit(trx, { ...entry(officer.unitId, actor.id, at), action: 'endOfficer', detail })
      })
      return {}
    },
  })
}
