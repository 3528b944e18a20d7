import type { Db, Trx } from '../db/open.ts'
import { eventsThatMatter } from '../events/view-store.ts'
import { personList } from '../people/store.ts'
import type { BurstKind, Sensitivity } from '../vocabulary.ts'
import type { Burst, Evidence } from './rules.ts'

export interface OpenBurst extends Burst {
  id: number
}

export const seriesKey = (kind: BurstKind, key: string): string => `${kind}\n${key}`

/** Bursts that are not over, by series. */
export async function openBursts(db: Db): Promise<Map<string, OpenBurst>> {
  const rows = await db.selectFrom('burst').selectAll().where('closed_at', 'is', null).execute()
  return new Map(
    rows.map(row => [
      seriesKey(row.kind, row.key),
      {
        id: row.id,
        startedAt: row.started_at,
        lastAlarmAt: row.last_alarm_at,
        noticedPosts: row.noticed_posts,
        notices: row.notices,
      },
    ]),
  )
}

const rowOf = (burst: Burst, posts: number) => ({
  started_at: burst.startedAt,
  last_alarm_at: burst.lastAlarmAt,
  noticed_posts: burst.noticedPosts,
  notices: burst.notices,
  posts,
})

export async function openBurst(
  trx: Trx,
  series: { kind: BurstKind; key: string },
  burst: Burst,
  posts: number,
  evidence: Evidence,
): Promise<number> {
  const { id } = await trx
    .insertInto('burst')
    .values({ ...series, ...rowOf(burst, posts), closed_at: null, evidence: JSON.stringify(evidence) })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** `evidence` is left as it was where there is no new alarm. */
export async function keepBurst(
  trx: Trx,
  id: number,
  burst: Burst,
  posts: number,
  evidence: Evidence | null,
): Promise<void> {
  await trx
    .updateTable('burst')
    .set({ ...rowOf(burst, posts), ...(evidence && { evidence: JSON.stringify(evidence) }) })
    .where('id', '=', id)
    .execute()
}

export const closeBurst = (trx: Trx, id: number, at: number) =>
  trx.updateTable('burst').set({ closed_at: at }).where('id', '=', id).execute()

export interface HourCount {
  hour: number
  source: string
  topic: string
  posts: number
  flagged: number
}

export async function hourCounts(db: Db, since: number): Promise<HourCount[]> {
  const rows = await db
    .selectFrom('hourly')
    .select(['hour', 'source_id', 'topic', 'posts', 'flagged'])
    .where('hour', '>=', since)
    .where('posts', '>', 0)
    .execute()
  return rows.map(({ source_id, posts, flagged, ...row }) => ({
    ...row,
    source: source_id,
    posts: Number(posts),
    flagged: Number(flagged),
  }))
}

/** Since when anything is counted; null = nothing yet. */
export async function countedSince(db: Db): Promise<number | null> {
  const { since } = await db
    .selectFrom('hourly')
    .select(eb => eb.fn.min('hour').as('since'))
    .executeTakeFirstOrThrow()
  return since === null ? null : Number(since)
}

/** Times of all posts of the events that had one since then, or are among `ids`. */
export async function eventTimes(
  db: Db,
  since: number,
  ids: readonly number[],
): Promise<Map<number, number[]>> {
  const rows = await db
    .selectFrom('event_post')
    .select(['event_id', 'at'])
    .where(eb =>
      eb.or([
        eb(
          'event_id',
          'in',
          eb
            .selectFrom('event_post')
            .select('event_id')
            .where('at', '>=', since)
            .where('event_id', 'in', eventsThatMatter(db)),
        ),
        ...(ids.length ? [eb('event_id', 'in', ids)] : []),
      ]),
    )
    .execute()
  const times = new Map<number, number[]>()
  for (const { event_id, at } of rows) {
    const list = times.get(event_id as number)
    if (list) list.push(at)
    else times.set(event_id as number, [at])
  }
  return times
}

export async function sensitivityOf(db: Db): Promise<Sensitivity> {
  const row = await db
    .selectFrom('burst_setting')
    .select('sensitivity')
    .where('id', '=', 1)
    .executeTakeFirst()
  return (row?.sensitivity ?? 'middle') as Sensitivity
}

export async function setSensitivity(
  trx: Trx,
  sensitivity: Sensitivity,
  actorId: number,
  at: number,
): Promise<void> {
  const values = { sensitivity, set_by: actorId, set_at: at }
  await trx
    .insertInto('burst_setting')
    .values({ id: 1, ...values })
    .onConflict(conflict => conflict.column('id').doUpdateSet(values))
    .execute()
}

export interface BurstRow {
  id: number
  kind: BurstKind
  key: string
  startedAt: number
  lastAlarmAt: number
  open: boolean
  posts: number
  notices: number
  evidence: Evidence
}

/** Newest alarm first. */
export async function burstList(db: Db, since: number): Promise<BurstRow[]> {
  const rows = await db
    .selectFrom('burst')
    .selectAll()
    .where('last_alarm_at', '>=', since)
    .orderBy('last_alarm_at', 'desc')
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
  return rows.map(row => ({
    id: row.id,
    kind: row.kind,
    key: row.key,
    startedAt: row.started_at,
    lastAlarmAt: row.last_alarm_at,
    open: row.closed_at === null,
    posts: Number(row.posts),
    notices: row.notices,
    evidence: JSON.parse(row.evidence) as Evidence,
  }))
}

/** Who is told: every duty officer and the office (design §5.9). */
export async function peopleToTell(db: Db): Promise<number[]> {
  const people = await personList(db)
  return people
    .filter(
      ({ active, roles }) => active && roles.some(role => ['duty', 'office', 'office_head'].includes(role)),
    )
    .map(({ id }) => id)
}
