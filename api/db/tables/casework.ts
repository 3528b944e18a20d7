import type { Generated } from 'kysely'

/**
 * Append-only audit, hash-chained per case: hash = SHA-256(prev_hash + canonical JSON of the entry).
 * case_kind 'slip' | 'post' | 'event' | 'person' | 'source' | 'calendar' | 'system'.
 */
export interface AuditEntryTable {
  id: Generated<number>
  case_kind: string
  case_id: string
  seq: number
  at: number
  actor_id: number | null
  /** Principal, where a deputy acted. */
  for_id: number | null
  action: string
  /** JSON: what, before, after. */
  detail: string
  prev_hash: string
  hash: string
}

/** Daily root over the heads of all chains (Shanghai day). */
export interface AuditRootTable {
  day: string
  made_at: number
  chains: number
  /** JSON [[case_kind, case_id, seq, hash], …] sorted. */
  heads: string
  prev_hash: string
  hash: string
}

/** Switches of requirements.md §6 as dated settings. */
export interface SettingTable {
  key: string
  valid_from: string
  value: string
  set_by: number | null
  set_at: number
}

export interface CaseworkTables {
  audit_entry: AuditEntryTable
  audit_root: AuditRootTable
  setting: SettingTable
}
