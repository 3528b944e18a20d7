import { randomBytes } from 'node:crypto'
import { createAccount } from '../../api/accounts/store.ts'
import type { Trx } from '../../api/db/open.ts'
import { createCharge } from '../../api/people/authority-store.ts'
import { createPerson } from '../../api/people/store.ts'
import { unitList } from '../../api/people/unit-store.ts'
import type { Role } from '../../api/vocabulary.ts'

export interface DemoPerson {
  login: string
  name: string
  unit: string
  roles: Role[]
  password: string
}

const CHEMICALS = '危险化学品安全监督管理处'

/** One named person per role; names are invented. */
const PEOPLE: Omit<DemoPerson, 'password'>[] = [
  { login: 'duty', name: '周晓岚', unit: CHEMICALS, roles: ['duty'] },
  { login: 'staff', name: '陈立群', unit: CHEMICALS, roles: ['staff'] },
  { login: 'head', name: '吴建宁', unit: CHEMICALS, roles: ['head'] },
  { login: 'leader', name: '沈国梁', unit: '办公室', roles: ['leader'] },
  { login: 'chief', name: '顾正平', unit: '办公室', roles: ['chief'] },
  { login: 'discipline', name: '韩清', unit: '办公室', roles: ['discipline'] },
  { login: 'office', name: '徐静', unit: '办公室', roles: ['office'] },
  { login: 'officehead', name: '蒋文博', unit: '办公室', roles: ['office', 'office_head'] },
  { login: 'liaison', name: '朱小满', unit: '安全生产基础处', roles: ['liaison'] },
  { login: 'finance', name: '钱思远', unit: '规划财务处', roles: ['finance'] },
  { login: 'admin', name: '系统管理员', unit: '办公室', roles: ['admin'] },
]

/** Meets the password rules of the program: letters of both cases, digits, a sign. */
const password = () => `Cz-${randomBytes(6).toString('hex')}7`

/**
 * Adds one person per role, charges for every unit and the bureau's account on every board.
 * `platforms`: source ids. Returns the people with their fresh passwords.
 */
export async function addDemoPeople(
  trx: Trx,
  platforms: { id: string; accountName: string; uid: string | null }[],
  today: string,
  now: number,
): Promise<DemoPerson[]> {
  const units = await unitList(trx)
  const unitId = (name: string) => {
    const unit = units.find(each => each.name === name)
    if (!unit) throw new Error(`config/organisation.yaml has no unit ${name}`)
    return unit.id
  }
  const people: DemoPerson[] = []
  const ids = new Map<string, number>()
  for (const person of PEOPLE.map(each => ({ ...each, password: password() }))) {
    const id = await createPerson(
      trx,
      { ...person, unitId: unitId(person.unit), mustChangePassword: false },
      now,
    )
    ids.set(person.login, id)
    people.push(person)
  }
  const leaderId = ids.get('leader') as number
  const charge = { leaderId, validFrom: today }
  for (const unit of units) await createCharge(trx, { ...charge, unitId: unit.id, matter: null })
  await createCharge(trx, { ...charge, unitId: null, matter: '网络舆情' })
  for (const { id, accountName, uid } of platforms)
    await createAccount(trx, {
      platform: id,
      name: accountName,
      platformUid: uid,
      unitId: unitId('办公室'),
      realName: true,
      certified: true,
      custodian: '徐静',
      contact: null,
      activeFrom: today,
      activeTo: null,
    })
  return people
}
