import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { CASE_ROLES, SLIP_ACTIONS, type SlipAction, STAFF } from '../vocabulary.ts'
import type { RevealedPost, SimilarSlip } from './answers.ts'
import { BODIES, CREATE_BODY } from './bodies.ts'
import { createSlip } from './create.ts'
import { similarSlips, slipList } from './list.ts'
import { act } from './perform.ts'
import { reminderList, revealSlip } from './reading.ts'
import type { CreateSlip } from './requests.ts'
import { slipDetail } from './view.ts'

export type * from './answers.ts'
export type * from './requests.ts'

const Id = Type.Object({ id: Type.Integer({ minimum: 1 }) })

/**
 * GET /api/slips?status&unit&level&text&cursor -> { items: SlipListItem[]; next }
 * POST /api/slips CreateSlip -> SlipDetail (header idempotency-key; the same key answers the same slip)
 * GET /api/slips/:id -> SlipDetail
 * POST /api/slips/:id/actions/:action { version, ...ActionBody[action] } -> SlipDetail
 * GET /api/tasks -> TaskView[] (待我办理)
 */
export function slipRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context

  route(app, {
    method: 'GET',
    url: '/api/slips',
    access: CASE_ROLES,
    summary: '处理单列表',
    query: Type.Object({
      status: Type.Optional(Type.String({ maxLength: 20 })),
      open: Type.Optional(Type.Boolean()),
      unit: Type.Optional(Type.Integer()),
      level: Type.Optional(Type.String({ maxLength: 20 })),
      text: Type.Optional(Type.String({ maxLength: 100 })),
      cursor: Type.Optional(Type.Integer()),
    }),
    handler: ({ query }, actor) => slipList(db, actor, { ...query, limit: 50 }, now()),
  })

  route(app, {
    method: 'POST',
    url: '/api/slips',
    access: STAFF,
    summary: '填报处理单',
    body: CREATE_BODY,
    async handler({ body, request }, actor) {
      const key = request.headers['idempotency-key']
      if (typeof key !== 'string' || !/^[\w-]{8,100}$/.test(key))
        throw new AppError('request.invalid', {
          message: '缺少防重复提交标识（idempotency-key），请刷新页面后再试。',
        })
      const id = await createSlip(context, actor, body as CreateSlip, key)
      return slipDetail(db, id, actor, now())
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/slips/similar',
    access: CASE_ROLES,
    summary: '可能是同一件事的处理单',
    query: Type.Object({
      url: Type.Optional(Type.String({ maxLength: 1000 })),
      title: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    handler: ({ query }): Promise<SimilarSlip[]> => similarSlips(db, query),
  })

  route(app, {
    method: 'GET',
    url: '/api/slips/:id',
    access: CASE_ROLES,
    summary: '处理单',
    params: Id,
    handler: ({ params }, actor) => slipDetail(db, params.id, actor, now()),
  })

  route(app, {
    method: 'GET',
    url: '/api/slips/:id/reminders',
    access: CASE_ROLES,
    summary: '时限提醒及确认情况',
    params: Id,
    handler: ({ params }, actor) => reminderList(db, params.id, actor),
  })

  route(app, {
    method: 'POST',
    url: '/api/slips/:id/reveal',
    access: CASE_ROLES,
    summary: '查看网民信息原文（留痕）',
    params: Id,
    handler: ({ params }, actor): Promise<RevealedPost[]> =>
      db.transaction().execute(trx => revealSlip(trx, params.id, actor, now())),
  })

  for (const action of Object.keys(SLIP_ACTIONS) as SlipAction[])
    route(app, {
      method: 'POST',
      url: `/api/slips/:id/actions/${action}`,
      access: CASE_ROLES,
      summary: SLIP_ACTIONS[action],
      params: Id,
      body: Type.Object({ version: Type.Integer(), ...BODIES[action].properties }),
      async handler({ params, body }, actor) {
        const { version, ...rest } = body as { version: number }
        await act(context, actor, params.id, action, rest as never, version)
        return slipDetail(db, params.id, actor, now())
      },
    })
}
