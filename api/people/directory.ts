import type { Db } from '../db/open.ts'
import type { Day } from '../deadline.ts'
import type { Role } from '../vocabulary.ts'
import { chargeList, deputyList } from './authority-store.ts'
import { officerList } from './officers.ts'
import { type Person, personList } from './store.ts'
import { type Unit, unitList } from './unit-store.ts'

/** Who holds which office on a day; read once and asked often (reminders, leading groups, vacancies). */
export interface Directory {
  day: Day
  units: Unit[]
  /** Active persons with that role, of one unit or of all. */
  withRole(role: Role, unitId?: number): number[]
  /** 处室负责人; 办公室主任 for 办公室. */
  heads(unitId: number): number[]
  /** S-3: 专员 and deputies of a unit who are in office on the day; 办公室 is its own. */
  officers(unitId: number): number[]
  /** 分管领导 of a unit. */
  leaders(unitId: number): number[]
  /** Leaders in charge of a matter across units, such as 网络舆情. */
  leadersOf(matter: string): number[]
  /** These, and whoever stands in for one of them on the day. */
  withStandIns(ids: readonly number[]): number[]
  person(id: number): Person | undefined
}

const inForce = (day: Day, from: Day, to: Day | null): boolean => from <= day && (to === null || day <= to)

export async function loadDirectory(db: Db, day: Day): Promise<Directory> {
  const people = (await personList(db)).filter(({ active }) => active)
  const byId = new Map(people.map(person => [person.id, person]))
  const charges = (await chargeList(db)).filter(each => inForce(day, each.validFrom, each.validTo))
  const register = await officerList(db)
  const lent = (await deputyList(db)).filter(
    each => each.revokedAt === null && inForce(day, each.validFrom, each.validTo) && byId.has(each.deputyId),
  )
  const units = (await unitList(db)).filter(each => inForce(day, each.activeFrom, each.activeTo))
  const leading = (matches: (charge: (typeof charges)[number]) => boolean) =>
    charges.filter(charge => matches(charge) && byId.has(charge.leaderId)).map(({ leaderId }) => leaderId)
  const withRole = (role: Role, unitId?: number) =>
    people
      .filter(({ roles, unitId: own }) => roles.includes(role) && (unitId === undefined || own === unitId))
      .map(({ id }) => id)
  const isOffice = (unitId: number) => units.some(({ id, kind }) => id === unitId && kind === 'office')
  return {
    day,
    units,
    withRole,
    heads: unitId => withRole(isOffice(unitId) ? 'office_head' : 'head', unitId),
    officers(unitId) {
      const entries = register.filter(entry => entry.unitId === unitId && byId.has(entry.personId))
      const dated = new Set(entries.map(({ personId }) => personId))
      // Whoever has the role and no dates is in office as long as he has the role.
      const roles: Role[] = isOffice(unitId) ? ['duty', 'office'] : ['duty']
      const undated = roles.flatMap(role => withRole(role, unitId)).filter(id => !dated.has(id))
      const now = entries.filter(({ validFrom, validTo }) => inForce(day, validFrom, validTo))
      return [...new Set([...now.map(({ personId }) => personId), ...undated])]
    },
    leaders: unitId => leading(charge => charge.unitId === unitId),
    leadersOf: matter => leading(charge => charge.matter === matter),
    withStandIns: ids => [
      ...new Set([
        ...ids,
        ...lent.filter(({ principalId }) => ids.includes(principalId)).map(({ deputyId }) => deputyId),
      ]),
    ],
    person: id => byId.get(id),
  }
}
