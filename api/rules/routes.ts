import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Analysis } from '../../pipeline/post.ts'
import type { Rule } from '../../pipeline/rules.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { personNames } from '../people/store.ts'
import { analyseAgain } from '../posts/analysis-store.ts'
import { postItems } from '../posts/view-store.ts'
import { OFFICE, STAFF } from '../vocabulary.ts'
import type { BacktestResult } from './backtest.ts'
import { type RuleChange, ruleChanges } from './changes.ts'
import { type RuleChoices, ruleChoices } from './choices.ts'
import { fileRoutes, type ImportAnswer, type LeftOut } from './file-routes.ts'
import { ruleCounts, ruleHits } from './hit-store.ts'
import { type Counted, requireRule } from './rules.ts'
import {
  makeLive,
  proposeRule,
  type RuleVersion,
  rejectRule,
  requireUnused,
  retireRule,
  ruleVersion,
  ruleVersions,
} from './store.ts'
import { RuleBody, type TrialView, trialRoutes, Version } from './trial-routes.ts'
import { backtestOf } from './trials.ts'

/**
 * 规则工作台. GET /api/rules -> RuleView[]; GET /api/rules/:id -> RuleHistory; GET /api/rules/:id/hits -> RuleHit[]; POST /api/rules { rule, why, isNew? } proposes
 * POST /api/rules/:id/versions/:version/live { why, again } | reject { why }; POST /api/rules/:id/retire { why } (办公室)
 * GET /api/rule-choices -> RuleChoices
 * GET /api/rules.yaml; GET /api/rules-left-out -> LeftOut; POST /api/rules/import { yaml, why, preview } -> ImportAnswer
 */
export interface VersionView extends Omit<RuleVersion, 'createdBy' | 'decidedBy'> {
  createdBy: string
  decidedBy: string | null
  backtest: BacktestResult | null
  /** A proposal against the live version; null where none is live, or it is no proposal. */
  changes: RuleChange[] | null
}

export interface RuleHit {
  postId: number
  /** Its title, else how its text begins. */
  text: string
}

export interface RuleView {
  id: string
  /** The live version; null where only proposals or retired ones stand. */
  live: Rule | null
  version: number | null
  /** The newest version, whatever its state. */
  newest: Rule
  proposals: number
  counted: Counted
}

export interface RuleHistory {
  id: string
  versions: VersionView[]
}

export type { FeedbackView } from './feedback-routes.ts'
export type { Analysis, BacktestResult, Counted, ImportAnswer, LeftOut, Rule, RuleChoices, TrialView }

/** Figures of a rule look back as far as a back-test. */
const COUNTED_MS = 30 * 86_400_000
const MOST_HITS = 100

const Why = Type.String({ minLength: 2, maxLength: 500 })
const Id = Type.Object({ id: Type.String({ maxLength: 41 }) })

export function ruleRoutes(app: FastifyInstance, context: Context): void {
  readRoutes(app, context)
  trialRoutes(app, context)
  changeRoutes(app, context)
  fileRoutes(app, context)
}

function readRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context

  route(app, {
    method: 'GET',
    url: '/api/rules',
    access: STAFF,
    summary: '识别规则',
    async handler(): Promise<RuleView[]> {
      const counts = await ruleCounts(db, now() - COUNTED_MS)
      const none: Counted = { hits: 0, kept: 0, dismissed: 0, open: 0, precision: null }
      return [...Map.groupBy(await ruleVersions(db), each => each.ruleId)].map(([id, versions]) => {
        const live = versions.find(({ state }) => state === 'live')
        return {
          id,
          live: live?.body ?? null,
          version: live?.version ?? null,
          newest: (versions[0] as RuleVersion).body,
          proposals: versions.filter(({ state }) => state === 'proposed').length,
          counted: counts.get(id) ?? none,
        }
      })
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/rule-choices',
    access: STAFF,
    summary: '规则可以选用的类别、处室和信源',
    handler: (): Promise<RuleChoices> => ruleChoices(context),
  })

  route(app, {
    method: 'GET',
    url: '/api/rules/:id',
    access: STAFF,
    summary: '规则的各版本',
    params: Id,
    async handler({ params }): Promise<RuleHistory> {
      const versions = await ruleVersions(db, params.id)
      if (!versions.length) throw new AppError('notFound')
      const names = await personNames(
        db,
        versions.flatMap(each => [each.createdBy ?? 0, each.decidedBy ?? 0]),
      )
      const live = versions.find(({ state }) => state === 'live')
      const { sources } = await ruleChoices(context)
      const sourceName = (id: string) => sources.find(source => source.id === id)?.name ?? id
      const views: VersionView[] = []
      for (const { createdBy, decidedBy, ...rest } of versions)
        views.push({
          ...rest,
          createdBy: createdBy === null ? '系统' : (names.get(createdBy) ?? ''),
          decidedBy: decidedBy === null ? null : (names.get(decidedBy) ?? ''),
          backtest: await backtestOf(db, params.id, rest.version),
          changes: live && rest.state === 'proposed' ? ruleChanges(live.body, rest.body, sourceName) : null,
        })
      return { id: params.id, versions: views }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/rules/:id/hits',
    access: STAFF,
    summary: '规则最近 30 天命中的帖子',
    params: Id,
    async handler({ params }): Promise<RuleHit[]> {
      const ids = await ruleHits(db, params.id, now() - COUNTED_MS, MOST_HITS)
      return (await postItems(db, ids)).map(({ id, title, excerpt }) => ({
        postId: id,
        text: title || excerpt,
      }))
    },
  })
}

function changeRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context

  route(app, {
    method: 'POST',
    url: '/api/rules',
    access: STAFF,
    summary: '提出规则（新的，或已有规则的新一版）',
    body: Type.Object({ rule: RuleBody, why: Why, isNew: Type.Optional(Type.Boolean()) }),
    async handler({ body }, actor) {
      const rule = requireRule(body.rule, await ruleChoices(context))
      const version = await db.transaction().execute(async trx => {
        if (body.isNew) await requireUnused(trx, rule)
        return proposeRule(trx, rule, body.why, actor.id, now())
      })
      return { id: rule.id, version }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/rules/:id/versions/:version/live',
    access: OFFICE,
    summary: '启用一版规则',
    params: Version,
    body: Type.Object({ why: Why, again: Type.Boolean() }),
    async handler({ params, body }, actor) {
      const found = await ruleVersion(db, params.id, params.version)
      const tested = await backtestOf(db, params.id, params.version)
      if (!tested) throw new AppError('rule.untested')
      await db.transaction().execute(async trx => {
        await makeLive(trx, found, body.why, actor.id, now())
        // Posts that only this version finds go before staff too; clocks start when they are shown.
        if (body.again) await analyseAgain(trx, tested.added.postIds)
      })
      await context.queue.add('posts.analyse', {}, { key: 'waiting' })
      return {}
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/rules/:id/versions/:version/reject',
    access: OFFICE,
    summary: '不采用一版规则',
    params: Version,
    body: Type.Object({ why: Why }),
    async handler({ params, body }, actor) {
      const found = await ruleVersion(db, params.id, params.version)
      await db.transaction().execute(trx => rejectRule(trx, found, body.why, actor.id, now()))
      return {}
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/rules/:id/retire',
    access: OFFICE,
    summary: '停用规则',
    params: Id,
    body: Type.Object({ why: Why }),
    async handler({ params, body }, actor) {
      await db.transaction().execute(trx => retireRule(trx, params.id, body.why, actor.id, now()))
      return {}
    },
  })
}
