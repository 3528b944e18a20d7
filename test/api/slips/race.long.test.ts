import { expect, it } from 'vitest'
import { raceRun } from './race-run.ts'

/** `ROUNDS`: how many on each database. */
const ROUNDS = Number(process.env.ROUNDS ?? 1000)

it.each(['sqlite', 'postgres'] as const)(`two people on one slip, ${ROUNDS} rounds on %s`, async kind => {
  const run = await raceRun(kind, ROUNDS)
  console.log(`${kind}: ${JSON.stringify(run)}`)
  expect(run).toMatchObject({ outcomes: { '200 409': ROUNDS }, problems: [] })
})
