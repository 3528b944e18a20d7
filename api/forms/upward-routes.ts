import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Actor } from '../auth.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { MEDIA, route, sendFile } from '../http.ts'
import { makePaper } from '../print/paper.ts'
import type { SlipDetail } from '../slips/routes.ts'
import { slipDetail } from '../slips/view.ts'
import { REPORT_KINDS, REPORT_RECEIVERS, type ReportKind, type ReportReceiver } from '../vocabulary.ts'
import { upwardPackage, upwardReport } from './upward.ts'

/**
 * 上报材料 (S-22), for who drafts, approves and sends them.
 * GET /api/slips/:id/upward.docx?receiver=province&kind=first: one report; without both: the whole package
 */
export function upwardRoutes(app: FastifyInstance, { db, now }: Context): void {
  async function major(id: number, actor: Actor): Promise<SlipDetail> {
    const slip = await slipDetail(db, id, actor, now())
    if (slip.level === 'major') return slip
    throw new AppError('slip.state', { message: '只有重大舆情需要上报。', details: { rule: 'S-22' } })
  }

  route(app, {
    method: 'GET',
    url: '/api/slips/:id/upward.docx',
    access: ['office', 'office_head', 'chief'],
    summary: '上报材料（Word）',
    params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
    query: Type.Object({
      receiver: Type.Optional(Type.Enum(Object.keys(REPORT_RECEIVERS) as ReportReceiver[])),
      kind: Type.Optional(Type.Enum(Object.keys(REPORT_KINDS) as ReportKind[])),
    }),
    async handler({ params, query: { receiver, kind }, reply }, actor) {
      const slip = await major(params.id, actor)
      const one = receiver && kind ? { receiver, kind } : null
      const paper = one ? upwardReport(slip, one, now()) : upwardPackage(slip, now())
      const what = one ? `${REPORT_RECEIVERS[one.receiver]}${REPORT_KINDS[one.kind]}` : '上报材料'
      return sendFile(reply, await makePaper(paper), MEDIA.docx, `${what}-${slip.number ?? slip.id}.docx`)
    },
  })
}
