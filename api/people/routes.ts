import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { type AuditInput, appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { type Day, isDay, shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { ROLES, type Role } from '../vocabulary.ts'
import {
  chargeList,
  createCharge,
  createDeputy,
  deputyList,
  endCharge,
  revokeDeputy,
} from './authority-store.ts'
import { createPerson, personList, personNames, updatePerson } from './store.ts'
import { unitList, unitNames } from './unit-store.ts'

export type { UnitOfficers } from './officer-routes.ts'

/** GET /api/session -> SessionAnswer; POST /api/session {login, password} -> SessionView; DELETE /api/session */
export interface SessionView {
  person: {
    id: number
    name: string
    login: string
    unit: { id: number; name: string } | null
    roles: Role[]
  }
  mustChangePassword: boolean
  /** Whose rights this person holds today. */
  deputyFor: { id: number; name: string }[]
}
/** Nobody signed in is an answer, not an error: a page asks before it knows. */
export interface SessionAnswer {
  session: SessionView | null
}
/** POST /api/session/password {old, new} -> {} */

/** GET /api/setup/:token -> {} or 410; POST /api/setup {token, admin: NewPerson, office: NewPerson} -> {} */
export interface NewPerson {
  login: string
  name: string
  password: string
  phone?: string
}

/** GET /api/units -> UnitView[] */
export interface UnitView {
  id: number
  name: string
  kind: 'office' | 'department' | 'subordinate'
  activeFrom: string
  activeTo: string | null
}

/** GET /api/people -> PersonView[]; POST /api/people; PATCH /api/people/:id {version, …} (admin) */
export interface PersonView {
  id: number
  login: string
  name: string
  unit: { id: number; name: string } | null
  roles: Role[]
  phone: string | null
  active: boolean
  version: number
}

/** GET/POST /api/charges, PATCH /api/charges/:id {validTo} — 分管分工表 */
export interface ChargeView {
  id: number
  leader: { id: number; name: string }
  unit: { id: number; name: string } | null
  matter: string | null
  validFrom: string
  validTo: string | null
}

/** GET/POST /api/deputies, POST /api/deputies/:id/revoke */
export interface DeputyView {
  id: number
  principal: { id: number; name: string }
  deputy: { id: number; name: string }
  validFrom: string
  validTo: string
  reason: string
  revokedAt: number | null
}

const Id = Type.Object({ id: Type.Integer() })
const RoleName = Type.Union(Object.keys(ROLES).map(role => Type.Literal(role as Role)))
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const UnitId = Type.Union([Type.Integer(), Type.Null()])

function requireDay(text: string): Day {
  if (!isDay(text))
    throw new AppError('request.invalid', { message: `「${text}」不是日期，请写成 2026-11-24。` })
  return text
}

export function peopleRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context
  const personEntry = (
    id: number,
    actorId: number,
    at: number,
    action: string,
    detail: object,
  ): AuditInput => ({
    caseKind: 'person',
    caseId: String(id),
    at,
    actorId,
    forId: null,
    action,
    detail,
  })

  async function people(): Promise<PersonView[]> {
    const units = await unitNames(db)
    return (await personList(db)).map(({ unitId, mustChangePassword: _, ...person }) => ({
      ...person,
      unit: unitId === null ? null : { id: unitId, name: units.get(unitId) ?? '' },
    }))
  }
  const named = (names: Map<number, string>, id: number) => ({ id, name: names.get(id) ?? '' })

  route(app, {
    method: 'GET',
    url: '/api/units',
    access: 'signedIn',
    summary: '单位',
    handler: (): Promise<UnitView[]> => unitList(db),
  })

  route(app, {
    method: 'GET',
    url: '/api/people',
    access: ['admin', 'office', 'office_head'],
    summary: '人员',
    handler: () => people(),
  })

  route(app, {
    method: 'POST',
    url: '/api/people',
    access: ['admin'],
    summary: '新增人员',
    body: Type.Object({
      login: Text(40),
      name: Text(40),
      unitId: UnitId,
      roles: Type.Array(RoleName, { maxItems: 11 }),
      password: Text(200),
      phone: Type.Optional(Type.String({ maxLength: 40 })),
    }),
    async handler({ body }, actor) {
      const at = now()
      return db.transaction().execute(async trx => {
        const id = await createPerson(trx, { ...body, mustChangePassword: true }, at)
        const { password: _, ...detail } = body
        await appendAudit(trx, personEntry(id, actor.id, at, 'create', detail))
        return { id }
      })
    },
  })

  route(app, {
    method: 'PATCH',
    url: '/api/people/:id',
    access: ['admin'],
    summary: '修改人员',
    params: Id,
    body: Type.Object({
      version: Type.Integer(),
      name: Type.Optional(Text(40)),
      unitId: Type.Optional(UnitId),
      roles: Type.Optional(Type.Array(RoleName, { maxItems: 11 })),
      phone: Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Null()])),
      active: Type.Optional(Type.Boolean()),
      password: Type.Optional(Text(200)),
    }),
    async handler({ params, body }, actor) {
      const { version, ...change } = body
      const at = now()
      await db.transaction().execute(async trx => {
        await updatePerson(trx, params.id, version, change)
        const { password, ...detail } = change
        const shown = { ...detail, ...(password !== undefined && { passwordReset: true }) }
        await appendAudit(trx, personEntry(params.id, actor.id, at, 'change', shown))
      })
      return (await people()).find(({ id }) => id === params.id)
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/charges',
    access: 'signedIn',
    summary: '领导分工',
    async handler(): Promise<ChargeView[]> {
      const [charges, units] = [await chargeList(db), await unitNames(db)]
      const names = await personNames(
        db,
        charges.map(({ leaderId }) => leaderId),
      )
      return charges.map(({ leaderId, unitId, ...charge }) => ({
        ...charge,
        leader: named(names, leaderId),
        unit: unitId === null ? null : named(units, unitId),
      }))
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/charges',
    access: ['admin', 'office_head'],
    summary: '登记领导分工',
    body: Type.Object({
      leaderId: Type.Integer(),
      unitId: UnitId,
      matter: Type.Union([Text(40), Type.Null()]),
      validFrom: Type.String(),
      validTo: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
    async handler({ body }, actor) {
      requireDay(body.validFrom)
      if (body.validTo) requireDay(body.validTo)
      if ((body.unitId === null) === (body.matter === null))
        throw new AppError('request.invalid', { message: '请选择处室或填写分管事项，二者择一。' })
      const at = now()
      return db.transaction().execute(async trx => {
        const id = await createCharge(trx, body)
        await appendAudit(trx, personEntry(body.leaderId, actor.id, at, 'charge', body))
        return { id }
      })
    },
  })

  route(app, {
    method: 'PATCH',
    url: '/api/charges/:id',
    access: ['admin', 'office_head'],
    summary: '结束领导分工',
    params: Id,
    body: Type.Object({ validTo: Type.String() }),
    async handler({ params, body }, actor) {
      requireDay(body.validTo)
      const at = now()
      await db.transaction().execute(async trx => {
        const charge = (await chargeList(trx)).find(({ id }) => id === params.id)
        if (!charge || !(await endCharge(trx, params.id, body.validTo))) throw new AppError('notFound')
        await appendAudit(
          trx,
          personEntry(charge.leaderId, actor.id, at, 'endCharge', { ...charge, ...body }),
        )
      })
      return {}
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/deputies',
    access: 'signedIn',
    summary: '代理',
    async handler(): Promise<DeputyView[]> {
      const deputies = await deputyList(db)
      const names = await personNames(
        db,
        deputies.flatMap(({ principalId, deputyId }) => [principalId, deputyId]),
      )
      return deputies.map(({ principalId, deputyId, ...deputy }) => ({
        ...deputy,
        principal: named(names, principalId),
        deputy: named(names, deputyId),
      }))
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/deputies',
    access: ['admin', 'office_head', 'leader', 'chief', 'head'],
    summary: '登记代理',
    body: Type.Object({
      principalId: Type.Integer(),
      deputyId: Type.Integer(),
      validFrom: Type.String(),
      validTo: Type.String(),
      reason: Text(200),
    }),
    async handler({ body }, actor) {
      requireDay(body.validFrom)
      requireDay(body.validTo)
      const manages = actor.roles.some(role => role === 'admin' || role === 'office_head')
      if (!manages && body.principalId !== actor.id)
        throw new AppError('auth.forbidden', { message: '只能把自己的权限交给别人代理。' })
      const at = now()
      return db.transaction().execute(async trx => {
        const id = await createDeputy(trx, body, actor.id, at)
        await appendAudit(trx, personEntry(body.principalId, actor.id, at, 'deputy', body))
        return { id }
      })
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/deputies/:id/revoke',
    access: ['admin', 'office_head', 'leader', 'chief', 'head'],
    summary: '撤销代理',
    params: Id,
    async handler({ params }, actor) {
      const at = now()
      await db.transaction().execute(async trx => {
        const deputy = (await deputyList(trx)).find(({ id }) => id === params.id)
        if (!deputy) throw new AppError('notFound')
        const manages = actor.roles.some(role => role === 'admin' || role === 'office_head')
        if (!manages && deputy.principalId !== actor.id) throw new AppError('auth.forbidden')
        if (!(await revokeDeputy(trx, params.id, at))) throw new AppError('notFound')
        const entry = personEntry(deputy.principalId, actor.id, at, 'revokeDeputy', {
          ...deputy,
          day: shanghaiDay(at),
        })
        await appendAudit(trx, entry)
      })
      return {}
    },
  })
}
