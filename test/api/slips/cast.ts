import type { Context } from '../../../api/context.ts'
import type { Trx } from '../../../api/db/open.ts'
import { createCharge, createDeputy, revokeDeputy } from '../../../api/people/authority-store.ts'
import { createPerson } from '../../../api/people/store.ts'
import { unitList } from '../../../api/people/unit-store.ts'
import type { Role } from '../../../api/vocabulary.ts'

/** The units of the cases: who fills a slip in, who is responsible, who has nothing to do with it. */
export const UNITS = {
  office: '办公室',
  own: '安全生产基础处',
  lead: '危险化学品安全监督管理处',
  other: '救援协调和预案管理处',
} as const

/** Every kind of person that requirements.md §5.1 knows, by unit and role. */
const PEOPLE: Record<string, [unit: keyof typeof UNITS, ...roles: Role[]]> = {
  ownDuty: ['own', 'duty'],
  ownStaff: ['own', 'staff'],
  ownHead: ['own', 'head'],
  leadDuty: ['lead', 'duty'],
  leadStaff: ['lead', 'staff'],
  leadHead: ['lead', 'head'],
  otherDuty: ['other', 'duty'],
  otherStaff: ['other', 'staff'],
  otherHead: ['other', 'head'],
  officer: ['office', 'office'],
  officeChief: ['office', 'office_head'],
  inCharge: ['office', 'leader'],
  inChargeOfOwn: ['office', 'leader'],
  otherLeader: ['office', 'leader'],
  netLeader: ['office', 'leader'],
  bureauChief: ['office', 'chief'],
  inspector: ['office', 'discipline'],
  // Works for the responsible unit and stands in for its leader: may write or approve, never both.
  dual: ['lead', 'staff', 'leader'],
  actingHead: ['lead', 'liaison'],
  actingLeader: ['office', 'leader'],
  actingChief: ['office', 'leader'],
  actingOfficeHead: ['office', 'office'],
  pastHead: ['lead', 'liaison'],
  pastLeader: ['office', 'leader'],
  futureLeader: ['office', 'leader'],
  revokedLeader: ['office', 'leader'],
  pastChief: ['office', 'leader'],
  pastOfficeHead: ['office', 'office'],
  clerk: ['own', 'liaison'],
  bookkeeper: ['own', 'finance'],
  operator: ['office', 'admin'],
}

export type Kind = keyof typeof PEOPLE
export const KINDS = Object.keys(PEOPLE)

/** Lent rights: deputy, principal, first and last day; `revoked` = taken back the same day. */
function lendings(
  today: string,
): [deputy: string, principal: string, from: string, to: string, revoked?: boolean][] {
  return [
    ['dual', 'inCharge', today, today],
    ['actingHead', 'leadHead', today, today],
    ['actingLeader', 'inCharge', today, today],
    ['actingChief', 'bureauChief', today, today],
    ['actingOfficeHead', 'officeChief', today, today],
    ['pastHead', 'leadHead', '2019-04-17', '2019-05-05'],
    ['pastLeader', 'inCharge', '2019-04-17', '2019-05-05'],
    ['futureLeader', 'inCharge', '2030-01-01', '2030-12-31'],
    ['revokedLeader', 'inCharge', today, today, true],
    ['pastChief', 'bureauChief', '2019-04-17', '2019-05-05'],
    ['pastOfficeHead', 'officeChief', '2019-04-17', '2019-05-05'],
  ]
}

/** Puts the cast beside the demo people; charges are made anew: V2, V1, V3 and one more leader. Returns ids by kind. */
export async function addCast(
  { db, now }: Context,
  today: string,
): Promise<{ people: Map<string, number>; units: Map<keyof typeof UNITS, number> }> {
  return db.transaction().execute(async trx => {
    const all = await unitList(trx)
    const units = new Map(
      Object.entries(UNITS).map(([key, name]) => [
        key as keyof typeof UNITS,
        all.find(unit => unit.name === name)?.id as number,
      ]),
    )
    // There is one 主要领导 (S-1): here the cast's.
    await trx.updateTable('person').set({ roles: '[]' }).where('login', '=', 'chief').execute()
    const people = new Map<string, number>()
    for (const [kind, [unit, ...roles]] of Object.entries(PEOPLE)) {
      const login = kind.toLowerCase()
      const unitId = units.get(unit) as number
      const person = { login, name: kind, unitId, roles, password: null, mustChangePassword: false }
      people.set(kind, await createPerson(trx, person, now()))
    }
    await trx.deleteFrom('charge').execute()
    await charge(trx, people, units, 'inCharge', 'lead')
    await charge(trx, people, units, 'inChargeOfOwn', 'own')
    await charge(trx, people, units, 'otherLeader', 'other')
    await charge(trx, people, units, 'netLeader', 'office')
    const netLeader = people.get('netLeader') as number
    const since = { validFrom: '2019-04-17' }
    await createCharge(trx, { leaderId: netLeader, unitId: null, matter: '网络舆情', ...since })
    for (const [deputy, principal, validFrom, validTo, revoked] of lendings(today)) {
      const [deputyId, principalId] = [people.get(deputy) as number, people.get(principal) as number]
      const dates = { validFrom, validTo, reason: '出差' }
      const id = await createDeputy(trx, { deputyId, principalId, ...dates }, principalId, now())
      if (revoked) await revokeDeputy(trx, id, now())
    }
    return { people, units }
  })
}

const charge = (
  trx: Trx,
  people: Map<string, number>,
  units: Map<keyof typeof UNITS, number>,
  leader: string,
  unit: keyof typeof UNITS,
) =>
  createCharge(trx, {
    leaderId: people.get(leader) as number,
    unitId: units.get(unit) as number,
    matter: null,
    validFrom: '2019-04-17',
  })
