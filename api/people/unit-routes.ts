import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { requireDays, route } from '../http.ts'
import { createUnit, updateUnit } from './unit-store.ts'

/** POST /api/units { name, kind, activeFrom } -> { id }; PATCH /api/units/:id { name, activeTo } (administrator, 办公室主任) */
export function unitRoutes(app: FastifyInstance, { db, now }: Context): void {
  const Name = Type.String({ minLength: 1, maxLength: 60 })
  const entry = (id: number, actorId: number) =>
    ({ caseKind: 'system', caseId: `unit-${id}`, at: now(), actorId, forId: null }) as const

  route(app, {
    method: 'POST',
    url: '/api/units',
    access: ['admin', 'office_head'],
    summary: '新增单位',
    body: Type.Object({
      name: Name,
      kind: Type.Enum(['department', 'subordinate']),
      activeFrom: Type.String({ maxLength: 10 }),
    }),
    async handler({ body }, actor) {
      requireDays(body.activeFrom)
      return db.transaction().execute(async trx => {
        const id = await createUnit(trx, body)
        await appendAudit(trx, { ...entry(id, actor.id), action: 'create', detail: body })
        return { id }
      })
    },
  })

  route(app, {
    method: 'PATCH',
    url: '/api/units/:id',
    access: ['admin', 'office_head'],
    summary: '修改单位',
    params: Type.Object({ id: Type.Integer() }),
    body: Type.Object({
      name: Name,
      activeTo: Type.Union([Type.String({ maxLength: 10 }), Type.Null()]),
    }),
    async handler({ params, body }, actor) {
      requireDays(body.activeTo)
      await db.transaction().execute(async trx => {
        const before = await updateUnit(trx, params.id, body)
        await appendAudit(trx, {
          ...entry(params.id, actor.id),
          action: 'change',
          detail: { before, ...body },
        })
      })
      return {}
    },
  })
}
