import type { Generated } from 'kysely'

/** A series (topic, source, event) that grew faster than its own baseline; open while `closed_at` is null. */
export interface BurstTable {
  id: Generated<number>
  kind: 'topic' | 'source' | 'event'
  /** Topic, source id or event id. */
  key: string
  started_at: number
  last_alarm_at: number
  closed_at: number | null
  /** Posts since it started. */
  posts: number
  /** `posts` when people were last told. */
  noticed_posts: number
  notices: number
  /** JSON Evidence (api/bursts/rules.ts) of the last alarm. */
  evidence: string
}

/** One row, where people changed it; none = middle. */
export interface BurstSettingTable {
  id: number
  sensitivity: string
  set_by: number | null
  set_at: number
}

export interface BurstTables {
  burst: BurstTable
  burst_setting: BurstSettingTable
}
