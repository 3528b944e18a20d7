import { expect, it } from 'vitest'
import { clocksRun } from './clocks-run.ts'

/** `CLOCKS`: how many. */
const CLOCKS = Number(process.env.CLOCKS ?? 100_000)

it(`S-33: ${CLOCKS} open clocks, two workers, three kills, a clock that jumps`, async () => {
  const run = await clocksRun(CLOCKS, { stepHours: 1, killHours: [2, 26, 56] })
  console.log(`${CLOCKS} clocks, ${run.told} reminders, ${run.kills} kills: ${run.seconds.toFixed(0)} s`)
  expect(run.doubled).toEqual([])
  expect(run.lost).toEqual([])
  expect(run.atNight).toEqual([])
  expect([run.told, run.kills]).toEqual([4 * CLOCKS, 3])
})
