import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { appendAudit, readAudit } from '../audit.ts'
import type { Actor } from '../auth.ts'
import type { Context } from '../context.ts'
import { makePackage } from '../evidence/package.ts'
import type { PageHead } from '../evidence/pages.ts'
import { evidenceOfSlip } from '../evidence/store.ts'
import { makeWarc } from '../evidence/warc.ts'
import { MEDIA, route, sendFile } from '../http.ts'
import { fillTemplate } from '../print/docx.ts'
import { makePaper } from '../print/paper.ts'
import { slipDetail } from '../slips/view.ts'
import { OFFICE } from '../vocabulary.ts'
import { formOf } from './routes.ts'
import { upwardPackage } from './upward.ts'

/**
 * GET /api/slips/:id/package.zip: the whole case with unmasked pages, for 办公室 only and logged (S-38); also the
 * archive package of S-35.
 */
export function packageRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context

  route(app, {
    method: 'GET',
    url: '/api/slips/:id/package.zip',
    access: OFFICE,
    rateLimit: 20,
    summary: '证据包（可离线校验）',
    params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
    async handler({ params, reply }, actor) {
      const { bytes, name } = await packageOf(context, params.id, actor)
      await db.transaction().execute(trx =>
        appendAudit(trx, {
          caseKind: 'system',
          caseId: 'exports',
          at: now(),
          actorId: actor.id,
          forId: null,
          action: 'export.package',
          detail: { slipId: params.id, name },
        }),
      )
      return sendFile(reply, bytes, MEDIA.zip, `证据包-${name}.zip`)
    },
  })
}

async function packageOf(
  context: Context,
  id: number,
  actor: Actor,
): Promise<{ bytes: Uint8Array; name: string }> {
  const { db, blobs, config, now } = context
  const detail = await slipDetail(db, id, actor, now())
  const form = await formOf(context, id, actor, true)
  const evidence = await Promise.all(
    (await evidenceOfSlip(db, id)).map(async each => ({ ...each, bytes: await blobs.get(each.sha256) })),
  )
  const bodies = new Map(evidence.map(({ sha256, bytes }) => [sha256, bytes]))
  const pages = evidence
    .filter(({ kind }) => kind === 'headers')
    .flatMap(({ bytes }) => {
      const head = JSON.parse(Buffer.from(bytes).toString('utf8')) as PageHead
      const body = bodies.get(head.body)
      return body ? [{ head, body }] : []
    })
  const pictures = evidence.flatMap(({ kind, url, capturedAt, bytes }) =>
    kind === 'screenshot' && url ? [{ url, capturedAt: new Date(capturedAt).toISOString(), png: bytes }] : [],
  )
  const madeAt = now()
  const name = detail.number ?? `草稿${id}`
  const json = (value: unknown) => Buffer.from(JSON.stringify(value, null, 1))
  const bytes = makePackage({
    name,
    madeAt,
    documents: [
      { path: '处理单.docx', bytes: fillTemplate(config.configDir, '处理单.docx', form) },
      { path: '处理单.json', bytes: json(detail) },
      ...(detail.reports.length
        ? [{ path: '上报材料.docx', bytes: await makePaper(upwardPackage(detail, madeAt)) }]
        : []),
    ],
    evidence,
    audit: await readAudit(db, 'slip', String(id)),
    warc: await makeWarc(pages, pictures, {
      at: new Date(madeAt).toISOString(),
      software: config.userAgent,
    }),
  })
  return { bytes, name }
}
