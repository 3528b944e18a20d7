import type { Actor } from '../auth.ts'
import type { Trx } from '../db/open.ts'
import type { Calendar } from '../deadline.ts'
import { AppError } from '../errors.ts'
import type { Standing } from './rules.ts'
import type { WholeSlip } from './store.ts'

/** What an action gets: everything it may read, and the transaction that it writes in. */
export interface Act extends WholeSlip {
  trx: Trx
  actor: Actor
  standing: Standing
  calendar: Calendar
  /** Unit of each drafter. */
  drafterUnits: ReadonlyMap<number, number | null>
  /** Epoch ms. */
  now: number
}

/** Wrong content, as opposed to wrong person or time. */
export const refuse = (message: string, details: Record<string, unknown> = {}): AppError =>
  new AppError('request.invalid', { message, details })

/** W of requirements.md: allowed, once a reason is given; the screen asks for it and sends `reason` along. */
export const needReason = (message: string, warnings: string[] = [message]): AppError =>
  refuse(message, { needsReason: true, warnings })
