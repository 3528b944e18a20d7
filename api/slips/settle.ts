import type { Trx } from '../db/open.ts'
import { settledState, stopInstant } from './progress.ts'
import { loadSlip, saveClock, updateSlip, type WholeSlip } from './store.ts'

/**
 * Brings clocks and state in line with the slip's records, after any act that added, removed or corrected one. An open
 * request to extend a clock that has stopped lapses. Returns the slip as it is then.
 */
export async function settle(trx: Trx, slipId: number): Promise<WholeSlip> {
  const whole = await loadSlip(trx, slipId)
  for (const clock of whole.clocks) {
    const stopped_at = stopInstant(whole, clock.round)
    if (stopped_at !== clock.stopped_at) await saveClock(trx, { ...clock, stopped_at, remind_at: 0 })
    if (stopped_at !== null && clock.round === whole.slip.round) await lapseExtensions(trx, slipId)
  }
  const status = settledState(whole)
  if (status !== whole.slip.status)
    await updateSlip(trx, slipId, { status, ...(status === 'drafting' && { review_text_id: null }) })
  return loadSlip(trx, slipId)
}

/** Nothing is left to decide: the clock has stopped, or runs by another level. */
export const lapseExtensions = (trx: Trx, slipId: number) =>
  trx
    .updateTable('slip_extension')
    .set({ state: 'lapsed' })
    .where('slip_id', '=', slipId)
    .where('state', '=', 'open')
    .execute()
