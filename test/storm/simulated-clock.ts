/**
 * The clock of a process that another one moves on: `{ tick: epoch ms }` over the channel, answered when it has acted, with
 * whether files are still being written or a connection made.
 */
import type { Timers } from '../../crawlers/timers.ts'

export interface Told {
  at: number
  busy: boolean
}

const BUSY = /^(FSReq|TCPConnect|GetAddrInfo|WriteWrap|Zlib)/

export interface SimulatedClock {
  now(): number
  timers: Timers
}

export function simulatedClock(start: number): SimulatedClock {
  let now = start
  const waiting = new Map<number, { at: number; call: () => void }>()
  let number = 0

  function fire(): void {
    const due = [...waiting].filter(([, { at }]) => at <= now).sort(([, a], [, b]) => a.at - b.at)
    // One may call off another.
    for (const [id, { call }] of due) if (waiting.delete(id)) call()
  }

  process.on('message', (message: { tick: number }) => {
    now = message.tick
    fire()
    setImmediate(() => {
      const busy = process.getActiveResourcesInfo().some(name => BUSY.test(name))
      process.send?.({ at: now, busy } satisfies Told)
    })
  })
  return {
    now: () => now,
    timers: {
      now: () => now,
      after(ms, call) {
        const id = ++number
        waiting.set(id, { at: now + Math.max(0, ms), call })
        return () => void waiting.delete(id)
      },
    },
  }
}
