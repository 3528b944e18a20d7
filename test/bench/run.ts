/**
 * `npm run bench [-- NAME …] [--data DIR]`: every `NAME.bench.ts` of this folder (or those named) in a process of its own, its
 * rows as a table, all of them in `test/bench/results.json`. A bench prints its rows as one line of JSON on stdout.
 * DIR = the public data that `npm run evaluate` reads, for benches that also measure real texts.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { BenchRow } from './row.ts'

const ENDING = '.bench.ts'
const names = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith(ENDING))
  .map(file => file.slice(0, -ENDING.length))
const { values, positionals: wanted } = parseArgs({
  options: { data: { type: 'string' } },
  allowPositionals: true,
})
for (const name of wanted)
  if (!names.includes(name)) throw new Error(`no bench called ${name}; there are: ${names.join(', ')}`)

const results: Record<string, BenchRow[]> = {}
for (const name of wanted.length ? wanted : names) {
  const done = spawnSync(
    process.execPath,
    [join(import.meta.dirname, name + ENDING), ...(values.data ? [resolve(values.data)] : [])],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 1 << 26,
    },
  )
  if (done.status !== 0) {
    console.error(done.stdout)
    throw new Error(`bench ${name} failed`)
  }
  const rows = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '[]') as BenchRow[]
  results[name] = rows
  console.log(`\n${name}`)
  console.table(
    rows.map(({ what, value, unit, reference, ratio, goal, met }) => ({
      what,
      value,
      unit,
      reference: reference ?? '',
      ratio: ratio ?? '',
      goal,
      met: met ? 'yes' : 'NO',
    })),
  )
}
writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
