import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { CrawlErrorKind } from '../../crawlers/site.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import type { AlarmKind } from './alarms.ts'
import { askForVisit } from './plan-store.ts'
import type { HealthWord } from './rules.ts'
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
}

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
}
