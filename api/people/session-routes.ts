import type {} from '@fastify/cookie'
import type {} from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { appendAudit } from '../audit.ts'
import type { Actor } from '../auth.ts'
import type { Context } from '../context.ts'
import { route } from '../http.ts'
import type { SessionAnswer, SessionView } from './routes.ts'
import { changePassword, logIn, logOut, requireSetupLink, useSetupLink } from './sessions.ts'
import { createPerson, personById } from './store.ts'
import { officeUnit, unitById } from './unit-store.ts'

export const SESSION_COOKIE = 'yuqing_session'
/** Sent with what a page asks for by itself (dashboard/src/activity.ts); an EventSource can send no header. */
const BACKGROUND_HEADER = 'x-background'
const BACKGROUND_URL = '/api/notices/stream'

/** Whether a person need not be there for this request: it does not put off the end of an idle session. */
export const isBackground = ({ headers, url }: FastifyRequest): boolean =>
  headers[BACKGROUND_HEADER] !== undefined || url.startsWith(BACKGROUND_URL)

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const NewPersonBody = Type.Object({
  login: Text(40),
  name: Text(40),
  password: Text(200),
  phone: Type.Optional(Type.String({ maxLength: 40 })),
})

export function sessionRoutes(app: FastifyInstance, context: Context): void {
  const { db, now, config } = context
  const cookie = {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: config.publicUrl?.startsWith('https:') ?? false,
  } as const
  const tokenOf = (request: FastifyRequest) => request.cookies[SESSION_COOKIE] ?? ''

  async function view(actor: Pick<Actor, 'id' | 'deputyFor'>): Promise<SessionView> {
    const person = await personById(db, actor.id)
    if (!person) throw new Error('session without a person')
    const unit = person.unitId === null ? null : await unitById(db, person.unitId)
    return {
      person: {
        id: person.id,
        name: person.name,
        login: person.login,
        unit: unit && { id: unit.id, name: unit.name },
        roles: person.roles,
      },
      mustChangePassword: person.mustChangePassword,
      deputyFor: actor.deputyFor.map(({ id, name }) => ({ id, name })),
    }
  }

  route(app, {
    method: 'GET',
    url: '/api/session',
    access: 'public',
    summary: '当前登录的人',
    async handler(_input, actor): Promise<SessionAnswer> {
      return { session: actor && (await view(actor)) }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/session',
    access: 'public',
    summary: '登录',
    rateLimit: 30,
    body: Type.Object({ login: Text(40), password: Text(200) }),
    async handler({ body, request, reply }) {
      const userAgent = request.headers['user-agent']?.slice(0, 300) ?? null
      const { token, personId } = await logIn(db, { ...body, userAgent }, now())
      reply.setCookie(SESSION_COOKIE, token, cookie)
      return view({ id: personId, deputyFor: [] })
    },
  })

  route(app, {
    method: 'DELETE',
    url: '/api/session',
    access: 'signedIn',
    summary: '退出',
    async handler({ request, reply }) {
      await logOut(db, tokenOf(request))
      reply.clearCookie(SESSION_COOKIE, cookie)
      return {}
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/session/password',
    access: 'signedIn',
    summary: '修改密码',
    rateLimit: 30,
    body: Type.Object({ old: Text(200), new: Text(200) }),
    async handler({ body, request }, actor) {
      await changePassword(db, actor.id, { ...body, token: tokenOf(request) })
      return {}
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/setup/:token',
    access: 'public',
    summary: '初始化链接是否有效',
    rateLimit: 30,
    params: Type.Object({ token: Text(100) }),
    async handler({ params }) {
      await requireSetupLink(db, params.token)
      return {}
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/setup',
    access: 'public',
    summary: '首次启动：建立管理员和办公室用户',
    rateLimit: 30,
    body: Type.Object({ token: Text(100), admin: NewPersonBody, office: NewPersonBody }),
    async handler({ body }) {
      const at = now()
      await db.transaction().execute(async trx => {
        await useSetupLink(trx, body.token, at)
        const office = await officeUnit(trx)
        const add = { unitId: office.id, mustChangePassword: false }
        const admin = await createPerson(trx, { ...body.admin, ...add, roles: ['admin'] }, at)
        await createPerson(trx, { ...body.office, ...add, roles: ['office', 'office_head'] }, at)
        const entry = { caseKind: 'system', caseId: 'setup', at, actorId: admin, forId: null } as const
        await appendAudit(trx, {
          ...entry,
          action: 'setup',
          detail: { admin: body.admin.login, office: body.office.login },
        })
      })
      return {}
    },
  })
}
