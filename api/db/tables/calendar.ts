import type { Generated } from 'kysely'

/** One row per entry of a year's notice; the greatest version of a year is in force, older ones stay as history. */
export interface CalendarNoticeTable {
  year: number
  version: number
  /** Number of the State Council notice; null = not published yet: dates are provisional. */
  notice: string | null
  /** JSON [url, …]. */
  sources: string
  /** JSON [{day, name}, …]. */
  off: string
  /** JSON [day, …]. */
  work: string
  reason: string
  /** Person who entered it; null = delivered with the program. */
  entered_by: number | null
  entered_at: number
}

/** 本局调整 (typhoon, power cut…): a working day closed or a day off opened. */
export interface CalendarOverrideTable {
  id: Generated<number>
  day: string
  workday: number
  reason: string
  basis: string
  entered_by: number
  entered_at: number
  /** In force from then on; null = proposed. */
  approved_by: number | null
  approved_at: number | null
  revoked_at: number | null
}

export interface CalendarTables {
  calendar_notice: CalendarNoticeTable
  calendar_override: CalendarOverrideTable
}
