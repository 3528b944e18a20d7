import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { SeverityGround } from '../../pipeline/post.ts'
import type { Actor } from '../auth.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { eventItems, eventOfPost } from '../events/view-store.ts'
import { route } from '../http.ts'
import { maskRecord } from '../mask.ts'
import { severityGrounds } from '../posts/view-store.ts'
import { CASE_ROLES, type MediaLevel } from '../vocabulary.ts'
import { ticksOf } from './checklist.ts'
import { maySee } from './relations.ts'
import type { ChecklistAnswer } from './routes.ts'
import { loadSlip, scopeFacts, slipRow } from './store.ts'

/** @throws AppError slip.forbidden, notFound. */
async function checklistOf(db: Db, id: number, actor: Actor, now: number): Promise<ChecklistAnswer> {
  if (!maySee(scopeFacts(await slipRow(db, id)), actor)) throw new AppError('slip.forbidden')
  const { slip, entries } = await loadSlip(db, id)
  const postIds = entries.flatMap(({ post_id, detached_at }) =>
    post_id === null || detached_at !== null ? [] : post_id,
  )
  const events = new Set<number>()
  for (const postId of postIds) {
    const event = await eventOfPost(db, postId)
    if (event !== null) events.add(event)
  }
  const [largest = null] = (await eventItems(db, [...events], now)).sort((a, b) => b.sources - a.sources)
  return {
    ticks: maskRecord(
      ticksOf(merged(await severityGrounds(db, postIds)), largest, slip.media_level as MediaLevel),
    ),
  }
}

/** Several posts that say the same tick it once, with all their words. */
function merged(grounds: readonly SeverityGround[]): SeverityGround[] {
  const byMessage = new Map<string, SeverityGround>()
  for (const ground of grounds) {
    const known = byMessage.get(ground.message)
    byMessage.set(ground.message, known ? { ...known, spans: [...known.spans, ...ground.spans] } : ground)
  }
  return [...byMessage.values()]
}

export function checklistRoutes(app: FastifyInstance, { db, now }: Context): void {
  route(app, {
    method: 'GET',
    url: '/api/slips/:id/checklist',
    access: CASE_ROLES,
    summary: '研判核对表',
    params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
    handler: ({ params }, actor) => checklistOf(db, params.id, actor, now()),
  })
}
