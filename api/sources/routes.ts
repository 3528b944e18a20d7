import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { CrawlErrorKind } from '../../crawlers/site.ts'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { OFFICE } from '../vocabulary.ts'
import type { AlarmKind } from './alarms.ts'
import { askBackfill, stopBackfill } from './backfill-store.ts'
import { askForVisit } from './plan-store.ts'
import type { HealthWord } from './rules.ts'
import { sourceById } from './store.ts'
import { sourceViews } from './view.ts'

export type { ProbeView, SourceDetail, SourceDraft } from './edit-routes.ts'

/** GET /api/sources -> SourceView[] */
export interface SourceView {
  id: string
  version: number
  name: string
  engine: string
  url: string
  boards: BoardView[]
  enabled: boolean
  /** Why it is off. */
  reason: string | null
  basis: string
  owner: string
  delaySeconds: number
  dailyCeiling: number
  retentionDays: number
  requestsToday: number
  nextVisitAt: number | null
  lastSuccessAt: number | null
  lastNewPostAt: number | null
  /** level 0 = it does not answer; 1..3 = breaker of 30 min, 2 h, 12 h. */
  breaker: { level: number; until: number; reason: string } | null
  /** What is wrong now, with what to do; gone by itself when the source is well. */
  alarms: { kind: AlarmKind; title: string; advice: string }[]
  posts: number
  health: HealthWord
  /** One sentence for the duty officer. */
  healthText: string
  visits: {
    startedAt: number
    /** Key of the board; null = a watched thread. */
    board: string | null
    pages: number
    threadsRead: number
    threadsMissed: number
    postsNew: number
    errorKind: CrawlErrorKind | null
    errorMessage: string | null
  }[]
}

/** One board's plan; times in epoch ms. */
export interface BoardView {
  key: string
  name: string
  watchedSince: number | null
  nextAt: number | null
  everySeconds: number | null
  /** Why it waits longer than its rhythm. */
  why: string | null
  readAt: number | null
  newAt: number | null
  /** Learnt from the last four weeks. */
  postsPerDay: number | null
  failures: number
  error: { kind: CrawlErrorKind; message: string; url: string } | null
  backfill: BackfillView | null
}

/** 补采 of a board. */
export interface BackfillView {
  state: 'running' | 'done' | 'stopped' | 'failed'
  days: number
  /** Of the way back, 0..1. */
  share: number
  oldestAt: number | null
  pages: number
  threads: number
  postsNew: number
  /** Why its page could not be had. */
  error: string | null
  /** Why it waits. */
  why: string | null
}

/** POST /api/sources/:id/backfill {days, boards?} -> {}; POST …/backfill/stop -> {stopped} (办公室) */
/** POST /api/sources/:id/visit -> {} asks for a visit now (pace and breaker stay in force). */

const Id = Type.Object({ id: Type.String({ maxLength: 60 }) })

export function sourceRoutes(app: FastifyInstance, context: Context): void {
  const { db, queue, now } = context

  route(app, {
    method: 'GET',
    url: '/api/sources',
    access: 'signedIn',
    summary: '信源与运行情况',
    handler: () => sourceViews(db, now()),
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
    method: 'POST',
    url: '/api/sources/:id/backfill',
    access: OFFICE,
    summary: '补采最近若干天',
    params: Id,
    body: Type.Object({
      days: Type.Integer({ minimum: 1, maximum: 3650 }),
      boards: Type.Optional(Type.Array(Type.String({ maxLength: 500 }), { minItems: 1, maxItems: 200 })),
    }),
    async handler({ params, body }, actor) {
      const source = await sourceById(db, params.id)
      if (!source || source.config.engine === 'manual') throw new AppError('source.unknown')
      const known = source.config.boards.map(({ key }) => key)
      const boards = body.boards ?? known
      if (boards.some(key => !known.includes(key)))
        throw new AppError('source.invalid', { message: '没有这个版块，请刷新后再选。' })
      const at = now()
      await db.transaction().execute(async trx => {
        const since = at - body.days * 86_400_000
        await askBackfill(trx, source.config, { boards, since, personId: actor.id, at })
        const entry = { caseKind: 'source', caseId: params.id, at, actorId: actor.id, forId: null } as const
        await appendAudit(trx, { ...entry, action: 'backfill', detail: { days: body.days, boards } })
      })
      await queue.add('sources.crawl', {}, { key: 'due' })
      return {}
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/sources/:id/backfill/stop',
    access: OFFICE,
    summary: '停止补采',
    params: Id,
    async handler({ params }, actor) {
      const at = now()
      const stopped = await db.transaction().execute(async trx => {
        const count = await stopBackfill(trx, params.id, at)
        const entry = { caseKind: 'source', caseId: params.id, at, actorId: actor.id, forId: null } as const
        if (count) await appendAudit(trx, { ...entry, action: 'stopBackfill', detail: { count } })
        return count
      })
      return { stopped }
    },
  })
}
