import { createHash } from 'node:crypto'
import type { Db, Trx } from '../db/open.ts'
import type { EvidenceTable } from '../db/tables/evidence.ts'
import { AppError } from '../errors.ts'
import type { Blobs } from './blobs.ts'

export interface NewBlob {
  sha256: string
  size: number
  mediaType: string
}

/** Writes the file; its row follows in the transaction that needs it (`addBlob`). */
export async function putBlob(blobs: Blobs, bytes: Uint8Array, mediaType: string): Promise<NewBlob> {
  return { sha256: await blobs.put(bytes), size: bytes.byteLength, mediaType }
}

export async function addBlob(trx: Trx, blob: NewBlob, at: number): Promise<void> {
  await trx
    .insertInto('blob')
    .values({ sha256: blob.sha256, size: blob.size, media_type: blob.mediaType, created_at: at })
    .onConflict(conflict => conflict.column('sha256').doNothing())
    .execute()
}

export interface NewEvidence {
  kind: EvidenceTable['kind']
  sha256: string
  postId?: number | null
  slipId?: number | null
  replyId?: number | null
  url?: string | null
  fileName?: string | null
  personId?: number | null
  at: number
}

export async function addEvidence(trx: Trx, input: NewEvidence): Promise<number> {
  const { id } = await trx
    .insertInto('evidence')
    .values({
      kind: input.kind,
      sha256: input.sha256,
      post_id: input.postId ?? null,
      slip_id: input.slipId ?? null,
      reply_id: input.replyId ?? null,
      url: input.url ?? null,
      file_name: input.fileName ?? null,
      captured_at: input.at,
      person_id: input.personId ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Puts pictures that were uploaded before onto a slip. @throws AppError request.invalid for one that was not. */
export async function attachUploads(
  trx: Trx,
  input: {
    uploads: { sha256: string; fileName: string }[]
    slipId: number
    replyId?: number | null
    postId?: number | null
    personId: number
    at: number
  },
): Promise<void> {
  const { uploads, ...rest } = input
  for (const { sha256, fileName } of uploads) {
    const known = await trx
      .selectFrom('blob')
      .select('sha256')
      .where('sha256', '=', sha256)
      .executeTakeFirst()
    if (!known)
      throw new AppError('request.invalid', { message: `图片「${fileName}」没有上传成功，请重新上传。` })
    await addEvidence(trx, { ...rest, kind: 'upload', sha256, fileName })
  }
}

export interface StoredEvidence {
  id: number
  kind: EvidenceTable['kind']
  sha256: string
  mediaType: string
  postId: number | null
  slipId: number | null
  replyId: number | null
  url: string | null
  fileName: string | null
  capturedAt: number
}

function evidenceQuery(db: Db) {
  return db
    .selectFrom('evidence as e')
    .innerJoin('blob as b', 'b.sha256', 'e.sha256')
    .select([
      'e.id',
      'e.kind',
      'e.sha256',
      'b.media_type as mediaType',
      'e.post_id as postId',
      'e.slip_id as slipId',
      'e.reply_id as replyId',
      'e.url',
      'e.file_name as fileName',
      'e.captured_at as capturedAt',
    ])
    .orderBy('e.id')
}

export const evidenceById = async (db: Db, id: number): Promise<StoredEvidence | null> =>
  (await evidenceQuery(db).where('e.id', '=', id).executeTakeFirst()) ?? null

export const evidenceOfSlip = (db: Db, slipId: number): Promise<StoredEvidence[]> =>
  evidenceQuery(db).where('e.slip_id', '=', slipId).execute()

export const evidenceOfPost = (db: Db, postId: number): Promise<StoredEvidence[]> =>
  evidenceQuery(db).where('e.post_id', '=', postId).execute()

/** Every file against its name; `problems` are Chinese sentences, empty = whole. */
export async function verifyBlobs(db: Db, blobs: Blobs): Promise<{ files: number; problems: string[] }> {
  const rows = await db.selectFrom('blob').select('sha256').execute()
  const problems: string[] = []
  for (const { sha256 } of rows) {
    const bytes = await blobs.get(sha256).catch(() => null)
    if (!bytes) problems.push(`证据文件 ${sha256} 丢失。`)
    else if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      problems.push(`证据文件 ${sha256} 被改动。`)
  }
  return { files: rows.length, problems }
}
