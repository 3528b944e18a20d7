import { CEILING_REASON, LADDER_MS, nextDay } from '../../crawlers/pace.ts'
import type { Pace } from '../../crawlers/site.ts'
import type { Db, Trx } from '../db/open.ts'
import { shanghaiDay } from '../deadline.ts'

export interface HostState {
  requestsToday: number
  /** Crawl-delay of its robots.txt, seconds. */
  crawlDelay: number
  /** level 0 = it does not answer; 1..3 = breaker. */
  breaker: { level: number; until: number; reason: string } | null
}

const UNKNOWN: HostState = { requestsToday: 0, crawlDelay: 0, breaker: null }

export async function hostStates(db: Db, now: number): Promise<(host: string) => HostState> {
  const rows = await db.selectFrom('host').selectAll().execute()
  const states = new Map(
    rows.map(row => {
      const until = row.breaker_until ?? 0
      const state: HostState = {
        requestsToday: row.day === shanghaiDay(now) ? row.requests : 0,
        crawlDelay: row.crawl_delay,
        breaker:
          until > now ? { level: row.breaker_level, until, reason: row.breaker_reason ?? '来源受限' } : null,
      }
      return [row.host, state]
    }),
  )
  return host => states.get(host) ?? UNKNOWN
}

export async function saveCrawlDelay(db: Db, host: string, seconds: number, now: number): Promise<void> {
  await ensure(db, host, now)
  await db
    .updateTable('host')
    .set({ crawl_delay: Math.ceil(seconds) })
    .where('host', '=', host)
    .execute()
}

const ensure = (db: Db, host: string, now: number) =>
  db
    .insertInto('host')
    .values({
      host,
      day: shanghaiDay(now),
      requests: 0,
      breaker_level: 0,
      breaker_until: null,
      breaker_reason: null,
      turn_until: null,
    })
    .onConflict(conflict => conflict.column('host').doNothing())
    .execute()

const hostRow = (trx: Trx, host: string) =>
  trx.selectFrom('host').selectAll().where('host', '=', host).executeTakeFirstOrThrow()

/** The pace that outlives a restart and holds between processes: turns, counts of the day, breakers, per host. */
export function storedPace(db: Db, now: () => number): Pace {
  /** Hosts that this process has asked before. */
  const asked = new Set<string>()
  const set = (host: string, row: object) =>
    db.updateTable('host').set(row).where('host', '=', host).execute()
  return {
    take: (host, { dailyCeiling, delayMs }) =>
      db.transaction().execute(async trx => {
        const at = now()
        await ensure(trx, host, at)
        const row = await hostRow(trx, host)
        const day = shanghaiDay(at)
        const requests = row.day === day ? row.requests : 0
        if (row.breaker_until !== null && row.breaker_until > at)
          return { until: row.breaker_until, reason: row.breaker_reason ?? '来源受限', passing: false }
        if (requests >= dailyCeiling) return { until: nextDay(at), reason: CEILING_REASON, passing: false }
        // A turn is renewed every half delay while its page is on the way. Whoever died in between may have asked as
        // late as that, so a process that is new to a host adds it.
        const turnUntil = (row.turn_until ?? 0) + (asked.has(host) ? 0 : Math.ceil(delayMs / 2))
        if (row.turn_until !== null && turnUntil > at) return { until: turnUntil, reason: '', passing: true }
        // Two workers on PostgreSQL may read the same row: only one of them changes it from what it saw.
        const mine = await trx
          .updateTable('host')
          .set({ day, requests: requests + 1, turn_until: at + Math.ceil(delayMs) })
          .where('host', '=', host)
          .where('requests', '=', row.requests)
          .where('day', '=', row.day)
          .returning('host')
          .execute()
        if (mine.length) asked.add(host)
        return mine.length ? null : { until: at + Math.ceil(delayMs), reason: '', passing: true }
      }),
    async keep(host, delayMs) {
      await set(host, { turn_until: now() + Math.ceil(delayMs) })
    },
    trip: (host, reason, notBefore = 0) =>
      db.transaction().execute(async trx => {
        await ensure(trx, host, now())
        const { breaker_level: level } = await hostRow(trx, host)
        const step = LADDER_MS[Math.min(level, LADDER_MS.length - 1)] as number
        const until = Math.max(now() + step, notBefore)
        const next = Math.min(level + 1, LADDER_MS.length)
        await trx
          .updateTable('host')
          .set({ breaker_level: next, breaker_until: until, breaker_reason: reason })
          .where('host', '=', host)
          .execute()
        return until
      }),
    async pause(host, reason, until) {
      await ensure(db, host, now())
      await set(host, { breaker_until: until, breaker_reason: reason })
    },
    async recover(host) {
      await db
        .updateTable('host')
        .set({ breaker_level: 0, breaker_until: null, breaker_reason: null })
        .where('host', '=', host)
        .where(eb => eb.or([eb('breaker_level', '>', 0), eb('breaker_until', 'is not', null)]))
        .execute()
    },
  }
}
