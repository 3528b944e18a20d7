import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { requireDays, route } from '../http.ts'
import type { Role } from '../vocabulary.ts'
import { personEntry } from './audit-entry.ts'
import {
  chargeList,
  createCharge,
  createDeputy,
  deputyList,
  endCharge,
  revokeDeputy,
} from './authority-store.ts'
import { personNames } from './store.ts'
import { unitNames } from './unit-store.ts'

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

const KEEPERS: readonly Role[] = ['admin', 'office_head']
const LENDERS: readonly Role[] = [...KEEPERS, 'leader', 'chief', 'head']
const Id = Type.Object({ id: Type.Integer() })
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })

const named = (names: Map<number, string>, id: number) => ({ id, name: names.get(id) ?? '' })

/** Who is in charge of what, and who stands in for whom. */
export function authorityRoutes(app: FastifyInstance, context: Context): void {
  chargeRoutes(app, context)
  deputyRoutes(app, context)
}

function chargeRoutes(app: FastifyInstance, { db, now }: Context): void {
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
    access: KEEPERS,
    summary: '登记领导分工',
    body: Type.Object({
      leaderId: Type.Integer(),
      unitId: Type.Union([Type.Integer(), Type.Null()]),
      matter: Type.Union([Text(40), Type.Null()]),
      validFrom: Type.String(),
      validTo: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
    async handler({ body }, actor) {
      requireDays(body.validFrom, body.validTo)
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
    access: KEEPERS,
    summary: '结束领导分工',
    params: Id,
    body: Type.Object({ validTo: Type.String() }),
    async handler({ params, body }, actor) {
      requireDays(body.validTo)
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
}

function deputyRoutes(app: FastifyInstance, { db, now }: Context): void {
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
    access: LENDERS,
    summary: '登记代理',
    body: Type.Object({
      principalId: Type.Integer(),
      deputyId: Type.Integer(),
      validFrom: Type.String(),
      validTo: Type.String(),
      reason: Text(200),
    }),
    async handler({ body }, actor) {
      requireDays(body.validFrom, body.validTo)
      const manages = actor.roles.some(role => KEEPERS.includes(role))
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
    access: LENDERS,
    summary: '撤销代理',
    params: Id,
    async handler({ params }, actor) {
      const at = now()
      await db.transaction().execute(async trx => {
        const deputy = (await deputyList(trx)).find(({ id }) => id === params.id)
        if (!deputy) throw new AppError('notFound')
        const manages = actor.roles.some(role => KEEPERS.includes(role))
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
