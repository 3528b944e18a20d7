import type { SourceConfig } from '../../crawlers/site.ts'
import type { Db, Trx } from '../db/open.ts'

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

/** Adds the sources of a file that are not known yet; what the bureau changed in the program stays. */
export async function seedSources(trx: Trx, sources: readonly SourceConfig[], now: number): Promise<void> {
  for (const source of sources) {
    const on = source.enabled !== false
    await trx
      .insertInto('source')
      .values({
        id: source.id,
        name: source.name,
        engine: source.engine,
        config: JSON.stringify(source),
        enabled: on ? 1 : 0,
        reason: on ? null : (source.reason ?? null),
        created_at: now,
      })
      .onConflict(conflict => conflict.column('id').doNothing())
      .execute()
  }
}

export async function sourceList(db: Db): Promise<StoredSource[]> {
  const rows = await db.selectFrom('source').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.map(toSource)
}

export async function sourceById(db: Db, id: string): Promise<StoredSource | null> {
  const row = await db.selectFrom('source').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toSource(row) : null
}

/** False where there is no such source. */
export async function setEnabled(
  trx: Trx,
  id: string,
  enabled: boolean,
  reason: string | null,
): Promise<boolean> {
  const rows = await trx
    .updateTable('source')
    .set(eb => ({
      enabled: enabled ? 1 : 0,
      reason: enabled ? null : reason,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', id)
    .returning('id')
    .execute()
  return rows.length === 1
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
