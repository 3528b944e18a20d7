import type { Db } from '../db/open.ts'
import { maskPersonal } from '../mask.ts'
import { personNames } from '../people/store.ts'
import { unitNames } from '../people/unit-store.ts'
import type { Level, SlipState } from '../vocabulary.ts'
import { onTime } from './clock.ts'
import type { SlipListItem } from './routes.ts'
import { waitingFor } from './rules.ts'
import { activeEntries, factsOf, type WholeSlip } from './store.ts'

export interface Names {
  person(id: number): { id: number; name: string }
  unit(id: number): { id: number; name: string }
}

export async function slipNames(db: Db, personIds: readonly number[]): Promise<Names> {
  const [people, units] = [await personNames(db, personIds), await unitNames(db)]
  return {
    person: id => ({ id, name: people.get(id) ?? '' }),
    unit: id => ({ id, name: units.get(id) ?? '' }),
  }
}

/** A slip as lists and registers show it. */
export function listItem(whole: WholeSlip, names: Names, now: number): SlipListItem {
  const { slip } = whole
  const clock = whole.clocks.find(({ round }) => round === slip.round) ?? null
  const first = whole.clocks.find(({ round }) => round === 1) ?? null
  return {
    id: slip.id,
    number: slip.number,
    status: slip.status as SlipState,
    level: slip.level as Level | null,
    title: maskPersonal(slip.title),
    unit: names.unit(slip.unit_id),
    leadUnit: slip.lead_unit_id === null ? null : names.unit(slip.lead_unit_id),
    foundAt: slip.found_at,
    dueAt: clock?.stopped_at === null ? (clock?.due_at ?? null) : null,
    provisional: clock?.provisional === 1,
    onTime: first ? onTime(first, now) : null,
    posts: activeEntries(whole).length,
    waitingFor: waitingFor(factsOf(whole)),
    version: slip.version,
  }
}
