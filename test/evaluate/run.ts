/** `npm run evaluate -- --data FOLDER [--only NAME]`: every figure of test/evaluate/sets on the public labelled data (texts stay there). */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Evaluate } from './figure.ts'

const { values } = parseArgs({ options: { data: { type: 'string' }, only: { type: 'string' } } })
if (!values.data) throw new Error('--data FOLDER is missing')
const folder = join(import.meta.dirname, 'sets')
const files = readdirSync(folder).filter(file => !values.only || file === `${values.only}.ts`)
const percent = (share: number | undefined) => (share === undefined ? '' : (100 * share).toFixed(1))
for (const file of files) {
  const { evaluate } = (await import(join(folder, file))) as { evaluate: Evaluate }
  const figures = await evaluate(values.data)
  console.log(`\n${file.replace(/\.ts$/, '')}`)
  console.table(
    figures.map(({ set, slice, what, value, low, high, rows, goal, met }) => ({
      set,
      slice,
      what,
      percent: percent(value),
      from: percent(low),
      to: percent(high),
      rows,
      goal,
      met: met === null ? '' : met ? 'yes' : 'NO',
    })),
  )
}
