import { createHash } from 'node:crypto'
import { appendAudit } from '../audit.ts'
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
  entryId?: number | null
  replyId?: number | null
  url?: string | null
  fileName?: string | null
  personId?: number | null
  /** When it was captured, epoch ms. */
  at: number
  /** When the slip got it, where that is later. */
  heldAt?: number
}

/** What a slip holds is sealed in its chain of upkeep, whoever put it there. */
export async function addEvidence(trx: Trx, input: NewEvidence): Promise<number> {
  const row = await trx
    .insertInto('evidence')
    .values({
      kind: input.kind,
      sha256: input.sha256,
      post_id: input.postId ?? null,
      slip_id: input.slipId ?? null,
      entry_id: input.entryId ?? null,
      reply_id: input.replyId ?? null,
      url: input.url ?? null,
      file_name: input.fileName ?? null,
      captured_at: input.at,
      person_id: input.personId ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  if (row.slip_id !== null)
    await appendAudit(trx, {
      caseKind: 'upkeep',
      caseId: String(row.slip_id),
      at: input.heldAt ?? input.at,
      actorId: row.person_id,
      forId: null,
      action: 'evidence',
      detail: {},
      rows: { evidence: { [row.id]: row } },
    })
  return row.id
}

/** Puts pictures that were uploaded before onto a slip. @throws AppError request.invalid for one that was not. */
export async function attachUploads(
  trx: Trx,
  input: {
    uploads: { sha256: string; fileName: string }[]
    slipId: number
    entryId?: number | null
    replyId?: number | null
    postId?: number | null
    personId: number
    at: number
  },
): Promise<void> {
  const { uploads, ...rest } = input
  await requireUploaded(trx, uploads)
  for (const { sha256, fileName } of uploads)
    await addEvidence(trx, { ...rest, kind: 'upload', sha256, fileName })
}

/** The same for a post that somebody took in by hand; a picture that it has already is not hung on it twice. */
export async function attachUploadsToPost(
  trx: Trx,
  input: { uploads: { sha256: string; fileName: string }[]; postId: number; personId: number; at: number },
): Promise<void> {
  const { uploads, ...rest } = input
  await requireUploaded(trx, uploads)
  const known = new Set((await evidenceOfPost(trx, input.postId)).map(({ sha256 }) => sha256))
  for (const { sha256, fileName } of uploads)
    if (!known.has(sha256)) await addEvidence(trx, { ...rest, kind: 'upload', sha256, fileName })
}

async function requireUploaded(
  trx: Trx,
  uploads: readonly { sha256: string; fileName: string }[],
): Promise<void> {
  for (const { sha256, fileName } of uploads) {
    const known = await trx
      .selectFrom('blob')
      .select('sha256')
      .where('sha256', '=', sha256)
      .executeTakeFirst()
    if (!known)
      throw new AppError('request.invalid', { message: `图片「${fileName}」没有上传成功，请重新上传。` })
  }
}

export interface StoredEvidence {
  id: number
  kind: EvidenceTable['kind']
  sha256: string
  mediaType: string
  postId: number | null
  slipId: number | null
  entryId: number | null
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
      'e.entry_id as entryId',
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

/**
 * Files kept of a thread become the slip's own too (the bytes are shared), each once; so a case's evidence is complete
 * without the posts' tables.
 */
export async function claimThreadEvidence(
  trx: Trx,
  slipId: number,
  thread: { sourceId: string; threadKey: string },
  heldAt: number,
): Promise<void> {
  const rows = await trx
    .selectFrom('evidence as e')
    .innerJoin('post as p', 'p.id', 'e.post_id')
    .selectAll('e')
    .where('p.source_id', '=', thread.sourceId)
    .where(eb => eb.or([eb('p.key', '=', thread.threadKey), eb('p.parent_key', '=', thread.threadKey)]))
    .where('e.slip_id', 'is', null)
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('evidence as own')
            .select('own.id')
            .where('own.slip_id', '=', slipId)
            .whereRef('own.sha256', '=', 'e.sha256')
            .whereRef('own.kind', '=', 'e.kind')
            .whereRef('own.captured_at', '=', 'e.captured_at'),
        ),
      ),
    )
    .orderBy('e.id')
    .execute()
  for (const row of rows)
    await addEvidence(trx, {
      kind: row.kind,
      sha256: row.sha256,
      postId: row.post_id,
      slipId,
      url: row.url,
      fileName: row.file_name,
      at: row.captured_at,
      heldAt,
    })
}

/** List of a slip's evidence up to a row, under one hash; it stands in the audit entry of every act. */
export interface Manifest {
  /** Highest evidence id that it covers; 0 = none yet. */
  upTo: number
  count: number
  sha256: string
}

export async function manifestOf(db: Db, slipId: number, upTo?: number): Promise<Manifest> {
  const rows = await db
    .selectFrom('evidence')
    .select(['id', 'kind', 'sha256', 'url', 'captured_at'])
    .where('slip_id', '=', slipId)
    .$if(upTo !== undefined, q => q.where('id', '<=', upTo as number))
    .orderBy('id')
    .execute()
  const lines = rows.map(row => [row.id, row.kind, row.sha256, row.url, row.captured_at])
  return {
    upTo: rows.at(-1)?.id ?? 0,
    count: rows.length,
    sha256: createHash('sha256').update(JSON.stringify(lines)).digest('hex'),
  }
}

/**
 * The manifests that audit entries carry, against the rows that stand now: a row that was changed, put between or taken
 * away shows. `problems` are Chinese sentences, empty = whole.
 */
export async function verifyManifests(db: Db): Promise<{ manifests: number; problems: string[] }> {
  const rows = await db
    .selectFrom('audit_entry')
    .select(['case_id', 'seq', 'detail'])
    .where('case_kind', '=', 'slip')
    .orderBy('case_id')
    .orderBy('seq')
    .execute()
  const problems: string[] = []
  let manifests = 0
  for (const { case_id, seq, detail } of rows) {
    const told = manifestIn(detail)
    // A case that is no number was changed: the chain's own check names it.
    if (!told || !/^\d+$/.test(case_id)) continue
    manifests++
    const now = await manifestOf(db, Number(case_id), told.upTo)
    if (now.sha256 !== told.sha256 || now.count !== told.count)
      problems.push(`处理单 ${case_id} 第${seq}步的证据清单与现存证据不符。`)
  }
  return { manifests, problems }
}

/** null too where the entry can no longer be read: the chain's own check names that one. */
function manifestIn(detail: string): Manifest | null {
  try {
    return (JSON.parse(detail) as { evidence?: Manifest }).evidence ?? null
  } catch {
    return null
  }
}

/** Every file against its name; `problems` are Chinese sentences, empty = whole. */
export async function verifyBlobs(db: Db, blobs: Blobs): Promise<{ files: number; problems: string[] }> {
  const rows = await db.selectFrom('blob').select(['sha256', 'size']).execute()
  const problems: string[] = []
  for (const { sha256, size } of rows) {
    const bytes = await blobs.get(sha256).catch(() => null)
    if (!bytes) problems.push(`证据文件 ${sha256} 丢失。`)
    else if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      problems.push(`证据文件 ${sha256} 被改动。`)
    else if (bytes.byteLength !== size) problems.push(`证据文件 ${sha256} 的「size」与文件不符。`)
  }
  return { files: rows.length, problems }
}
