import type {} from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Precision } from '../../pipeline/post.ts'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { attachUploadsToPost } from '../evidence/store.ts'
import { route } from '../http.ts'
import { recordPosts } from '../posts/store.ts'
import { DESK } from '../vocabulary.ts'
import { COLUMNS, entryKey, isAddress, isFuture, MOST_LETTERS, type Problem, toPost } from './rules.ts'
import { ensureManualSource, keepFile, knownKeys, manualSourceId, takeIn, takenFiles } from './store.ts'

export type { Problem } from './rules.ts'

/**
 * What no crawler brings: 抖音, 小红书, calls, tables of other offices. POST /api/intake/posts -> { id, added }
 * POST /api/intake/preview?source (multipart: file) -> IntakePreview, nothing stored
 * POST /api/intake/files?source&anywhere&skipBad (multipart: file) -> IntakeAnswer
 * GET /api/intake/files -> IntakeFile[]; GET /api/intake/template.xlsx, template.csv
 */
export interface IntakePreview {
  form: 'csv' | 'xlsx'
  encoding: string | null
  /** Headers of the file with the field that each is taken for; null = left out. */
  columns: { name: string; field: string | null }[]
  rows: number
  /** Rows that would be added. */
  fresh: number
  /** In the system already. */
  known: number
  /** Saying the same as a row before them. */
  repeated: number
  /** Rows with mistakes. */
  bad: number
  problems: Problem[]
  samples: {
    row: number
    title: string | null
    text: string
    url: string | null
    author: string | null
    publishedAt: number | null
    publishedPrecision: Precision
  }[]
}

export interface IntakeAnswer {
  added: number
  known: number
  skipped: number
}

export interface IntakeFile {
  id: number
  source: string
  fileName: string
  rows: number
  added: number
  skipped: number
  person: string
  at: number
}

const SHOWN = { problems: 200, samples: 8, letters: 120 }
const Name = Type.String({ minLength: 1, maxLength: 60 })

async function uploaded(request: FastifyRequest): Promise<{ bytes: Uint8Array; fileName: string }> {
  const part = await request.file()
  if (!part) throw new AppError('intake.file', { message: '没有收到文件，请重新选择。' })
  return { bytes: await part.toBuffer(), fileName: part.filename.slice(0, 200) }
}

export function intakeRoutes(app: FastifyInstance, context: Context): void {
  const { db, blobs, queue, now } = context
  const analyse = () => queue.add('posts.analyse', {}, { key: 'waiting' })

  /** The file as it would be taken in. */
  async function read(bytes: Uint8Array, source: string) {
    const { readFile } = await import('./read-file.ts')
    const file = await readFile(bytes, now())
    const id = await manualSourceId(db, source)
    const entries = file.entries.map(({ entry }) => entry)
    const known = id ? await knownKeys(db, id, entries) : new Set<string>()
    return { ...file, known: entries.filter(entry => known.has(entryKey(entry))).length }
  }

  route(app, {
    method: 'POST',
    url: '/api/intake/posts',
    access: DESK,
    summary: '人工录入一条',
    body: Type.Object({
      source: Name,
      text: Type.String({ minLength: 1, maxLength: MOST_LETTERS }),
      title: Type.Optional(Type.String({ maxLength: 200 })),
      url: Type.Optional(Type.String({ maxLength: 2000 })),
      author: Type.Optional(Type.String({ maxLength: 60 })),
      board: Type.Optional(Type.String({ maxLength: 60 })),
      publishedAt: Type.Optional(Type.Integer()),
      uploads: Type.Optional(
        Type.Array(
          Type.Object({
            sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
            fileName: Type.String({ maxLength: 200 }),
          }),
          { maxItems: 9 },
        ),
      ),
    }),
    async handler({ body }, actor): Promise<{ id: number; added: boolean }> {
      const at = now()
      const word = (text: string | undefined) => text?.trim() || null
      const url = word(body.url)
      if (url && !isAddress(url))
        throw new AppError('request.invalid', { message: '链接应以 http:// 或 https:// 开头；没有可留空。' })
      const publishedAt = body.publishedAt === undefined ? null : new Date(body.publishedAt).toISOString()
      if (isFuture(publishedAt, at))
        throw new AppError('request.invalid', { message: '发布时间在将来，请核对。' })
      const text = body.text.trim()
      if (!text) throw new AppError('request.invalid', { message: '请填写内容。' })
      const entry = {
        id: null,
        url,
        title: word(body.title),
        text,
        author: word(body.author),
        board: word(body.board),
        publishedAt,
        publishedPrecision: publishedAt === null ? null : ('minute' as const),
        publishedRaw: null,
        counts: { views: null, replies: null, reposts: null, likes: null },
      }
      const answer = await db.transaction().execute(async trx => {
        const by = { personId: actor.id, why: '人工录入', at }
        const source = await ensureManualSource(trx, body.source.trim(), by)
        const { ids, added } = await recordPosts(trx, [toPost(entry, source, new Date(at).toISOString())])
        const [id] = ids.values()
        if (id === undefined) throw new AppError('server.failed')
        await attachUploadsToPost(trx, { uploads: body.uploads ?? [], postId: id, personId: actor.id, at })
        const audit = { caseKind: 'post', caseId: String(id), at, actorId: actor.id, forId: null } as const
        await appendAudit(trx, { ...audit, action: 'takeIn', detail: { source, url, uploads: body.uploads } })
        return { id, added: added > 0 }
      })
      await analyse()
      return answer
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/intake/preview',
    access: DESK,
    summary: '导入前预览',
    query: Type.Object({ source: Name }),
    async handler({ query, request }): Promise<IntakePreview> {
      const { bytes } = await uploaded(request)
      const file = await read(bytes, query.source.trim())
      return {
        form: file.sheet.form,
        encoding: file.sheet.encoding,
        columns: file.columns.map(({ name, column }) => ({
          name,
          field: column && COLUMNS[column].label,
        })),
        rows: file.rows,
        fresh: file.entries.length - file.known,
        known: file.known,
        repeated: file.repeated,
        bad: file.bad,
        problems: file.problems.slice(0, SHOWN.problems),
        samples: file.entries.slice(0, SHOWN.samples).map(({ row, entry }) => ({
          row,
          title: entry.title,
          text: entry.text.slice(0, SHOWN.letters),
          url: entry.url,
          author: entry.author,
          publishedAt: entry.publishedAt === null ? null : Date.parse(entry.publishedAt),
          publishedPrecision: entry.publishedPrecision,
        })),
      }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/intake/files',
    access: DESK,
    summary: '导入表格',
    query: Type.Object({
      source: Name,
      anywhere: Type.Optional(Type.Boolean()),
      skipBad: Type.Optional(Type.Boolean()),
    }),
    async handler({ query, request }, actor): Promise<IntakeAnswer> {
      const { bytes, fileName } = await uploaded(request)
      const file = await read(bytes, query.source.trim())
      if (file.bad && !query.skipBad)
        throw new AppError('intake.problems', {
          message: `有 ${file.bad} 行填得不对，没有导入。请改好后再导入，或选择跳过这些行。`,
          details: { problems: file.problems.slice(0, SHOWN.problems) },
        })
      const at = now()
      const by = { personId: actor.id, why: `导入 ${fileName}`, at }
      const sourceId = await db.transaction().execute(trx => ensureManualSource(trx, query.source.trim(), by))
      const entries = file.entries.map(({ entry }) => entry)
      const options = { seenAt: new Date(at).toISOString(), anywhere: query.anywhere ?? false }
      const added = await takeIn(db, sourceId, entries, options)
      const taken = { sourceId, fileName, rows: file.rows, added, skipped: file.bad }
      await keepFile(db, blobs, bytes, { ...taken, personId: actor.id, at })
      await analyse()
      return { added, known: entries.length - added, skipped: file.bad }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/intake/files',
    access: DESK,
    summary: '最近导入的表格',
    handler: async (): Promise<IntakeFile[]> =>
      (await takenFiles(db, 20)).map(({ sourceId: _, personId: _person, ...file }) => file),
  })

  for (const form of ['xlsx', 'csv'] as const)
    route(app, {
      method: 'GET',
      url: `/api/intake/template.${form}`,
      access: DESK,
      summary: '导入模板',
      async handler({ reply }) {
        const { csvTemplate, xlsxTemplate } = await import('./template.ts')
        const name = encodeURIComponent(`舆情导入模板.${form}`)
        reply
          .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
          .type(
            form === 'csv'
              ? 'text/csv; charset=utf-8'
              : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          )
        return reply.send(form === 'csv' ? csvTemplate() : Buffer.from(await xlsxTemplate()))
      },
    })
}
