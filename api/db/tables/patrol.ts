import type { Generated } from 'kysely'

/** S-4: that somebody of the unit went through the sources on that day. */
export interface PatrolLogTable {
  id: Generated<number>
  unit_id: number
  day: string
  person_id: number
  at: number
  /** JSON [source id] that were ticked. */
  source_ids: string
  /** JSON [name] of key sources that were not (S-5); none = 完整. */
  missing: string
  /** How many matters were found. */
  found: number
  note: string | null
}

export interface PatrolTables {
  patrol_log: PatrolLogTable
}
