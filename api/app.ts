import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import staticFiles from '@fastify/static'
import swagger from '@fastify/swagger'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { accountRoutes } from './accounts/routes.ts'
import { badInput } from './bad-input.ts'
import { burstRoutes } from './bursts/routes.ts'
import { calendarRoutes } from './calendar/routes.ts'
import type { Context } from './context.ts'
import { shanghaiDay } from './deadline.ts'
import { deadlineRoutes } from './deadlines/routes.ts'
import { AppError, ERRORS, type ErrorCode } from './errors.ts'
import { eventRoutes } from './events/routes.ts'
import { evidenceRoutes } from './evidence/routes.ts'
import { packageRoutes } from './forms/package-routes.ts'
import { registerRoutes } from './forms/register-routes.ts'
import { formRoutes } from './forms/routes.ts'
import { upwardRoutes } from './forms/upward-routes.ts'
import { intakeRoutes } from './intake/routes.ts'
import { noticeRoutes } from './notices/routes.ts'
import { patrolRoutes } from './patrol/routes.ts'
import { authorityRoutes } from './people/authority-routes.ts'
import { loadActor } from './people/authority-store.ts'
import { officerRoutes } from './people/officer-routes.ts'
import { peopleRoutes } from './people/routes.ts'
import { isBackground, SESSION_COOKIE, sessionRoutes } from './people/session-routes.ts'
import { sessionPerson } from './people/sessions.ts'
import { personById } from './people/store.ts'
import { unitRoutes } from './people/unit-routes.ts'
import { postRoutes } from './posts/routes.ts'
import { replyRoutes } from './replies/routes.ts'
import { feedbackRoutes } from './rules/feedback-routes.ts'
import { ruleRoutes } from './rules/routes.ts'
import { settingRoutes } from './settings/routes.ts'
import { checklistRoutes } from './slips/checklist-routes.ts'
import { slipRoutes } from './slips/routes.ts'
import { sourceEditRoutes } from './sources/edit-routes.ts'
import { sourceRoutes } from './sources/routes.ts'
import { reportRoutes } from './statistics/report-routes.ts'
import { statisticsRoutes } from './statistics/routes.ts'
import { taskRoutes } from './tasks.ts'
import { trendRoutes } from './trends/routes.ts'

const DASHBOARD = resolve(import.meta.dirname, '../dashboard/dist')
/** What may be called before a first password was changed. */
const BEFORE_PASSWORD = new Set(['/api/session', '/api/session/password'])

/** The whole HTTP side on one context; `listen` is the caller's. */
export async function buildApp(context: Context): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: context.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    bodyLimit: 2 << 20,
    trustProxy: context.config.publicUrl !== null,
  })
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply))

  await app.register(cookie)
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: () => new AppError('request.tooMany'),
  })
  await app.register(multipart, { limits: { fileSize: 10 << 20, files: 1, fields: 4, parts: 5 } })
  await app.register(swagger, { openapi: { info: { title: '常州应急舆情', version: '0.1.0' } } })
  await app.register(helmet, {
    enableCSPNonces: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: context.config.publicUrl?.startsWith('https:') ?? false,
    crossOriginOpenerPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
  })

  app.decorateRequest('actor', null)
  app.addHook('onRequest', async request => requireOwnOrigin(context, request))
  app.addHook('onRequest', async request => findActor(context, request))

  app.get('/healthz', { schema: { hide: true } }, async () => ({ ok: true }))
  for (const routes of [
    sessionRoutes,
    peopleRoutes,
    authorityRoutes,
    officerRoutes,
    unitRoutes,
    patrolRoutes,
    accountRoutes,
    calendarRoutes,
    sourceRoutes,
    sourceEditRoutes,
    intakeRoutes,
    postRoutes,
    evidenceRoutes,
    eventRoutes,
    settingRoutes,
    trendRoutes,
    burstRoutes,
    slipRoutes,
    checklistRoutes,
    replyRoutes,
    formRoutes,
    packageRoutes,
    upwardRoutes,
    registerRoutes,
    statisticsRoutes,
    reportRoutes,
    taskRoutes,
    deadlineRoutes,
    noticeRoutes,
    feedbackRoutes,
    ruleRoutes,
  ])
    routes(app, context)
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  await serveDashboard(app)
  return app
}

/** A change must come from a page of ours: browsers always send Origin with it. */
async function requireOwnOrigin({ config }: Context, request: FastifyRequest): Promise<void> {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return
  const { origin, host } = request.headers
  const from = origin && URL.canParse(origin) ? new URL(origin) : null
  // Both through URL, so that a port that goes without saying is left out on both sides.
  const expected = from && new URL(config.publicUrl ?? `${from.protocol}//${host}`).host
  if (!from || from.host !== expected) throw new AppError('request.origin')
}

async function findActor({ db, now }: Context, request: FastifyRequest): Promise<void> {
  const token = request.cookies[SESSION_COOKIE]
  if (!token || !request.url.startsWith('/api/')) return
  const at = now()
  const personId = await sessionPerson(db, token, at, isBackground(request))
  if (personId === null) return
  const person = await personById(db, personId)
  if (person?.mustChangePassword && !BEFORE_PASSWORD.has(request.url.split('?')[0] as string))
    throw new AppError('auth.mustChangePassword')
  request.actor = await loadActor(db, personId, shanghaiDay(at))
}

const FASTIFY_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.tooLarge',
  FST_REQ_FILE_TOO_LARGE: 'request.tooLarge',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.mediaType',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'request.mediaType',
}

function answerError(
  error: FastifyError | AppError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof AppError) {
    const { code, message, details } = error
    if (ERRORS[code].status >= 500 && error.cause)
      request.log.error({ err: error.cause, url: request.url }, code)
    return reply.status(ERRORS[code].status).send({ code, message, details: details ?? {} })
  }
  const code: ErrorCode = error.validation
    ? 'request.invalid'
    : (FASTIFY_CODES[error.code] ?? ((error.statusCode ?? 500) < 500 ? 'request.invalid' : 'server.failed'))
  if (code === 'server.failed') request.log.error({ err: error, url: request.url }, 'request failed')
  const message = error.validation ? badInput(error.validation) : ERRORS[code].message
  return reply.status(ERRORS[code].status).send({ code, message, details: {} })
}

/** Files of the built dashboard; every other address that is not the API's gets its first page, with a fresh nonce. */
async function serveDashboard(app: FastifyInstance): Promise<void> {
  const index = resolve(DASHBOARD, 'index.html')
  if (existsSync(resolve(DASHBOARD, 'assets')))
    await app.register(staticFiles, {
      root: resolve(DASHBOARD, 'assets'),
      prefix: '/assets/',
      preCompressed: true,
      immutable: true,
      maxAge: '365d',
    })
  const html = existsSync(index) ? readFileSync(index, 'utf8') : null
  app.setNotFoundHandler((request, reply) => {
    if (html === null || request.method !== 'GET' || /^\/(api|assets)\//.test(request.url))
      return reply.status(404).send({ code: 'notFound', message: ERRORS.notFound.message, details: {} })
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(html.replaceAll('__CSP_NONCE__', reply.cspNonce.style))
  })
}
