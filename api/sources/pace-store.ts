import { LADDER_MS, nextDay } from '../../crawlers/pace.ts'
import type { Pace } from '../../crawlers/site.ts'
import type { Db } from '../db/open.ts'
import { shanghaiDay } from '../deadline.ts'

export interface HostState {
  requestsToday: number
  breaker: { level: number; until: number; reason: string } | null
}

export async function hostState(db: Db, host: string, now: number): Promise<HostState> {
  const row = await db.selectFrom('host').selectAll().where('host', '=', host).executeTakeFirst()
  const until = row?.breaker_until ?? 0
  return {
    requestsToday: row?.day === shanghaiDay(now) ? row.requests : 0,
    breaker:
      row && until > now
        ? { level: row.breaker_level, until, reason: row.breaker_reason ?? '来源受限' }
        : null,
  }
}

/** The pace that outlives a restart: counts of the day and breakers per host, in the database. */
export function storedPace(db: Db, now: () => number): Pace {
  const ensure = (host: string) =>
    db
      .insertInto('host')
      .values({
        host,
        day: shanghaiDay(now()),
        requests: 0,
        breaker_level: 0,
        breaker_until: null,
        breaker_reason: null,
      })
      .onConflict(conflict => conflict.column('host').doNothing())
      .execute()
  return {
    async hold(host, dailyCeiling) {
      const { breaker, requestsToday } = await hostState(db, host, now())
      if (breaker) return breaker
      return requestsToday >= dailyCeiling ? { until: nextDay(now()), reason: '已到当日访问上限' } : null
    },
    async count(host) {
      await ensure(host)
      const day = shanghaiDay(now())
      await db
        .updateTable('host')
        .set(eb => ({
          day,
          requests: eb
            .case()
            .when('day', '=', day)
            .then(eb('requests', '+', 1))
            .else(1)
            .end(),
        }))
        .where('host', '=', host)
        .execute()
    },
    async trip(host, reason) {
      await ensure(host)
      const row = await db
        .selectFrom('host')
        .select('breaker_level')
        .where('host', '=', host)
        .executeTakeFirstOrThrow()
      const until = now() + (LADDER_MS[Math.min(row.breaker_level, LADDER_MS.length - 1)] as number)
      await db
        .updateTable('host')
        .set({
          breaker_level: Math.min(row.breaker_level + 1, LADDER_MS.length),
          breaker_until: until,
          breaker_reason: reason,
        })
        .where('host', '=', host)
        .execute()
      return until
    },
    async recover(host) {
      await db
        .updateTable('host')
        .set({ breaker_level: 0, breaker_until: null, breaker_reason: null })
        .where('host', '=', host)
        .where('breaker_level', '>', 0)
        .execute()
    },
  }
}
