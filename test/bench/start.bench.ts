/** `npm start` of a built checkout, from typing it to the first answer; the first of them also brings the schema up. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../services/port.ts'
import { npmRun, survivors } from '../started.ts'
import { printRows } from './row.ts'

const ROUNDS = 5
const GOAL_MS = 3_000

const folder = mkdtempSync(join(tmpdir(), 'yuqing-start-'))
const times: number[] = []
for (let round = 0; round <= ROUNDS; round++) {
  const started = npmRun('start', await freePort(), { DATA_DIR: folder })
  times.push(await started.answered())
  started.npm.kill('SIGTERM')
  await survivors([started.npm.pid ?? 0])
}
rmSync(folder, { recursive: true, force: true })
const [first = 0, ...later] = times
const median = later.toSorted((a, b) => a - b)[Math.floor(later.length / 2)] ?? 0
printRows([
  { what: 'first start, empty data folder', value: Math.round(first), unit: 'ms', goal: 'told', met: true },
  {
    what: `later start, median of ${ROUNDS}`,
    value: Math.round(median),
    unit: 'ms',
    goal: `< ${GOAL_MS} ms`,
    met: median < GOAL_MS,
  },
])
