import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { route } from '../http.ts'
import { type BurstKind, OFFICE, READERS, type Sensitivity } from '../vocabulary.ts'
import { DAY_MS, evidenceText } from './rules.ts'
import { burstList, sensitivityOf, setSensitivity } from './store.ts'
import { aboutSeries } from './watch.ts'

/** GET /api/bursts — of the last week, newest alarm first. */
export interface BurstView {
  id: number
  kind: BurstKind
  name: string
  link: string
  startedAt: number
  lastAlarmAt: number
  open: boolean
  posts: number
  evidence: string
}

/** PUT /api/bursts/sensitivity {sensitivity} (办公室) */
export interface BurstAnswer {
  sensitivity: Sensitivity
  items: BurstView[]
}

export function burstRoutes(app: FastifyInstance, { db, now }: Context): void {
  const answer = async (): Promise<BurstAnswer> => {
    const at = now()
    const rows = await burstList(db, at - 7 * DAY_MS)
    const items = await db.transaction().execute(async trx => {
      const views: BurstView[] = []
      for (const { key, notices: _, evidence, ...row } of rows)
        views.push({
          ...row,
          ...(await aboutSeries(trx, row.kind, key, row.lastAlarmAt)),
          evidence: evidenceText(row.kind, evidence),
        })
      return views
    })
    return { sensitivity: await sensitivityOf(db), items }
  }

  route(app, {
    method: 'GET',
    url: '/api/bursts',
    access: READERS,
    summary: '舆情突增',
    handler: () => answer(),
  })

  route(app, {
    method: 'PUT',
    url: '/api/bursts/sensitivity',
    access: OFFICE,
    summary: '突增提示的灵敏度',
    body: Type.Object({
      sensitivity: Type.Union([Type.Literal('high'), Type.Literal('middle'), Type.Literal('low')]),
    }),
    async handler({ body: { sensitivity } }, actor): Promise<BurstAnswer> {
      const at = now()
      await db.transaction().execute(async trx => {
        await setSensitivity(trx, sensitivity, actor.id, at)
        await appendAudit(trx, {
          caseKind: 'system',
          caseId: 'bursts',
          at,
          actorId: actor.id,
          forId: null,
          action: 'bursts.sensitivity',
          detail: { sensitivity },
        })
      })
      return answer()
    },
  })
}
