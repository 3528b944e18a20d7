/** Open clocks counted again when the calendar has changed; closed ones keep their verdict (requirements.md 4.3.11). */
import { loadCalendar } from '../calendar/store.ts'
import type { Context } from '../context.ts'
import { type Db, inTurn, type Trx } from '../db/open.ts'
import { type Calendar, shanghaiDay } from '../deadline.ts'
import { type StoredSetting, settingList, settingsOn } from '../settings/store.ts'
import type { Level } from '../vocabulary.ts'
import { lockSlip, noteUpkeep, systemAct } from './chain.ts'
import { runClock } from './clock.ts'
import { changedRows, sealedRow } from './seal.ts'
import { type ClockRow, saveClock } from './store.ts'

/** So many a transaction: others wait no longer than for these. */
const BATCH = 100
const CHANGE = { reason: '放假调休日历更新', by: '系统' }

type Stale = ClockRow & { level: string; number: string | null; title: string }

/** Open clocks by working days that were counted with another calendar, in the order of their slips. */
const staleClocks = (db: Db, version: string, after: number, limit: number): Promise<Stale[]> =>
  db
    .selectFrom('slip_clock as c')
    .innerJoin('slip', 'slip.id', 'c.slip_id')
    .selectAll('c')
    .select(['slip.level', 'slip.number', 'slip.title'])
    .where('c.stopped_at', 'is', null)
    .where('c.days', 'is not', null)
    .where('c.fixed', '=', 0)
    .where('c.calendar_version', '!=', version)
    .where('slip.status', 'not in', ['void', 'archived'])
    .where('c.slip_id', '>', after)
    .orderBy('c.slip_id')
    .orderBy('c.round')
    .limit(limit)
    .execute() as Promise<Stale[]>

/** The clock by that calendar. A date that has passed never moves to an earlier one. */
function counted(calendar: Calendar, settings: StoredSetting[], stale: Stale, now: number): ClockRow {
  const { level, number: _number, title: _title, ...clock } = stale
  const { slip_id: slipId, round, found_at: foundAt } = clock
  const counting = { calendar, settings: settingsOn(settings, shanghaiDay(foundAt)) }
  const input = { slipId, round, foundAt, level: level as Level, orderedAt: clock.due_at }
  const next = runClock(counting, input, clock, { at: now, ...CHANGE })
  const passed = clock.due_at !== null && clock.due_at <= now
  if (passed && next.due_at !== null && next.due_at < (clock.due_at as number))
    return { ...clock, calendar_version: calendar.version }
  return next.due_at === clock.due_at ? { ...next, history: clock.history } : next
}

export interface MovedClock {
  slipId: number
  number: string | null
  title: string
  round: number
  from: number | null
  to: number | null
  provisional: boolean
}

/** What a calendar that is not in force yet would move, at most `limit`, and how many in all. */
export async function previewRecount(
  db: Db,
  calendar: Calendar,
  now: number,
  limit: number,
): Promise<{ moved: MovedClock[]; total: number; checked: number }> {
  const settings = await settingList(db)
  const moved: MovedClock[] = []
  let [total, checked, after] = [0, 0, 0]
  for (;;) {
    const batch = await staleClocks(db, calendar.version, after, 1000)
    for (const stale of batch) {
      const next = counted(calendar, settings, stale, now)
      checked++
      if (next.due_at === stale.due_at) continue
      total++
      const { slip_id: slipId, number, title, round, due_at: from } = stale
      if (moved.length < limit)
        moved.push({
          slipId,
          number,
          title,
          round,
          from,
          to: next.due_at,
          provisional: next.provisional === 1,
        })
    }
    const last = batch.at(-1)
    if (!last || batch.length < 1000) return { moved, total, checked }
    after = last.slip_id
  }
}

/** Counts open clocks again with the calendar in force: old date and reason stay, and the slip's chain has the change. */
export async function recountClocks({ db, now }: Context): Promise<number> {
  const calendar = await loadCalendar(db)
  const settings = await settingList(db)
  let done = 0
  for (;;) {
    const count = await inTurn(db, async trx => {
      const batch = await staleClocks(trx, calendar.version, 0, BATCH)
      for (const { slip_id } of batch) await recountSlip(trx, slip_id, calendar, settings, now())
      return batch.length
    })
    done += count
    if (count < BATCH) return done
  }
}

const clockRows = (clock: ClockRow) => ({ slip_clock: { [clock.round]: sealedRow('slip_clock', clock) } })

async function recountSlip(
  trx: Trx,
  slipId: number,
  calendar: Calendar,
  settings: StoredSetting[],
  at: number,
): Promise<void> {
  // Locked first, then read again: whoever records an answer at this moment has stopped the clock, or waits.
  await lockSlip(trx, slipId)
  for (const stale of await staleClocks(trx, calendar.version, slipId - 1, 1)) {
    if (stale.slip_id !== slipId) return
    const next = await saveClock(trx, counted(calendar, settings, stale, at))
    const entry = { action: 'recount', rows: changedRows(clockRows(stale), clockRows(next)), at }
    if (next.due_at === stale.due_at) await noteUpkeep(trx, slipId, entry)
    else {
      const detail = { round: stale.round, from: stale.due_at, to: next.due_at, ...CHANGE }
      await systemAct(trx, slipId, { ...entry, detail })
    }
  }
}
