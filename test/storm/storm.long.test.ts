import { expect, it } from 'vitest'
import { againstRobots, tooFast, twoAtOnce, unwelcome } from './manners.ts'
import { stormRun } from './storm-run.ts'

const without = (list: string[], others: string[]) => {
  const known = new Set(others)
  return list.filter(each => !known.has(each)).slice(0, 5)
}

/** `STORM_SEED`: another storm. */
const SEED = Number(process.env.STORM_SEED ?? 20_260_302)

it('two simulated hours of storm and fifty kill -9 lose nothing, double nothing, offend nobody', async () => {
  const run = await stormRun({
    minutes: 120,
    kills: 50,
    seed: SEED,
    stops: 0.002,
    silences: 0.01,
    everyKind: true,
  })
  const stops = [...run.weather.values()].flatMap(weather => weather.stops)
  const requests = run.replicas.reduce((sum, replica) => sum + replica.requests.length, 0)
  const silences = [...run.weather.values()].reduce((sum, weather) => sum + weather.silences, 0)
  console.log(
    `storm ${SEED}: ${(run.simulatedMs / 3_600_000).toFixed(1)} simulated hours, ${requests} requests, ${stops.length} refusals, ${silences} silences, ${run.kills.length} kills, ${run.truth.length} posts`,
  )
  expect(without(run.truth, run.held)).toEqual([])
  expect(without(run.held, run.truth)).toEqual([])
  expect([run.held.length, run.revisions, run.openBreakers]).toEqual([run.truth.length, 0, 0])
  expect(tooFast(run)).toEqual([])
  expect(twoAtOnce(run)).toEqual([])
  expect(await againstRobots(run)).toEqual([])
  expect(unwelcome(run)).toEqual([])
  expect(stops.length).toBeGreaterThan(10)
})
