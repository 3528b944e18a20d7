import type { Level, SlipState } from '../vocabulary.ts'

export type { CalendarYear } from '../calendar/routes.ts'
export type { DeadlineStep } from '../deadline.ts'

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
