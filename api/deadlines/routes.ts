import type { Level, SlipState } from '../vocabulary.ts'

/** One day of the sum: 第1日 9月28日（星期日，调休上班）. */
export interface DeadlineStep {
  day: string
  /** 0 = the day of discovery, not counted; null = a day off that is passed over. */
  number: number | null
  text: string
}

/** GET /api/deadlines -> DeadlineRow[] (open clocks, soonest first) — 期限看板 */
export interface DeadlineRow {
  slipId: number
  number: string | null
  title: string
  level: Level | null
  status: SlipState
  unit: string | null
  foundAt: number
  dueAt: number | null
  provisional: boolean
  /** Computed at read: overdue | today | tomorrow | later | none. */
  urgency: 'overdue' | 'today' | 'tomorrow' | 'later' | 'none'
  waitingFor: string
  extended: boolean
}

/** GET /api/calendar/:year -> CalendarYear */
export interface CalendarYear {
  year: number
  /** Number of the State Council notice; null = not published: provisional. */
  notice: string | null
  off: string[]
  work: string[]
}
