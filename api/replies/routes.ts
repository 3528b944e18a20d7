import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { OFFICE } from '../vocabulary.ts'
import { checkReply, type ReplyHint } from './rules.ts'
import { addTemplate, changeTemplate, type ReplyTemplate, type TemplateInput, templateList } from './store.ts'

/**
 * The reply desk.
 * GET /api/reply-templates -> ReplyTemplate[]; POST, PATCH /api/reply-templates/:id { version, … } (办公室)
 * POST /api/replies/check { body, isPublic } -> ReplyHint[]
 */
export type { ReplyHint, ReplyTemplate }

const TEMPLATE = {
  name: Type.String({ minLength: 1, maxLength: 40 }),
  hint: Type.String({ maxLength: 200 }),
  body: Type.String({ minLength: 1, maxLength: 5000 }),
  active: Type.Boolean(),
}

function requireWritten({ name, body }: TemplateInput): void {
  if (!name.trim() || !body.trim())
    throw new AppError('request.invalid', { message: '请填写模板名称和正文。' })
}

export function replyRoutes(app: FastifyInstance, { db, now }: Context): void {
  const entry = (id: number, actorId: number) =>
    ({ caseKind: 'system', caseId: `reply-template-${id}`, at: now(), actorId, forId: null }) as const

  route(app, {
    method: 'POST',
    url: '/api/replies/check',
    access: 'signedIn',
    summary: '回复稿检查',
    body: Type.Object({ body: Type.String({ maxLength: 20_000 }), isPublic: Type.Boolean() }),
    async handler({ body: { body, isPublic } }): Promise<ReplyHint[]> {
      return checkReply(body, isPublic)
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/reply-templates',
    access: 'signedIn',
    summary: '回复模板',
    handler: (): Promise<ReplyTemplate[]> => templateList(db),
  })

  route(app, {
    method: 'POST',
    url: '/api/reply-templates',
    access: OFFICE,
    summary: '新增回复模板',
    body: Type.Object(TEMPLATE),
    async handler({ body }, actor) {
      requireWritten(body)
      return db.transaction().execute(async trx => {
        const id = await addTemplate(trx, body)
        await appendAudit(trx, { ...entry(id, actor.id), action: 'create', detail: body })
        return { id }
      })
    },
  })

  route(app, {
    method: 'PATCH',
    url: '/api/reply-templates/:id',
    access: OFFICE,
    summary: '修改回复模板',
    params: Type.Object({ id: Type.Integer() }),
    body: Type.Object({ version: Type.Integer(), ...TEMPLATE }),
    async handler({ params, body }, actor) {
      const { version, ...template } = body
      requireWritten(template)
      await db.transaction().execute(async trx => {
        await changeTemplate(trx, params.id, version, template)
        await appendAudit(trx, { ...entry(params.id, actor.id), action: 'change', detail: template })
      })
      return {}
    },
  })
}
