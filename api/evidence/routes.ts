import type {} from '@fastify/multipart'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Actor } from '../auth.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { mayReveal, noteReading } from '../reveal.ts'
import { CASE_ROLES } from '../vocabulary.ts'
import { addBlob, evidenceById, putBlob, type StoredEvidence } from './store.ts'

/**
 * POST /api/uploads (multipart: file; PNG, JPEG or WebP up to 10 MB) -> UploadView; the sha256 is then named in
 * an action. GET /api/evidence/:id -> the file: pictures shown, all else as an attachment;
 * pages as received are unmasked, so their reading is logged (S-38).
 */
export interface UploadView {
  sha256: string
  fileName: string
  size: number
}

/** By its first bytes: a file's name and claimed type prove nothing. */
export function pictureType(bytes: Uint8Array): string | null {
  const starts = (...head: number[]) => head.every((byte, at) => bytes[at] === byte)
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (starts(0xff, 0xd8, 0xff)) return 'image/jpeg'
  const word = (from: number) => Buffer.from(bytes.subarray(from, from + 4)).toString('latin1')
  return word(0) === 'RIFF' && word(8) === 'WEBP' ? 'image/webp' : null
}

/** Posts as the page had them, with every name and number (S-38). */
const UNMASKED: readonly StoredEvidence['kind'][] = ['page', 'posts']

/** @throws AppError personal.forbidden. */
async function noteUnmasked({ db, now }: Context, evidence: StoredEvidence, actor: Actor): Promise<void> {
  const { id, slipId, postId } = evidence
  if (!mayReveal(actor)) throw new AppError('personal.forbidden')
  const of = slipId !== null ? { slipId } : postId !== null ? { postId } : null
  if (of) await db.transaction().execute(trx => noteReading(trx, of, actor, now(), { evidence: id }))
}

export function evidenceRoutes(app: FastifyInstance, context: Context): void {
  const { db, blobs, now } = context

  route(app, {
    method: 'POST',
    url: '/api/uploads',
    access: CASE_ROLES,
    summary: '上传图片',
    async handler({ request }): Promise<UploadView> {
      const part = await request.file()
      if (!part) throw new AppError('request.invalid', { message: '没有收到图片，请重新选择。' })
      const bytes = await part.toBuffer()
      const mediaType = pictureType(bytes)
      if (!mediaType) throw new AppError('request.mediaType')
      const blob = await putBlob(blobs, bytes, mediaType)
      await db.transaction().execute(trx => addBlob(trx, blob, now()))
      return { sha256: blob.sha256, fileName: part.filename.slice(0, 200), size: blob.size }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/evidence/:id',
    access: CASE_ROLES,
    summary: '证据文件',
    params: Type.Object({ id: Type.Integer() }),
    async handler({ params, reply }, actor) {
      const found = await evidenceById(db, params.id)
      if (!found) throw new AppError('notFound')
      if (UNMASKED.includes(found.kind)) await noteUnmasked(context, found, actor)
      const isPicture = found.mediaType.startsWith('image/')
      const name = encodeURIComponent(found.fileName ?? `evidence-${found.id}`)
      reply
        .header('content-type', isPicture ? found.mediaType : 'application/octet-stream')
        .header('content-disposition', `${isPicture ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`)
        .header('cache-control', 'private, max-age=3600')
      return reply.send(Buffer.from(await blobs.get(found.sha256)))
    },
  })
}
