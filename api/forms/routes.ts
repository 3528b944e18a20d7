import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Actor } from '../auth.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Context } from '../context.ts'
import { shanghaiDay, workingDaysBetween } from '../deadline.ts'
import { MEDIA, route, sendFile } from '../http.ts'
import { fillTemplate } from '../print/docx.ts'
import { docxToPdf, findOffice } from '../print/pdf.ts'
import { slipDetail } from '../slips/view.ts'
import { CASE_ROLES } from '../vocabulary.ts'
import { type SlipForm, slipForm } from './slip-form.ts'

/**
 * GET /api/slips/:id/form?history -> FormView (web print view)
 * GET /api/slips/:id/form.docx?history, form.pdf?history -> the file (design §5.13)
 */
export interface FormView {
  form: SlipForm
  /** Whether a PDF can be had here. */
  pdf: boolean
}

export type { SlipForm }

const TEMPLATE = '处理单.docx'

const Params = Type.Object({ id: Type.Integer({ minimum: 1 }) })
const Query = Type.Object({ history: Type.Optional(Type.Boolean()) })

export async function formOf(
  context: Pick<Context, 'db' | 'now'>,
  id: number,
  actor: Actor,
  history: boolean,
): Promise<SlipForm> {
  const detail = await slipDetail(context.db, id, actor, context.now())
  const first = detail.clocks.find(({ round }) => round === 1)
  const calendar = await loadCalendar(context.db)
  const workingDaysUsed =
    first?.stoppedAt == null
      ? null
      : workingDaysBetween(calendar, shanghaiDay(first.foundAt), shanghaiDay(first.stoppedAt))
  return slipForm(detail, { history, workingDaysUsed })
}

export function formRoutes(app: FastifyInstance, context: Context): void {
  const { config } = context
  const nameOf = (form: SlipForm, id: number) => `处理单${form.number || id}`

  route(app, {
    method: 'GET',
    url: '/api/slips/:id/form',
    access: CASE_ROLES,
    summary: '处理单（打印内容）',
    params: Params,
    query: Query,
    handler: async ({ params, query }, actor): Promise<FormView> => ({
      form: await formOf(context, params.id, actor, query.history ?? false),
      pdf: findOffice(config) !== null,
    }),
  })

  route(app, {
    method: 'GET',
    url: '/api/slips/:id/form.docx',
    access: CASE_ROLES,
    summary: '处理单（Word）',
    params: Params,
    query: Query,
    async handler({ params, query, reply }, actor) {
      const form = await formOf(context, params.id, actor, query.history ?? false)
      const docx = fillTemplate(config.configDir, TEMPLATE, form)
      return sendFile(reply, docx, MEDIA.docx, `${nameOf(form, params.id)}.docx`)
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/slips/:id/form.pdf',
    access: CASE_ROLES,
    summary: '处理单（PDF）',
    params: Params,
    query: Query,
    async handler({ params, query, reply }, actor) {
      const form = await formOf(context, params.id, actor, query.history ?? false)
      const pdf = await docxToPdf(config, fillTemplate(config.configDir, TEMPLATE, form))
      return sendFile(reply, pdf, MEDIA.pdf, `${nameOf(form, params.id)}.pdf`)
    },
  })
}
