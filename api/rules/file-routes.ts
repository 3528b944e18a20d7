import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { canonical } from '../audit.ts'
import type { Context } from '../context.ts'
import { route } from '../http.ts'
import { OFFICE, STAFF } from '../vocabulary.ts'
import { ruleChoices } from './choices.ts'
import { type LeftOut, leftOut } from './left-out.ts'
import { rulesFromYaml, rulesToYaml } from './rules.ts'
import { liveRules, pendingSame, proposeRule, ruleVersions } from './store.ts'

/** Ids of rules. */
export interface ImportAnswer {
  added: string[]
  changed: string[]
  /** The same version waits already. */
  waiting: string[]
  unchanged: number
}

export type { LeftOut }

/** GET /api/rules.yaml; GET /api/rules-left-out -> LeftOut; POST /api/rules/import { yaml, why, preview } -> ImportAnswer (办公室) */
export function fileRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context

  route(app, {
    method: 'GET',
    url: '/api/rules.yaml',
    access: STAFF,
    summary: '导出启用中的规则（YAML）',
    async handler({ reply }) {
      const rules = (await liveRules(db)).map(({ rule }) => rule)
      return reply
        .header('content-type', 'application/yaml; charset=utf-8')
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent('识别规则.yaml')}`)
        .send(rulesToYaml(rules))
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/rules-left-out',
    access: STAFF,
    summary: '规则文件里没有启用的规则和原因',
    handler: (): Promise<LeftOut> => leftOut(context),
  })

  route(app, {
    method: 'POST',
    url: '/api/rules/import',
    access: OFFICE,
    summary: '导入规则（YAML），每条变动成为待启用的新一版',
    body: Type.Object({
      yaml: Type.String({ maxLength: 1_000_000 }),
      why: Type.String({ minLength: 2, maxLength: 500 }),
      preview: Type.Boolean(),
    }),
    async handler({ body }, actor): Promise<ImportAnswer> {
      const rules = rulesFromYaml(body.yaml, await ruleChoices(context))
      return db.transaction().execute(async trx => {
        const versions = await ruleVersions(trx)
        const live = new Map(
          versions.flatMap(({ ruleId, state, body: rule }) =>
            state === 'live' ? [[ruleId, canonical(rule)] as const] : [],
          ),
        )
        const moved = rules.filter(rule => live.get(rule.id) !== canonical(rule))
        const waiting = moved.filter(rule => pendingSame(versions, rule))
        const fresh = moved.filter(rule => !waiting.includes(rule))
        if (!body.preview) for (const rule of fresh) await proposeRule(trx, rule, body.why, actor.id, now())
        return {
          added: fresh.flatMap(({ id }) => (live.has(id) ? [] : [id])),
          changed: fresh.flatMap(({ id }) => (live.has(id) ? [id] : [])),
          waiting: waiting.map(({ id }) => id),
          unchanged: rules.length - moved.length,
        }
      })
    },
  })
}
