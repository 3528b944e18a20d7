import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAudit, verifyAudit } from '../../../api/audit.ts'
import { loadActor } from '../../../api/people/authority-store.ts'
import type { ChargeView, DeputyView, PersonView, UnitView } from '../../../api/people/routes.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast, type UNITS } from '../slips/cast.ts'
import { at } from '../slips/road.ts'

describe.each(['sqlite', 'postgres'] as const)('people, charges, deputies, accounts on %s', kind => {
  let test: TestContext
  let units: Map<keyof typeof UNITS, number>
  let people: Map<string, number>
  beforeAll(async () => {
    test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
    ;({ units, people } = await addCast(test.context, '2019-05-06'))
  })
  afterAll(() => test.close())

  const id = (name: string) => people.get(name) as number
  const send = (login: string, method: 'POST' | 'PATCH' | 'GET', url: string, body?: object) =>
    test.as(login)(method, url, body)
  const status = async (...args: Parameters<typeof send>) => (await send(...args)).statusCode

  describe('units', () => {
    it('are added and closed by 办公室主任 or the administrator, never two of one name, never 办公室 itself', async () => {
      const unit = { name: '航空救援中心', kind: 'subordinate', activeFrom: '2019-05-06' }
      expect(await status('officer', 'POST', '/api/units', unit)).toBe(403)
      const { id: unitId } = (await send('officechief', 'POST', '/api/units', unit)).json()
      expect((await send('officechief', 'POST', '/api/units', unit)).json().message).toContain('已有')
      expect(
        await status('operator', 'POST', '/api/units', { ...unit, name: '甲', activeFrom: '2019-02-30' }),
      ).toBe(400)
      const url = `/api/units/${unitId}`
      const close = (activeTo: string | null, name = unit.name) =>
        status('operator', 'PATCH', url, { name, activeTo })
      expect(await close('2019-05-01')).toBe(400)
      expect(await close(null, '办公室')).toBe(400)
      expect(await close('2019-12-31', '航空应急救援中心')).toBe(200)
      const list = (await send('leadduty', 'GET', '/api/units')).json() as UnitView[]
      expect(list.find(each => each.id === unitId)).toMatchObject({
        name: '航空应急救援中心',
        kind: 'subordinate',
        activeTo: '2019-12-31',
      })
      const office = { name: '办公室', activeTo: '2019-12-31' }
      expect(await status('operator', 'PATCH', `/api/units/${units.get('office')}`, office)).toBe(400)
      const trail = await readAudit(test.context.db, 'system', `unit-${unitId}`)
      expect(trail.map(({ action }) => action)).toEqual(['create', 'change'])
    })
  })

  describe('persons', () => {
    const fresh = (more: object = {}) => ({
      login: 'zhang.wei',
      name: '张伟',
      unitId: units.get('own'),
      roles: ['staff'],
      password: 'Kaoyan-2019x',
      ...more,
    })

    it('are made by the administrator alone, once, with a strong password and a unit that there is', async () => {
      for (const login of ['officechief', 'bureauchief', 'leadhead'])
        expect(await status(login, 'POST', '/api/people', fresh()), login).toBe(403)
      for (const body of [fresh({ unitId: 9999 }), fresh({ password: 'short' }), fresh({ login: '张伟' })])
        expect(await status('operator', 'POST', '/api/people', body)).toBe(400)
      expect(await status('operator', 'POST', '/api/people', fresh({ roles: ['king'] }))).toBe(400)
      expect(await status('operator', 'POST', '/api/people', fresh())).toBe(200)
      expect((await send('operator', 'POST', '/api/people', fresh())).json().code).toBe('person.duplicate')
    })

    it('are changed on the version that was seen; nobody sees a password in the audit', async () => {
      const list = (await send('officer', 'GET', '/api/people')).json() as PersonView[]
      const person = list.find(({ login }) => login === 'zhang.wei') as PersonView
      const url = `/api/people/${person.id}`
      const moved = { version: person.version, unitId: units.get('other'), password: 'Xinmima-2019y' }
      expect((await send('operator', 'PATCH', url, moved)).json()).toMatchObject({
        version: person.version + 1,
      })
      expect((await send('operator', 'PATCH', url, moved)).json().code).toBe('person.stale')
      expect(await status('operator', 'PATCH', '/api/people/99999', { version: 1, name: '无' })).toBe(404)
      const chain = await readAudit(test.context.db, 'person', String(person.id))
      expect(chain.map(({ action }) => action)).toEqual(['create', 'change'])
      expect(JSON.stringify(chain)).not.toMatch(/Kaoyan|Xinmima/)
    })

    it('the last administrator stays', async () => {
      const { db } = test.context
      await db.updateTable('person').set({ active: 0 }).where('login', '=', 'admin').execute()
      const body = { version: 1, active: false }
      expect((await send('operator', 'PATCH', `/api/people/${id('operator')}`, body)).json().code).toBe(
        'person.lastAdmin',
      )
    })
  })

  describe('charges (分管)', () => {
    const charge = (more: object = {}) => ({
      leaderId: id('otherLeader'),
      unitId: null as number | null | undefined,
      matter: '财务' as string | null,
      validFrom: '2019-06-01',
      ...more,
    })

    it('name a leader for a unit or a matter, never two at once', async () => {
      for (const body of [
        charge({ unitId: units.get('own') }),
        charge({ matter: null }),
        charge({ leaderId: id('leadHead') }),
        charge({ leaderId: 9999 }),
        charge({ matter: null, unitId: 9999 }),
        charge({ validFrom: '六月一日' }),
        charge({ validTo: '2019-05-31' }),
      ])
        expect(await status('officechief', 'POST', '/api/charges', body), JSON.stringify(body)).toBe(400)
      expect(await status('officer', 'POST', '/api/charges', charge())).toBe(403)
      expect(await status('officechief', 'POST', '/api/charges', charge())).toBe(200)
      const second = charge({ leaderId: id('inCharge'), validFrom: '2019-07-01' })
      expect((await send('officechief', 'POST', '/api/charges', second)).json().code).toBe('charge.overlap')
    })

    it('end on a day; the next leader follows, and each is in charge on his days only', async () => {
      const list = (await send('clerk', 'GET', '/api/charges')).json() as ChargeView[]
      const first = list.find(({ matter }) => matter === '财务') as ChargeView
      const url = `/api/charges/${first.id}`
      expect(await status('officechief', 'PATCH', url, { validTo: '2019-05-31' })).toBe(400)
      expect(await status('officechief', 'PATCH', url, { validTo: '2019-06-30' })).toBe(200)
      const next = charge({ leaderId: id('inCharge'), validFrom: '2019-07-01' })
      expect(await status('officechief', 'POST', '/api/charges', next)).toBe(200)
      const matters = async (name: string, day: string) =>
        (await loadActor(test.context.db, id(name), day))?.matters
      expect([
        await matters('otherLeader', '2019-06-30'),
        await matters('otherLeader', '2019-07-01'),
        await matters('inCharge', '2019-06-30'),
        await matters('inCharge', '2019-07-01'),
      ]).toEqual([['财务'], [], [], ['财务']])
    })
  })

  describe('deputies (§5.3.2)', () => {
    const lend = (principal: string, deputy: string, more: object = {}) => ({
      principalId: id(principal),
      deputyId: id(deputy),
      validFrom: '2019-06-10',
      validTo: '2019-06-14',
      reason: '出差',
      ...more,
    })

    it('fit their principal: leaders to leaders, 主任 to 办公室, a head to his unit, nobody else', async () => {
      for (const [principal, deputy] of [
        ['inCharge', 'leadStaff'],
        ['bureauChief', 'officer'],
        ['officeChief', 'leadHead'],
        ['leadHead', 'ownStaff'],
        ['leadStaff', 'leadDuty'],
        ['inCharge', 'inCharge'],
      ] as const) {
        const answer = await send('officechief', 'POST', '/api/deputies', lend(principal, deputy))
        expect([answer.statusCode, answer.json().code], `${principal} ${deputy}`).toEqual([
          400,
          'deputy.person',
        ])
      }
      for (const [principal, deputy] of [
        ['bureauChief', 'inCharge'],
        ['inCharge', 'otherLeader'],
        ['officeChief', 'officer'],
        ['leadHead', 'leadStaff'],
      ] as const)
        expect(await status('officechief', 'POST', '/api/deputies', lend(principal, deputy))).toBe(200)
    })

    it('are named by the principal himself or 办公室主任; dates in order', async () => {
      expect(
        await status('inchargeofown', 'POST', '/api/deputies', lend('inChargeOfOwn', 'otherLeader')),
      ).toBe(200)
      expect(await status('otherleader', 'POST', '/api/deputies', lend('inChargeOfOwn', 'otherLeader'))).toBe(
        403,
      )
      expect(await status('leadstaff', 'POST', '/api/deputies', lend('leadHead', 'leadStaff'))).toBe(403)
      const backwards = lend('inCharge', 'otherLeader', { validTo: '2019-06-09' })
      expect((await send('officechief', 'POST', '/api/deputies', backwards)).json().code).toBe('deputy.dates')
    })

    it('hold from the first to the last day, and not once taken back', async () => {
      const principals = async (day: string) =>
        (await loadActor(test.context.db, id('otherLeader'), day))?.deputyFor.map(({ name }) => name)
      expect(await principals('2019-06-09')).toEqual([])
      expect(await principals('2019-06-10')).toEqual(['inCharge', 'inChargeOfOwn'])
      expect(await principals('2019-06-14')).toHaveLength(2)
      expect(await principals('2019-06-15')).toEqual([])
      const list = (await send('clerk', 'GET', '/api/deputies')).json() as DeputyView[]
      const own = list.find(
        ({ principal, deputy }) => principal.name === 'inChargeOfOwn' && deputy.name === 'otherLeader',
      )
      const url = `/api/deputies/${own?.id}/revoke`
      expect(await status('incharge', 'POST', url)).toBe(403)
      expect(await status('inchargeofown', 'POST', url)).toBe(200)
      expect(await status('inchargeofown', 'POST', url)).toBe(404)
      expect(await principals('2019-06-11')).toEqual(['inCharge'])
    })
  })

  describe('accounts (S-26)', () => {
    const account = (more: object = {}) => ({
      platform: '微博',
      name: '常州应急',
      platformUid: '2001',
      unitId: units.get('office'),
      realName: true,
      certified: true,
      custodian: '徐静',
      contact: null,
      activeFrom: '2019-04-17',
      activeTo: null,
      ...more,
    })

    it('are kept by 办公室, one of a name on each platform, with dates in order', async () => {
      expect(await status('leadhead', 'POST', '/api/accounts', account())).toBe(403)
      expect(await status('operator', 'POST', '/api/accounts', account())).toBe(403)
      for (const body of [
        account({ unitId: 9999 }),
        account({ activeTo: '2019-04-16' }),
        account({ activeFrom: '去年' }),
      ])
        expect(await status('officer', 'POST', '/api/accounts', body)).toBe(400)
      const { id: accountId } = (await send('officer', 'POST', '/api/accounts', account())).json()
      expect((await send('officer', 'POST', '/api/accounts', account())).json().code).toBe(
        'account.duplicate',
      )
      const url = `/api/accounts/${accountId}`
      const changed = { version: 1, ...account({ certified: false }) }
      expect(await status('officer', 'PATCH', url, changed)).toBe(200)
      expect((await send('officer', 'PATCH', url, changed)).json().code).toBe('person.stale')
      expect(await status('officer', 'PATCH', '/api/accounts/9999', changed)).toBe(404)
      const list = (await send('clerk', 'GET', '/api/accounts')).json() as {
        id: number
        certified: boolean
      }[]
      expect(list.find(each => each.id === accountId)?.certified).toBe(false)
    })
  })

  it('everything of it is in the chains, and they verify', async () => {
    const { problems, entries } = await verifyAudit(test.context.db)
    expect([problems, entries > 10]).toEqual([[], true])
  })
})
