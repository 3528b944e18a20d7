import { expect, it } from 'vitest'
import { raceRun } from './race-run.ts'

it.each(['sqlite', 'postgres'] as const)(
  'twenty times two people act on one slip in the same second on %s: one wins, the other is told by what (409)',
  async kind => {
    expect(await raceRun(kind, 20)).toMatchObject({ outcomes: { '200 409': 20 }, problems: [] })
  },
  300_000,
)
