import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SETTINGS, type SettingKey, settingProblem } from '../../../api/settings/rules.ts'
import { loadSettings, saveSetting } from '../../../api/settings/store.ts'
import { onEveryDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast } from '../slips/cast.ts'
import { at, Road } from '../slips/road.ts'

onEveryDatabase('settings', get => {
  it('hold from their day on; before it what held before', async () => {
    const { db } = get()
    const days = (general: number) => ({ general, complex: 5, initial: 2, longest: 7 })
    const set = (validFrom: string, value: unknown) =>
      db.transaction().execute(trx => saveSetting(trx, { key: 'sentiment.days', validFrom, value }, 1, 1))
    await set('2019-06-01', days(3))
    await set('2019-07-01', days(1))
    await set('2019-07-01', days(2))
    const on = async (day: string) => (await loadSettings(db, day))['sentiment.days'].general
    expect([await on('2019-05-31'), await on('2019-06-01'), await on('2019-12-31')]).toEqual([2, 3, 2])
  })
})

describe('settings through the API (requirements.md §6)', () => {
  let test: TestContext
  let road: Road
  beforeAll(async () => {
    test = await testContext(at('2019-05-20T09:00:00'))
    await addCast(test.context, '2019-05-20')
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  const put = (login: string, key: string, value: unknown, validFrom = '2019-05-20') =>
    test.as(login)('PUT', `/api/settings/${key}`, { validFrom, value })
  async function due(found: string): Promise<number | null> {
    test.clock.now = at(found)
    const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
    const sent = await road.go('ownduty', slip, 'submit')
    const body = { level: 'general', ground: '需核实', leadUnitId: 2 }
    return (await road.go('officer', sent, 'judge', body)).dueAt
  }

  it('every key shows its default, and every default is in order', async () => {
    const list = (await test.as('clerk')('GET', '/api/settings')).json() as {
      key: SettingKey
      value: unknown
    }[]
    expect(list.map(({ key }) => key)).toEqual(Object.keys(SETTINGS))
    for (const { key, value } of list)
      expect([key, value, settingProblem(key, value)]).toEqual([key, SETTINGS[key].value, null])
  })

  it('are set by 办公室主任 alone, never backwards, never out of shape', async () => {
    expect((await put('officer', 'sentiment.countersign', true)).statusCode).toBe(403)
    expect((await put('officechief', 'sentiment.nonsense', true)).statusCode).toBe(404)
    for (const [value, day] of [
      ['yes', '2019-05-20'],
      [true, '2019-05-19'],
      [true, '今天'],
    ] as const)
      expect((await put('officechief', 'sentiment.countersign', value, day)).statusCode, String(value)).toBe(
        400,
      )
    const wrong = { general: 6, complex: 5, initial: 2, longest: 7 }
    expect((await put('officechief', 'sentiment.days', wrong)).json().message).toContain('延长上限')
  })

  it('what was found before a change is counted as it was then (A-7, 4.3.3)', async () => {
    expect(await due('2019-05-20T10:00:00')).toBe(at('2019-05-23T00:00:00'))
    expect((await put('officechief', 'sentiment.dueTime', 'officeClose', '2019-05-21')).statusCode).toBe(200)
    expect((await put('officechief', 'sentiment.afterHoursRollsOver', true, '2019-05-21')).statusCode).toBe(
      200,
    )
    expect(await due('2019-05-20T20:00:00')).toBe(at('2019-05-23T00:00:00'))
    expect(await due('2019-05-21T10:00:00')).toBe(at('2019-05-23T17:00:00'))
    expect(await due('2019-05-21T20:00:00')).toBe(at('2019-05-24T17:00:00'))
    // Found on a day off after hours: day 0 is that date, as ever (4.3.2).
    expect(await due('2019-05-25T20:00:00')).toBe(at('2019-05-28T17:00:00'))
  })
})

it('every switch of requirements.md §6 switches something', () => {
  const folder = resolve(import.meta.dirname, '../../../api')
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.endsWith('settings/rules.ts'))
    .map(file => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
  expect(Object.keys(SETTINGS).filter(key => !code.includes(`['${key}']`))).toEqual([])
})
