/** What a person waits for: bytes of the first load and the largest paint, cold cache, on loopback, in Chromium. */
import type { Page } from 'playwright'
import { DESK, openPeople } from '../dashboard/browser.ts'
import { startProgram } from '../replica/program.ts'
import { startReplica } from '../replica/server.ts'
import { type BenchRow, printRows } from './row.ts'

const RUNS = 5

/** Compressed bytes of page, scripts and styles; what the API answers is not part of the program. */
const transferred = (page: Page): Promise<number> =>
  page.evaluate(`performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
    .filter(({ name }) => !name.includes('/api/'))
    .reduce((sum, { transferSize }) => sum + transferSize, 0)`)

const largestPaint = (page: Page): Promise<number> =>
  page.evaluate(`new Promise(found => new PerformanceObserver(list => found(list.getEntries().at(-1).startTime))
    .observe({ type: 'largest-contentful-paint', buffered: true }))`)

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const replica = await startReplica({ charset: 'utf-8', now: Date.now, threads: 40, id: 'zhongwu' })
const program = await startProgram({ replicas: [replica], port: 0 })
const people = await openPeople(program)
try {
  const signedIn = await people.signIn('duty')
  await signedIn.locator('.post-row').first().waitFor({ timeout: 60_000 })
  const state = await signedIn.context().storageState()
  const rows: BenchRow[] = []
  for (const [path, session] of [
    ['/', false],
    ['/triage', true],
  ] as const) {
    const sizes: number[] = []
    const paints: number[] = []
    for (let run = 0; run < RUNS; run++) {
      const page = await people.fresh(DESK, session ? state : undefined)
      await page.goto(program.url + path)
      await page
        .locator(session ? '.post-row' : 'form')
        .first()
        .waitFor()
      await page.waitForTimeout(300)
      sizes.push(await transferred(page))
      paints.push(await largestPaint(page))
      await page.context().close()
    }
    const name = session ? 'triage, signed in' : 'sign-in form'
    const kilobytes = Math.round(median(sizes) / 100) / 10
    const milliseconds = Math.round(median(paints))
    rows.push(
      { what: `${name}: first load`, value: kilobytes, unit: 'kB', goal: '< 350', met: kilobytes < 350 },
      {
        what: `${name}: largest paint`,
        value: milliseconds,
        unit: 'ms',
        goal: '< 1500',
        met: milliseconds < 1500,
      },
    )
  }
  printRows(rows)
} finally {
  await people.close()
  await program.close()
  await replica.close()
}
