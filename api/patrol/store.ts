import type { Db, Trx } from '../db/open.ts'
import type { Day } from '../deadline.ts'

export interface PatrolLog {
  id: number
  unitId: number
  day: Day
  personId: number
  at: number
  sourceIds: string[]
  /** Key sources left out; none = 完整. */
  missing: string[]
  found: number
  note: string | null
}

export async function addLog(trx: Trx, log: Omit<PatrolLog, 'id'>): Promise<number> {
  const { id } = await trx
    .insertInto('patrol_log')
    .values({
      unit_id: log.unitId,
      day: log.day,
      person_id: log.personId,
      at: log.at,
      source_ids: JSON.stringify(log.sourceIds),
      missing: JSON.stringify(log.missing),
      found: log.found,
      note: log.note,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Logs of the days from `from` to `to`, in the order they were written. */
export async function logsBetween(db: Db, from: Day, to: Day): Promise<PatrolLog[]> {
  const rows = await db
    .selectFrom('patrol_log')
    .selectAll()
    .where('day', '>=', from)
    .where('day', '<=', to)
    .orderBy('id')
    .execute()
  return rows.map(row => ({
    id: row.id,
    unitId: row.unit_id,
    day: row.day,
    personId: row.person_id,
    at: row.at,
    sourceIds: JSON.parse(row.source_ids) as string[],
    missing: JSON.parse(row.missing) as string[],
    found: row.found,
    note: row.note,
  }))
}
