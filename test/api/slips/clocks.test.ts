import { expect, it } from 'vitest'
import { clocksRun } from './clocks-run.ts'

it('S-33: 300 clocks, two workers, one killed, a clock that jumps: each reminder once, none at night but 重大', async () => {
  const run = await clocksRun(300, { stepHours: 3, killHours: [24] })
  expect(run).toMatchObject({ doubled: [], lost: [], atNight: [], told: 1200, kills: 1 })
}, 300_000)
