import type { SourceConfig } from '../../crawlers/site.ts'
import type { Db, Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'

export interface StoredSource {
  config: SourceConfig
  version: number
  enabled: boolean
  /** Why it is off. */
  reason: string | null
}

const toSource = (row: {
  config: string
  version: number
  enabled: number
  reason: string | null
}): StoredSource => ({
  config: JSON.parse(row.config) as SourceConfig,
  version: row.version,
  enabled: row.enabled === 1,
  reason: row.reason,
})

/** Who changed a source, why and when; personId null = the configuration file. */
export interface By {
  personId: number | null
  why: string
  at: number
}

/** Adds the sources of a file that are not known yet; what the bureau changed in the program stays. */
export async function seedSources(trx: Trx, sources: readonly SourceConfig[], now: number): Promise<void> {
  for (const source of sources)
    await addSource(trx, source, { personId: null, why: '由配置文件载入', at: now })
}

/** False where there is one of that id. */
export async function addSource(trx: Trx, source: SourceConfig, by: By): Promise<boolean> {
  const on = source.enabled !== false
  const added = await trx
    .insertInto('source')
    .values({
      id: source.id,
      name: source.name,
      engine: source.engine,
      config: JSON.stringify(source),
      enabled: on ? 1 : 0,
      reason: on ? null : (source.reason ?? null),
      created_at: by.at,
    })
    .onConflict(conflict => conflict.column('id').doNothing())
    .returning('id')
    .execute()
  if (!added.length) return false
  await keepVersion(trx, source.id, by)
  return true
}

/** Its newest state as a version of its own. */
async function keepVersion(trx: Trx, id: string, { personId, why, at }: By): Promise<void> {
  const row = await trx.selectFrom('source').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const { version, config, enabled, reason } = row
  await trx
    .insertInto('source_version')
    .values({ source_id: id, version, config, enabled, reason, why, created_by: personId, created_at: at })
    .execute()
}

export async function sourceList(db: Db): Promise<StoredSource[]> {
  const rows = await db.selectFrom('source').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.map(toSource)
}

export async function sourceById(db: Db, id: string): Promise<StoredSource | null> {
  const row = await db.selectFrom('source').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toSource(row) : null
}

/** Replaces the configuration of the version that the change was based on. @throws AppError source.unknown, source.stale. */
export async function editSource(trx: Trx, config: SourceConfig, version: number, by: By): Promise<void> {
  await changeSource(trx, config.id, version, by, {
    name: config.name,
    engine: config.engine,
    config: JSON.stringify(config),
  })
}

/** @throws AppError source.unknown, source.stale. */
export async function setEnabled(
  trx: Trx,
  id: string,
  version: number,
  enabled: boolean,
  by: By,
): Promise<void> {
  await changeSource(trx, id, version, by, { enabled: enabled ? 1 : 0, reason: enabled ? null : by.why })
}

async function changeSource(trx: Trx, id: string, version: number, by: By, change: object): Promise<void> {
  const rows = await trx
    .updateTable('source')
    .set({ ...change, version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .returning('id')
    .execute()
  if (!rows.length) throw new AppError((await sourceById(trx, id)) ? 'source.stale' : 'source.unknown')
  await keepVersion(trx, id, by)
}

export interface SourceVersion extends StoredSource {
  why: string
  createdBy: number | null
  createdAt: number
}

/** Newest first. */
export async function sourceVersions(db: Db, id: string): Promise<SourceVersion[]> {
  const rows = await db
    .selectFrom('source_version')
    .selectAll()
    .where('source_id', '=', id)
    .orderBy('version', 'desc')
    .execute()
  return rows.map(row => ({
    ...toSource(row),
    why: row.why,
    createdBy: row.created_by,
    createdAt: row.created_at,
  }))
}

export async function postCounts(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('post')
    .select('source_id')
    .select(eb => eb.fn.countAll<number>().as('n'))
    .groupBy('source_id')
    .execute()
  return new Map(rows.map(({ source_id, n }) => [source_id, Number(n)]))
}
