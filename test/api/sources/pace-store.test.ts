import { expect, it } from 'vitest'
import { hostStates, storedPace } from '../../../api/sources/pace-store.ts'
import { onEveryDatabase } from '../../databases.ts'

const MINUTE = 60_000
const LIMITS = { dailyCeiling: 3, delayMs: 10_000 }

onEveryDatabase('pace of a host', get => {
  const clock = { now: Date.parse('2019-05-20T12:00:00+08:00') }
  const pace = () => storedPace(get().db, () => clock.now)
  const state = async (host: string) => (await hostStates(get().db, clock.now))(host)

  it('is one turn for all who ask, kept while the answer is on its way', async () => {
    const [one, other] = [pace(), pace()]
    expect(await one.take('a', LIMITS)).toBeNull()
    expect(await one.take('a', LIMITS)).toEqual({ until: clock.now + 10_000, reason: '', passing: true })
    clock.now += 9_000
    await one.keep('a', 10_000)
    clock.now += 9_000
    expect(await one.take('a', LIMITS)).toMatchObject({ passing: true })
    clock.now += 1_000
    expect(await one.take('a', LIMITS)).toBeNull()
    expect((await state('a')).requestsToday).toBe(2)
    expect(await other.take('a', LIMITS)).toMatchObject({ passing: true })
  })

  it('is left alone half a delay longer by a process that is new to it: one that died may have asked since', async () => {
    const [dead, born] = [pace(), pace()]
    expect(await dead.take('late', LIMITS)).toBeNull()
    clock.now += 10_000
    expect(await born.take('late', LIMITS)).toEqual({ until: clock.now + 5_000, reason: '', passing: true })
    clock.now += 5_000
    expect(await born.take('late', LIMITS)).toBeNull()
    clock.now += 10_000
    expect(await born.take('late', LIMITS)).toBeNull()
  })

  it('gives one turn to several who ask in the same moment', async () => {
    const asked = await Promise.all(Array.from({ length: 6 }, () => pace().take('crowd', LIMITS)))
    expect(asked.filter(answer => answer === null).length).toBe(1)
    expect((await state('crowd')).requestsToday).toBe(1)
  })

  it('ends at the day’s ceiling and begins anew at midnight', async () => {
    const one = pace()
    for (let i = 0; i < 3; i++) {
      expect(await one.take('b', LIMITS)).toBeNull()
      clock.now += 10_000
    }
    const midnight = Date.parse('2019-05-21T00:00:00+08:00')
    expect(await pace().take('b', LIMITS)).toEqual({
      until: midnight,
      reason: '已到当日访问上限',
      passing: false,
    })
    clock.now = midnight
    expect(await pace().take('b', LIMITS)).toBeNull()
    expect((await state('b')).requestsToday).toBe(1)
  })

  it('stops for 30 min, 2 h, 12 h; one good answer starts the ladder from below', async () => {
    const ends: number[] = []
    for (let i = 0; i < 4; i++) {
      const until = await pace().trip('c', '站点要求验证')
      ends.push((until - clock.now) / MINUTE)
      expect(await pace().take('c', LIMITS)).toEqual({ until, reason: '站点要求验证', passing: false })
      clock.now = until
    }
    expect(ends).toEqual([30, 120, 720, 720])
    await pace().recover('c')
    expect((await pace().trip('c', 'again')) - clock.now).toBe(30 * MINUTE)
  })

  it('waits as long as the host asked for where that is longer', async () => {
    const wanted = clock.now + 90 * MINUTE
    expect(await pace().trip('d', '访问过快', wanted)).toBe(wanted)
  })

  it('a pause does not climb the ladder', async () => {
    await pace().pause('e', '网络不通', clock.now + MINUTE)
    expect((await state('e')).breaker).toEqual({ level: 0, until: clock.now + MINUTE, reason: '网络不通' })
    expect((await pace().trip('e', '验证')) - clock.now).toBe(30 * MINUTE)
  })
})
