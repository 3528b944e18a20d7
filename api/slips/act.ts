import type { Actor } from '../auth.ts'
import type { Trx } from '../db/open.ts'
import { type Calendar, type Day, shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import type { Settings } from '../settings/rules.ts'
import type { Counting } from './clock.ts'
import type { Standing } from './rules.ts'
import type { WholeSlip } from './store.ts'

/** What an action gets: everything it may read, and the transaction that it writes in. */
export interface Act extends WholeSlip {
  trx: Trx
  actor: Actor
  standing: Standing
  calendar: Calendar
  /** The switches as of any day: what was found earlier is counted by what held then. */
  settingsOn(day: Day): Settings
  /** Unit of each drafter. */
  drafterUnits: ReadonlyMap<number, number | null>
  /** Epoch ms. */
  now: number
}

/** How the days of a discovery are counted. */
export const countingFrom = (act: Pick<Act, 'calendar' | 'settingsOn'>, foundAt: number): Counting => ({
  calendar: act.calendar,
  settings: act.settingsOn(shanghaiDay(foundAt)),
})

/** Wrong content, as opposed to wrong person or time. */
export const refuse = (message: string, details: Record<string, unknown> = {}): AppError =>
  new AppError('request.invalid', { message, details })

/** W of requirements.md: allowed, once a reason is given; the screen asks for it and sends `reason` along. */
export const needReason = (message: string, rule: string, warnings: string[] = [message]): AppError =>
  refuse(message, { needsReason: true, warnings, rule })
