/** Whether a crawl kept to what a place asks, judged by what the place wrote down. Each fault is one line. */
import type { ReplicaSite } from '../replica/host.ts'
import { IDLE_TICK_MS, TICK_MS } from './simulation.ts'
import { DELAY_SECONDS, type StormRun } from './storm-run.ts'

/** A worker that dies this soon after a refusal had no time to write it down. */
const WRITE_MS = 1_500

const name = ({ source }: ReplicaSite): string => source.id
const clock = (at: number): string => new Date(at).toISOString().slice(11, 23)

export function tooFast({ replicas }: StormRun): string[] {
  const least = DELAY_SECONDS * 1000 - TICK_MS
  return replicas.flatMap(replica =>
    replica.requests.flatMap((request, i) => {
      const before = replica.requests[i - 1]
      return before && request.at - before.at < least
        ? [`${name(replica)} ${clock(request.at)} ${request.at - before.at} ms after the one before`]
        : []
    }),
  )
}

export const twoAtOnce = ({ replicas }: StormRun): string[] =>
  replicas.flatMap(replica =>
    replica.host.most > 1 ? [`${name(replica)}: ${replica.host.most} requests at once`] : [],
  )

/** Paths that robots.txt forbids; and every life of the worker reads the file first. */
export async function againstRobots({ replicas }: StormRun): Promise<string[]> {
  const faults: string[] = []
  for (const replica of replicas) {
    const forbidden = [...replica.robots.matchAll(/^Disallow: (\S+?)\*?$/gm)].map(found => found[1] as string)
    const lives = Map.groupBy(replica.requests, ({ userAgent }) => userAgent)
    for (const [life, [first]] of lives)
      if (first?.url !== '/robots.txt') faults.push(`${name(replica)} ${life} began with ${first?.url}`)
    for (const { url } of replica.requests)
      if (forbidden.some(path => url.startsWith(path))) faults.push(`${name(replica)} ${url}`)
  }
  return faults
}

/** Requests to a place that had told us to stay away. */
export function unwelcome({ replicas, weather, kills }: StormRun): string[] {
  return replicas.flatMap(replica =>
    (weather.get(replica)?.stops ?? []).flatMap(stop => {
      const died = kills.some(({ at }) => at >= stop.at && at <= stop.at + WRITE_MS)
      const next = replica.requests.find(({ at }) => at > stop.at)
      const early = next && next.at < stop.until - IDLE_TICK_MS
      return early && !died
        ? [`${name(replica)} ${stop.what} ${clock(stop.at)} ${stop.url}: next ${clock(next.at)} ${next.url}`]
        : []
    }),
  )
}
