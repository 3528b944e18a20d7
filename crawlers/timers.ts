/** The clock that requests wait by: the machine's, or a faster one where a day is simulated. */
export interface Timers {
  /** Epoch ms. */
  now(): number
  /** Calls back once after so many ms of this clock; returns how to call it off. */
  after(ms: number, call: () => void): () => void
}

export const REAL_TIMERS: Timers = {
  now: Date.now,
  after(ms, call) {
    const timer = setTimeout(call, Math.max(0, ms))
    return () => clearTimeout(timer)
  },
}
