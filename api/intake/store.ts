import { createHash } from 'node:crypto'
import type { Db, Trx } from '../db/open.ts'
import type { Blobs } from '../evidence/blobs.ts'
import { addBlob, putBlob } from '../evidence/store.ts'
import { recordPosts } from '../posts/store.ts'
import { addSource, type By, sourceList } from '../sources/store.ts'
import { type Entry, entryKey, toPost } from './rules.ts'

/** Posts a transaction, so that a large table does not hold everybody up. */
const BATCH = 200

/** The source of that name that is filled by hand; null where there is none yet. */
export async function manualSourceId(db: Db, name: string): Promise<string | null> {
  const found = (await sourceList(db)).find(
    ({ config }) => config.engine === 'manual' && config.name === name,
  )
  return found?.config.id ?? null
}

/** The same, made where it is not there. */
export async function ensureManualSource(trx: Trx, name: string, by: By): Promise<string> {
  const known = await manualSourceId(trx, name)
  if (known) return known
  const id = `import-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
  await addSource(
    trx,
    {
      id,
      name,
      engine: 'manual',
      url: 'https://import.invalid/',
      boards: [],
      delaySeconds: 0,
      dailyCeiling: 1,
      basis: '人工录入或导入',
      owner: '办公室',
      retentionDays: 730,
      enabled: false,
      reason: '由人工录入或文件导入',
    },
    by,
  )
  return id
}

/** Keys of these entries that the source has already. */
export async function knownKeys(db: Db, sourceId: string, entries: readonly Entry[]): Promise<Set<string>> {
  const known = new Set<string>()
  const keys = entries.map(entryKey)
  for (let at = 0; at < keys.length; at += 500) {
    const rows = await db
      .selectFrom('post')
      .select('key')
      .where('source_id', '=', sourceId)
      .where('key', 'in', keys.slice(at, at + 500))
      .execute()
    for (const { key } of rows) known.add(key)
  }
  return known
}

/** Entries as posts, once each. Killed half-way, taking the same in again adds the rest. Returns how many were new. */
export async function takeIn(
  db: Db,
  sourceId: string,
  entries: readonly Entry[],
  options: { seenAt: string; anywhere: boolean },
): Promise<number> {
  let added = 0
  for (let at = 0; at < entries.length; at += BATCH) {
    const posts = entries.slice(at, at + BATCH).map(entry => toPost(entry, sourceId, options.seenAt))
    const recorded = await db.transaction().execute(trx => recordPosts(trx, posts, 0, options.anywhere))
    added += recorded.added
  }
  return added
}

export interface TakenFile {
  sourceId: string
  fileName: string
  rows: number
  added: number
  skipped: number
  personId: number
  at: number
}

/** The file itself stays, so that anybody can see what was taken in. */
export async function keepFile(db: Db, blobs: Blobs, bytes: Uint8Array, file: TakenFile): Promise<void> {
  const blob = await putBlob(blobs, bytes, 'application/octet-stream')
  await db.transaction().execute(async trx => {
    await addBlob(trx, blob, file.at)
    await trx
      .insertInto('intake_file')
      .values({
        source_id: file.sourceId,
        file_name: file.fileName,
        sha256: blob.sha256,
        rows: file.rows,
        added: file.added,
        skipped: file.skipped,
        person_id: file.personId,
        at: file.at,
      })
      .execute()
  })
}

/** Newest first. */
export async function takenFiles(
  db: Db,
  limit: number,
): Promise<(TakenFile & { id: number; source: string; person: string })[]> {
  const rows = await db
    .selectFrom('intake_file as f')
    .innerJoin('source as s', 's.id', 'f.source_id')
    .innerJoin('person as p', 'p.id', 'f.person_id')
    .selectAll('f')
    .select(['s.name as source', 'p.name as person'])
    .orderBy('f.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(row => ({
    id: row.id,
    sourceId: row.source_id,
    source: row.source,
    fileName: row.file_name,
    rows: row.rows,
    added: row.added,
    skipped: row.skipped,
    personId: row.person_id,
    person: row.person,
    at: row.at,
  }))
}
