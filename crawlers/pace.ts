import type { Pace } from './site.ts'

const MINUTE = 60_000
/** Stop ladder of sites.md §10. */
export const LADDER_MS = [30 * MINUTE, 120 * MINUTE, 720 * MINUTE] as const

interface HostState {
  day: string
  requests: number
  turnUntil: number
  level: number
  until: number
  reason: string
}

const shanghaiDay = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)
/** When the day's ceiling is over, epoch ms. */
export const nextDay = (at: number): number => Date.parse(`${shanghaiDay(at)}T16:00:00Z`)

export const CEILING_REASON = '已到当日访问上限'

/** For one run without a database (`crawl FILE`) and for tests. */
export function memoryPace(now: () => number): Pace {
  const hosts = new Map<string, HostState>()
  const of = (host: string): HostState => {
    const day = shanghaiDay(now())
    const known = hosts.get(host) ?? { day, requests: 0, turnUntil: 0, level: 0, until: 0, reason: '' }
    hosts.set(host, known)
    if (known.day !== day) Object.assign(known, { day, requests: 0 })
    return known
  }
  return {
    async take(host, { dailyCeiling, delayMs }) {
      const state = of(host)
      const { until, reason, turnUntil, requests } = state
      if (until > now()) return { until, reason, passing: false }
      if (requests >= dailyCeiling) return { until: nextDay(now()), reason: CEILING_REASON, passing: false }
      if (turnUntil > now()) return { until: turnUntil, reason: '', passing: true }
      state.requests++
      state.turnUntil = now() + delayMs
      return null
    },
    async keep(host, delayMs) {
      of(host).turnUntil = now() + delayMs
    },
    async trip(host, reason, notBefore = 0) {
      const state = of(host)
      const step = LADDER_MS[Math.min(state.level, LADDER_MS.length - 1)] as number
      state.until = Math.max(now() + step, notBefore)
      state.level = Math.min(state.level + 1, LADDER_MS.length)
      state.reason = reason
      return state.until
    },
    async pause(host, reason, until) {
      Object.assign(of(host), { reason, until })
    },
    async recover(host) {
      of(host).level = 0
    },
  }
}
