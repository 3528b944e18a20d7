import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PatrolMonth, PatrolToday } from '../../../api/patrol/routes.ts'
import { missingKeys } from '../../../api/patrol/rules.ts'
import { addLog } from '../../../api/patrol/store.ts'
import { warnPatrol, warnVacancies } from '../../../api/patrol/warn.ts'
import { updatePerson } from '../../../api/people/store.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast, type UNITS } from '../slips/cast.ts'
import { at, Road } from '../slips/road.ts'

it('S-5: a key source is ticked where a name contains it', () => {
  expect(missingKeys(['中吴网', '公众号', '化龙巷'], ['中吴网资讯', '微信公众号'])).toEqual(['化龙巷'])
})

describe.each(['sqlite', 'postgres'] as const)('patrol and 专员 on %s', kind => {
  let test: TestContext
  let units: Map<keyof typeof UNITS, number>
  let people: Map<string, number>
  let road: Road
  beforeAll(async () => {
    test = await testContext(at('2019-04-30T09:00:00'), { open: () => freshDatabase(kind) })
    ;({ units, people } = await addCast(test.context, '2019-05-20'))
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  const month = async (): Promise<PatrolMonth['units'][number] | undefined> =>
    ((await test.as('officer')('GET', '/api/patrol?month=2019-05')).json() as PatrolMonth).units.find(
      ({ unit }) => unit.id === units.get('own'),
    )
  const notices = async (topic: string, like: string) => {
    const rows = await test.context.db
      .selectFrom('notice as n')
      .innerJoin('notice_recipient as r', 'r.notice_id', 'n.id')
      .innerJoin('person as p', 'p.id', 'r.person_id')
      .select(['n.title', 'p.name'])
      .where('n.topic', '=', topic)
      .where('n.title', 'like', `%${like}%`)
      .execute()
    return rows.map(({ name }) => name).sort()
  }

  it('S-5: a log without 化龙巷 stays 部分; with all key sources it is 完整', async () => {
    test.clock.now = at('2019-05-20T10:00:00')
    const today = (await test.as('ownduty')('GET', '/api/patrol/today')).json() as PatrolToday
    const ids = today.sources.filter(({ key }) => key).map(({ id }) => id)
    expect(today.sources.filter(({ key }) => key).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['中吴网', '化龙巷', '中国常州网', '微博', '微信公众号']),
    )
    const without = today.sources.filter(({ key, name }) => key && name !== '化龙巷').map(({ id }) => id)
    const log = (body: object) => test.as('ownduty')('POST', '/api/patrol', { found: 1, ...body })
    expect((await log({ sourceIds: without })).json().missing).toEqual(['化龙巷'])
    const partial = (await month())?.days.at(-1)
    expect(partial).toMatchObject({
      day: '2019-05-20',
      state: 'partial',
      missing: ['化龙巷'],
      by: 'ownDuty',
      found: 1,
    })
    // Somebody else of the unit looks at the rest.
    const rest = today.sources.filter(({ name }) => name === '化龙巷').map(({ id }) => id)
    expect((await test.as('ownstaff')('POST', '/api/patrol', { sourceIds: rest, found: 0 })).statusCode).toBe(
      200,
    )
    expect((await month())?.days.at(-1)).toMatchObject({ state: 'complete', missing: [] })
    for (const body of [{ sourceIds: ['nowhere'] }, { sourceIds: ids, day: '2019-05-21' }, { sourceIds: [] }])
      expect((await log(body)).statusCode).toBeGreaterThanOrEqual(400)
    expect((await test.as('operator')('POST', '/api/patrol', { sourceIds: ids, found: 0 })).statusCode).toBe(
      403,
    )
  })

  it('S-4: 基础处 without a log for Sun 2019-05-19: warning Mon 09:00, once; May 30 of 31 = 96.8 %', async () => {
    const { db } = test.context
    const today = (await test.as('ownduty')('GET', '/api/patrol/today')).json() as PatrolToday
    const sourceIds = today.sources.map(({ id }) => id)
    await db.transaction().execute(async trx => {
      for (let n = 1; n <= 31; n++) {
        const day = `2019-05-${String(n).padStart(2, '0')}`
        if (day === '2019-05-19') continue
        const log = { sourceIds, missing: [], found: 0, note: null }
        for (const [, unitId] of units)
          if (day !== '2019-05-20' || unitId !== units.get('own'))
            await addLog(trx, {
              ...log,
              unitId,
              day,
              personId: people.get('ownDuty') as number,
              at: at(`${day}T10:00:00`),
            })
      }
    })
    const warn = async (time: string) => {
      test.clock.now = at(time)
      await warnPatrol(test.context)
      return notices('patrol', '安全生产基础处 2019-05-19')
    }
    expect(await warn('2019-05-20T08:59:00')).toEqual([])
    expect(await warn('2019-05-20T09:00:00')).toEqual(['ownDuty', 'ownHead'])
    expect(await warn('2019-05-20T09:30:00')).toHaveLength(2)
    test.clock.now = at('2019-06-01T09:00:00')
    const own = await month()
    expect([own?.expected, own?.complete, ((own?.rate ?? 0) * 100).toFixed(1)]).toEqual([31, 30, '96.8'])
  })

  it('S-4: by switch only working days are expected', async () => {
    test.clock.now = at('2019-05-30T09:00:00')
    const body = { validFrom: '2019-06-01', value: false }
    await test.as('officechief')('PUT', '/api/settings/sentiment.patrolOnDaysOff', body)
    test.clock.now = at('2019-06-11T12:00:00')
    const june = (await test.as('officer')('GET', '/api/patrol?month=2019-06')).json() as PatrolMonth
    const own = june.units.find(({ unit }) => unit.id === units.get('own'))
    // 06-01, 02, 08, 09 are a weekend, 06-07 is 端午: left are 3-6 and 10; the 11th is not over.
    expect([own?.expected, own?.complete]).toEqual([5, 0])
  })

  it('S-3: 救援处 专员 transferred 05-31, no successor 06-03: warning to head and 办公室', async () => {
    test.clock.now = at('2019-05-20T11:00:00')
    const person = people.get('otherDuty') as number
    const unitId = units.get('other') as number
    const officer = { unitId, personId: person, isDeputy: false, validFrom: '2019-04-17' }
    expect((await test.as('officer')('POST', '/api/officers', officer)).statusCode).toBe(403)
    const { id } = (await test.as('officechief')('POST', '/api/officers', officer)).json()
    expect(
      (await test.as('officechief')('PATCH', `/api/officers/${id}`, { validTo: '2019-05-31' })).statusCode,
    ).toBe(200)
    const vacant = async () =>
      (
        (await test.as('clerk')('GET', '/api/officers')).json() as { unit: { id: number }; vacant: boolean }[]
      ).find(({ unit }) => unit.id === unitId)?.vacant
    expect(await vacant()).toBe(false)
    test.clock.now = at('2019-06-03T08:00:00')
    await warnVacancies(test.context)
    expect(await notices('patrol', '救援协调和预案管理处 没有')).toEqual([])
    test.clock.now = at('2019-06-03T09:00:00')
    await warnVacancies(test.context)
    await warnVacancies(test.context)
    expect(await vacant()).toBe(true)
    const told = await notices('patrol', '救援协调和预案管理处 没有')
    expect(told).toEqual(expect.arrayContaining(['otherHead', 'officer', 'officeChief']))
    expect(new Set(told).size).toBe(told.length)
  })

  it('S-3: a slip goes to the head of a unit without a 专员; to one without either it is refused', async () => {
    const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
    const sent = await road.go('ownduty', slip, 'submit')
    const judgement = { level: 'general', ground: '需核实', leadUnitId: units.get('other') }
    const judged = await road.go('officer', sent, 'judge', judgement)
    expect(judged.warnings.join()).toContain('没有在岗专员')
    const empty = await test.context.db
      .selectFrom('unit')
      .select('id')
      .where('name', '=', '政策法规处')
      .executeTakeFirstOrThrow()
    const move = { leadUnitId: empty.id, reason: '职责' }
    expect((await road.refused('officer', judged, 'reassign', move)).details.rule).toContain('S-3')
  })

  it('S-3: only a member of the unit with the role is named, with dates in order', async () => {
    const name = (body: object) =>
      test.as('officechief')('POST', '/api/officers', {
        unitId: units.get('own'),
        personId: people.get('ownDuty'),
        isDeputy: false,
        validFrom: '2019-06-01',
        ...body,
      })
    for (const body of [
      { personId: people.get('leadDuty') },
      { personId: people.get('ownStaff') },
      { personId: 9999 },
      { unitId: 9999 },
      { validTo: '2019-05-01' },
      { validFrom: '六月' },
    ])
      expect((await name(body)).statusCode, JSON.stringify(body)).toBe(400)
  })

  it('S-2: 危化处 case: D; V3, V2; 办公室主任, 危化处处长. Office-only case: V3 once', async () => {
    const judge = async (leadUnitId: number | undefined, coUnitIds: number[] = []) => {
      const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
      const sent = await road.go('ownduty', slip, 'submit')
      return road.go('officer', sent, 'judge', { level: 'general', ground: '需核实', leadUnitId, coUnitIds })
    }
    const names = (list: { name: string }[]) => list.map(({ name }) => name)
    const { group } = await judge(units.get('lead'))
    expect([names(group.head), names(group.deputies)]).toEqual([['bureauChief'], ['netLeader', 'inCharge']])
    expect(names(group.members)).toEqual(expect.arrayContaining(['officeChief', 'leadHead']))
    const office = await judge(units.get('office'))
    expect(names(office.group.deputies)).toEqual(['netLeader'])
    const joint = await judge(units.get('lead'), [units.get('own') as number])
    expect(names(joint.group.deputies)).toEqual(['netLeader', 'inCharge', 'inChargeOfOwn'])
  })

  it('an office-led 一般性 case is answered by 办公室 itself, reviewed by its leader', async () => {
    const slip = await road.create('officer', { postIds: [await road.flaggedPost()] })
    const sent = await road.go('officer', slip, 'submit')
    const body = { level: 'general', ground: '需核实', leadUnitId: units.get('office') }
    const judged = await road.go('officechief', sent, 'judge', body)
    const text = { purpose: 'reply', body: '您好，已收悉。', mode: 'public' }
    const ready = await road.approved(judged, 'officer', 'netleader', text)
    expect((await road.go('officer', ready, 'recordReply', road.reply(ready))).status).toBe('tracking')
  })

  it('S-1: a second 组长 is refused until the first has gone', async () => {
    const { db } = test.context
    const chief = people.get('bureauChief') as number
    const leader = people.get('otherLeader') as number
    const change = (id: number, version: number, roles: string[]) =>
      test.as('operator')('PATCH', `/api/people/${id}`, { version, roles })
    expect((await change(leader, 1, ['leader', 'chief'])).json().code).toBe('person.secondChief')
    await db.transaction().execute(trx => updatePerson(trx, chief, 1, { roles: ['leader'] }))
    expect((await change(leader, 1, ['leader', 'chief'])).statusCode).toBe(200)
  })
})
