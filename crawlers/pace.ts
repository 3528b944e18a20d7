import type { Pace } from './site.ts'

const MINUTE = 60_000
/** Stop ladder of sites.md §10. */
export const LADDER_MS = [30 * MINUTE, 120 * MINUTE, 720 * MINUTE] as const

interface HostState {
  day: string
  requests: number
  level: number
  until: number
  reason: string
}

const shanghaiDay = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)
/** When the day's ceiling is over, epoch ms. */
export const nextDay = (at: number): number => Date.parse(`${shanghaiDay(at)}T16:00:00Z`)

/** For one run without a database (`crawl FILE`) and for tests. */
export function memoryPace(now: () => number): Pace {
  const hosts = new Map<string, HostState>()
  const of = (host: string): HostState => {
    const day = shanghaiDay(now())
    const known = hosts.get(host) ?? { day, requests: 0, level: 0, until: 0, reason: '' }
    hosts.set(host, known)
    if (known.day !== day) Object.assign(known, { day, requests: 0 })
    return known
  }
  return {
    async hold(host, dailyCeiling) {
      const { until, reason, requests } = of(host)
      if (until > now()) return { until, reason }
      return requests >= dailyCeiling ? { until: nextDay(now()), reason: '已到当日访问上限' } : null
    },
    async count(host) {
      of(host).requests++
    },
    async trip(host, reason) {
      const state = of(host)
      state.until = now() + (LADDER_MS[Math.min(state.level, LADDER_MS.length - 1)] as number)
      state.level = Math.min(state.level + 1, LADDER_MS.length)
      state.reason = reason
      return state.until
    },
    async recover(host) {
      of(host).level = 0
    },
  }
}
