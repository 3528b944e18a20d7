import type { CrawlErrorKind } from '../../crawlers/site.ts'
import type { Db } from '../db/open.ts'
import { type Alarm, alarmsOf } from './alarms.ts'
import { loadPlan } from './plan-store.ts'
import { loadRhythms, recentDates } from './rhythm-store.ts'

export interface SourceAlarm extends Alarm {
  source: string
  name: string
}

/** What is wrong with the sources that are on, now. */
export async function sourceAlarms(db: Db, now: number): Promise<SourceAlarm[]> {
  const dates = await recentDates(db, now)
  const plans = await loadPlan(db, now, await loadRhythms(db, now))
  return plans.flatMap(({ source: { config }, host, boards }) => {
    const nameOf = (key: string) => config.boards.find(board => board.key === key)?.name ?? key
    const facts = boards.map(({ board, row, rhythm }) => ({
      name: nameOf(board),
      rhythm,
      watchedSince: row?.watched_since ?? now,
      readAt: row?.read_at ?? null,
      newsAt: row?.news_at ?? null,
      failures: row?.failures ?? 0,
      errorKind: (row?.error_kind ?? null) as CrawlErrorKind | null,
      emptyReads: row?.empty_reads ?? 0,
      missedReads: row?.missed_reads ?? 0,
    }))
    const recent = dates.get(config.id) ?? { posts: 0, undated: 0 }
    const alarms = alarmsOf({ breaker: host.breaker, boards: facts, recent }, now)
    return alarms.map(alarm => ({ source: config.id, name: config.name, ...alarm }))
  })
}
