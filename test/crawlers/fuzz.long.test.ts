import { expect, it } from 'vitest'
import { mutantOf } from './mutate.ts'
import { engines, problemsOf, readSaved } from './pages.ts'

/** `FUZZ_PAGES`, `FUZZ_FROM`: how many, and from which seed on. */
const PAGES = Number(process.env.FUZZ_PAGES ?? 100_000)
const FROM = Number(process.env.FUZZ_FROM ?? 0)

it(`${PAGES} broken pages: posts or an error of a known kind, nothing else`, () => {
  const outcomes = new Map<string, number>()
  const faults: string[] = []
  let slowest = { ms: 0, what: '' }
  for (let seed = FROM; seed < FROM + PAGES && faults.length < 20; seed++) {
    const engine = engines[seed % engines.length] as (typeof engines)[number]
    const { saved, page, mutation } = mutantOf(engine, seed)
    const startedAt = performance.now()
    try {
      const read = readSaved(engine, saved, page) as { error?: string }
      const outcome = read.error ?? 'read'
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      for (const problem of problemsOf(read)) faults.push(`seed ${seed} ${engine} ${saved.name}: ${problem}`)
    } catch (error) {
      faults.push(
        `seed ${seed} ${engine} ${saved.name} (${mutation}): ${(error as Error).stack?.slice(0, 400)}`,
      )
    }
    const ms = performance.now() - startedAt
    if (ms > slowest.ms) slowest = { ms, what: `seed ${seed} ${engine} ${saved.name} (${mutation})` }
  }
  console.log(Object.fromEntries(outcomes), `slowest ${slowest.ms.toFixed(0)} ms: ${slowest.what}`)
  expect(faults).toEqual([])
  expect(outcomes.get('read')).toBeGreaterThan(PAGES / 10)
})
