import { beforeAll, describe, expect, it } from 'vitest'
import { againstRobots, tooFast, twoAtOnce, unwelcome } from './manners.ts'
import { type StormRun, stormRun } from './storm-run.ts'

const without = (list: string[], others: string[]) => {
  const known = new Set(others)
  return list.filter(each => !known.has(each)).slice(0, 3)
}

describe('eight simulated minutes of refusals and silence, three kill -9, then calm', () => {
  let run: StormRun
  beforeAll(async () => {
    run = await stormRun({
      minutes: 8,
      kills: 3,
      seed: 20_260_302,
      stops: 0.005,
      silences: 0.03,
      everyKind: false,
    })
  }, 240_000)

  it('is a storm', () => {
    const stops = [...run.weather.values()].flatMap(weather => weather.stops)
    expect(stops.length).toBeGreaterThan(1)
    expect(run.lives).toBe(4)
    expect(run.truth.length).toBeGreaterThan(200)
  })

  it('misses no post, doubles none, and every breaker closes', () => {
    expect(without(run.truth, run.held)).toEqual([])
    expect(without(run.held, run.truth)).toEqual([])
    expect([run.held.length, run.revisions]).toEqual([run.truth.length, 0])
    expect(run.openBreakers).toBe(0)
  })

  it('keeps the rate, one connection, robots.txt and the time that a refusal asks for, as the places saw it', async () => {
    expect(tooFast(run)).toEqual([])
    expect(twoAtOnce(run)).toEqual([])
    expect(await againstRobots(run)).toEqual([])
    expect(unwelcome(run)).toEqual([])
  })
})
