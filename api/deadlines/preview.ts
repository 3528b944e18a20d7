import { makeCalendar, type Override, type YearNotice } from '../calendar/rules.ts'
import { noticesInForce, overridesInForce } from '../calendar/store.ts'
import type { Db } from '../db/open.ts'
import { type MovedClock, previewRecount } from '../slips/recount.ts'

export interface CalendarChange {
  notice?: YearNotice
  overrides?: Override[]
}

const SHOWN = 200

/** What a notice or a local closure that is not entered yet would do to every open deadline. */
export async function previewCalendar(
  db: Db,
  change: CalendarChange,
  now: number,
): Promise<{ moved: MovedClock[]; total: number; checked: number }> {
  const { notice } = change
  const kept = (await noticesInForce(db)).filter(({ year }) => year !== notice?.year)
  const overrides = [...(await overridesInForce(db)), ...(change.overrides ?? [])]
  const calendar = makeCalendar(notice ? [...kept, notice] : kept, overrides)
  return previewRecount(db, calendar, now, SHOWN)
}
