import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { route } from '../http.ts'
import { personNames } from '../people/store.ts'
import { OFFICE, STAFF } from '../vocabulary.ts'
import { decideFeedback, type FeedbackEffect, type FeedbackSet, feedbackSets } from './feedback-store.ts'

/**
 * 值班反馈. GET /api/feedback -> FeedbackView[], newest first
 * POST /api/feedback/:id/live | reject | retire { why } (办公室)
 */
export interface FeedbackView extends Omit<FeedbackSet, 'decidedBy'> {
  decidedBy: string | null
}

export type { FeedbackEffect }

const ACTS = { live: ['live', '启用'], reject: ['rejected', '不采用'], retire: ['retired', '停用'] } as const

export function feedbackRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context

  route(app, {
    method: 'GET',
    url: '/api/feedback',
    access: STAFF,
    summary: '值班反馈学到的词和效果',
    async handler(): Promise<FeedbackView[]> {
      const sets = await feedbackSets(db)
      const names = await personNames(
        db,
        sets.map(({ decidedBy }) => decidedBy ?? 0),
      )
      return sets.map(({ decidedBy, ...set }) => ({
        ...set,
        decidedBy: decidedBy === null ? null : (names.get(decidedBy) ?? ''),
      }))
    },
  })

  for (const act of ['live', 'reject', 'retire'] as const) {
    const [to, says] = ACTS[act]
    route(app, {
      method: 'POST',
      url: `/api/feedback/:id/${act}`,
      access: OFFICE,
      summary: `${says}一组值班反馈`,
      params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
      body: Type.Object({ why: Type.String({ minLength: 2, maxLength: 500 }) }),
      async handler({ params, body }, actor) {
        await db
          .transaction()
          .execute(trx => decideFeedback(trx, params.id, to, { why: body.why, actorId: actor.id, at: now() }))
        return {}
      },
    })
  }
}
