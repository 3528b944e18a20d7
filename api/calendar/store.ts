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

export interface StoredOverride extends Override {
  id: number
  basis: string
  enteredBy: number
  /** null = proposed, waits for 办公室主任. */
  approvedAt: number | null
}

/** 本局调整 that were not taken back, proposed ones too; oldest first, so that the newest of a day wins. */
export async function overrideList(db: Db): Promise<StoredOverride[]> {
  const rows = await db
    .selectFrom('calendar_override')
    .select(['id', 'day', 'workday', 'reason', 'basis', 'entered_by', 'approved_at'])
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(({ entered_by, approved_at, workday, ...row }) => ({
    ...row,
    workday: workday === 1,
    enteredBy: entered_by,
    approvedAt: approved_at,
  }))
}

export const overridesInForce = async (db: Db): Promise<StoredOverride[]> =>
  (await overrideList(db)).filter(({ approvedAt }) => approvedAt !== null)

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

/** `approved`: by whoever enters it; else it waits. */
export async function addOverride(
  trx: Trx,
  override: Override & { basis: string },
  by: number,
  now: number,
  approved = true,
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
      approved_by: approved ? by : null,
      approved_at: approved ? now : null,
      revoked_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** False where there is none that waits. */
export async function approveOverride(trx: Trx, id: number, by: number, now: number): Promise<boolean> {
  const rows = await trx
    .updateTable('calendar_override')
    .set({ approved_by: by, approved_at: now })
    .where('id', '=', id)
    .where('approved_at', 'is', null)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute()
  return rows.length === 1
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
