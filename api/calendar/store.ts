import type { Db, Trx } from '../db/open.ts'
import type { Calendar, Day } from '../deadline.ts'
import { makeCalendar, type Override, type YearNotice } from './rules.ts'

export interface StoredNotice extends YearNotice {
  version: number
}

/** The notice in force of every year, oldest year first. */
export async function noticesInForce(db: Db): Promise<StoredNotice[]> {
  const rows = await db
    .selectFrom('calendar_notice as n')
    .selectAll()
    .where(eb =>
      eb(
        'n.version',
        '=',
        eb
          .selectFrom('calendar_notice as m')
          .select(sub => sub.fn.max('m.version').as('newest'))
          .whereRef('m.year', '=', 'n.year'),
      ),
    )
    .orderBy('n.year')
    .execute()
  return rows.map(row => ({
    year: row.year,
    version: row.version,
    notice: row.notice,
    sources: JSON.parse(row.sources) as string[],
    off: JSON.parse(row.off) as YearNotice['off'],
    work: JSON.parse(row.work) as Day[],
  }))
}

/** Overrides in force, oldest entry first, so that the newest of a day wins. */
export async function overridesInForce(db: Db): Promise<(Override & { id: number; basis: string })[]> {
  const rows = await db
    .selectFrom('calendar_override')
    .select(['id', 'day', 'workday', 'reason', 'basis'])
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(row => ({ ...row, workday: row.workday === 1 }))
}

/** The calendar that clocks count with now. */
export async function loadCalendar(db: Db): Promise<Calendar> {
  return makeCalendar(await noticesInForce(db), await overridesInForce(db))
}

/** Adds a version of that year's notice; the ones before stay. Returns the version. */
export async function saveNotice(
  trx: Trx,
  notice: YearNotice,
  entry: { reason: string; by: number | null; at: number },
): Promise<number> {
  const last = await trx
    .selectFrom('calendar_notice')
    .select(eb => eb.fn.max('version').as('version'))
    .where('year', '=', notice.year)
    .executeTakeFirst()
  const version = (last?.version ?? 0) + 1
  await trx
    .insertInto('calendar_notice')
    .values({
      year: notice.year,
      version,
      notice: notice.notice,
      sources: JSON.stringify(notice.sources),
      off: JSON.stringify(notice.off),
      work: JSON.stringify(notice.work),
      reason: entry.reason,
      entered_by: entry.by,
      entered_at: entry.at,
    })
    .execute()
  return version
}

/**
 * Enters the delivered notices: years that are missing, and years that still had no number. What the bureau has
 * entered itself is left alone. Returns the years that were entered.
 */
export async function seedCalendar(trx: Trx, notices: readonly YearNotice[], now: number): Promise<number[]> {
  const known = new Map((await noticesInForce(trx)).map(({ year, notice }) => [year, notice]))
  const missing = notices.filter(({ year, notice }) => !known.has(year) || (!known.get(year) && notice))
  for (const notice of missing) await saveNotice(trx, notice, { reason: '随系统载入', by: null, at: now })
  return missing.map(({ year }) => year)
}

export async function addOverride(
  trx: Trx,
  override: Override & { basis: string },
  by: number,
  now: number,
): Promise<number> {
  const { id } = await trx
    .insertInto('calendar_override')
    .values({
      day: override.day,
      workday: override.workday ? 1 : 0,
      reason: override.reason,
      basis: override.basis,
      entered_by: by,
      entered_at: now,
      revoked_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** False where there is none in force. */
export async function revokeOverride(trx: Trx, id: number, now: number): Promise<boolean> {
  const rows = await trx
    .updateTable('calendar_override')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute()
  return rows.length === 1
}
