import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Analysis } from '../../pipeline/post.ts'
import type { Rule } from '../../pipeline/rules.ts'
import type { Actor } from '../auth.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { STAFF } from '../vocabulary.ts'
import { ruleChoices } from './choices.ts'
import { requireRule } from './rules.ts'
import { ruleVersion } from './store.ts'
import { addTrial, type BacktestInput, type Trial, trialById } from './trials.ts'

/**
 * POST /api/rules/try { text, title?, rule? } -> Analysis
 * POST /api/rules/:id/versions/:version/backtest -> { id }; GET /api/rules/trials/:id -> TrialView
 */
export type TrialView = Trial

const ANSWER_MS = 15_000

/** Checked by requireRule, which names fields as the form does. */
export const RuleBody = Type.Record(Type.String(), Type.Unknown())
export const Version = Type.Object({
  id: Type.String({ maxLength: 41 }),
  version: Type.Integer({ minimum: 1 }),
})

/** A pasted text comes from no source: a rule for some of them is tried by its words. */
const triedAnywhere = ({ sources: _, ...rule }: Rule): Rule => rule

export function trialRoutes(app: FastifyInstance, context: Context): void {
  const { db, now, queue } = context
  const start = async (kind: Trial['kind'], input: Trial['input'], actor: Actor): Promise<number> => {
    const id = await db.transaction().execute(trx => addTrial(trx, kind, input, actor.id, now()))
    await queue.add('rules.trial', {}, { key: 'waiting' })
    return id
  }

  route(app, {
    method: 'POST',
    url: '/api/rules/try',
    access: STAFF,
    rateLimit: 60,
    summary: '用一段文字试规则',
    body: Type.Object({
      text: Type.String({ minLength: 1, maxLength: 20_000 }),
      title: Type.Optional(Type.String({ maxLength: 200 })),
      rule: Type.Optional(RuleBody),
    }),
    async handler({ body }, actor): Promise<Analysis> {
      const rule = body.rule ? triedAnywhere(requireRule(body.rule, await ruleChoices(context))) : null
      const text = { text: body.text, title: body.title ?? null, source: 'manual' }
      const id = await start('text', { text, rule }, actor)
      return (await answerOf(context, id)) as Analysis
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/rules/:id/versions/:version/backtest',
    access: STAFF,
    summary: '用最近 30 天的帖子回测一版规则',
    params: Version,
    async handler({ params }, actor) {
      const { ruleId, version, body } = await ruleVersion(db, params.id, params.version)
      const input: BacktestInput = { ruleId, version, rule: body }
      return { id: await start('backtest', input, actor) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/rules/trials/:id',
    access: STAFF,
    summary: '回测进度与结果',
    params: Type.Object({ id: Type.Integer() }),
    handler: ({ params }): Promise<TrialView> => trialById(db, params.id),
  })
}

/** The worker's answer to a pasted text. @throws AppError rule.silent where none comes in time. */
async function answerOf({ db }: Context, id: number): Promise<Trial['result']> {
  for (let waited = 0; waited < ANSWER_MS; waited += 100) {
    const trial = await trialById(db, id)
    if (trial.state === 'done') return trial.result
    if (trial.state === 'failed')
      throw new AppError('rule.invalid', { message: (trial.result as { message: string }).message })
    await wait(100)
  }
  throw new AppError('rule.silent')
}
