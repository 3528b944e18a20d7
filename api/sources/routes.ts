import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { CrawlErrorKind } from '../../crawlers/site.ts'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { hostState } from './pace-store.ts'
import { sourceHealth } from './rules.ts'
import { askForVisit, lastVisits, postCounts, setEnabled, sourceList } from './store.ts'

/** GET /api/sources -> SourceView[] */
export interface SourceView {
  id: string
  name: string
  engine: string
  url: string
  boards: { key: string; name: string }[]
  enabled: boolean
  /** Why it is off. */
  reason: string | null
  basis: string
  owner: string
  delaySeconds: number
  dailyCeiling: number
  requestsToday: number
  nextVisitAt: number | null
  lastSuccessAt: number | null
  lastNewPostAt: number | null
  consecutiveFailures: number
  breaker: { level: number; until: number; reason: string } | null
  posts: number
  health: 'ok' | 'waiting' | 'limited' | 'failing' | 'off'
  /** One sentence for the duty officer. */
  healthText: string
  visits: {
    startedAt: number
    pages: number
    postsNew: number
    errorKind: CrawlErrorKind | null
    errorMessage: string | null
  }[]
}

/** POST /api/sources/:id/visit -> {} asks for a visit now (pace and breaker stay in force). */
/** PATCH /api/sources/:id {enabled, reason?} -> SourceView (office) */

const Id = Type.Object({ id: Type.String({ maxLength: 60 }) })

export function sourceRoutes(app: FastifyInstance, context: Context): void {
  const { db, queue, now } = context

  async function views(): Promise<SourceView[]> {
    const at = now()
    const counts = await postCounts(db)
    const list: SourceView[] = []
    for (const { config, ...source } of await sourceList(db)) {
      const { requestsToday, breaker } = await hostState(db, new URL(config.url).host, at)
      const visits = await lastVisits(db, config.id, 10)
      const failed = visits.find(({ errorKind }) => errorKind !== null)
      const lastError = failed
        ? { kind: failed.errorKind as CrawlErrorKind, message: failed.errorMessage ?? '' }
        : null
      const shown = {
        id: config.id,
        name: config.name,
        engine: config.engine,
        url: config.url,
        boards: config.boards,
        basis: config.basis,
        owner: config.owner,
        delaySeconds: config.delaySeconds,
        dailyCeiling: config.dailyCeiling,
        ...source,
        requestsToday,
        breaker,
      }
      const health = sourceHealth({ ...shown, lastError }, at)
      list.push({ ...shown, posts: counts.get(config.id) ?? 0, visits, ...health })
    }
    return list
  }

  route(app, {
    method: 'GET',
    url: '/api/sources',
    access: 'signedIn',
    summary: '信源与运行情况',
    handler: views,
  })

  route(app, {
    method: 'POST',
    url: '/api/sources/:id/visit',
    access: ['duty', 'office', 'office_head', 'admin'],
    summary: '尽快访问一次',
    params: Id,
    async handler({ params }) {
      const asked = await db.transaction().execute(trx => askForVisit(trx, params.id, now()))
      if (!asked) throw new AppError('source.unknown', { message: '没有这个信源，或它未启用。' })
      await queue.add('sources.crawl', {}, { key: 'due' })
      return {}
    },
  })

  route(app, {
    method: 'PATCH',
    url: '/api/sources/:id',
    access: ['office', 'office_head'],
    summary: '启用或停用信源',
    params: Id,
    body: Type.Object({ enabled: Type.Boolean(), reason: Type.Optional(Type.String({ maxLength: 200 })) }),
    async handler({ params, body }, actor) {
      if (!body.enabled && !body.reason?.trim())
        throw new AppError('request.invalid', { message: '停用信源请写明原因。' })
      const at = now()
      await db.transaction().execute(async trx => {
        if (!(await setEnabled(trx, params.id, body.enabled, body.reason ?? null, at)))
          throw new AppError('source.unknown')
        const entry = { caseKind: 'source', caseId: params.id, at, actorId: actor.id, forId: null } as const
        await appendAudit(trx, { ...entry, action: body.enabled ? 'enable' : 'disable', detail: body })
      })
      return (await views()).find(({ id }) => id === params.id)
    },
  })
}
