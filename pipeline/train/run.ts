/** `npm run train -- --data FOLDER [--only NAME]`: every trainer of pipeline/train/trainers; what they learn goes to pipeline/models. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Train } from './trainer.ts'

const { values } = parseArgs({ options: { data: { type: 'string' }, only: { type: 'string' } } })
if (!values.data) throw new Error('--data FOLDER is missing')
const trainers = join(import.meta.dirname, 'trainers')
const models = join(import.meta.dirname, '../models')
const files = readdirSync(trainers)
  .filter(file => file.endsWith('.ts') && (!values.only || file === `${values.only}.ts`))
  .sort()
if (!files.length) throw new Error(`no trainer called ${values.only}`)
for (const file of files) {
  const { train } = (await import(join(trainers, file))) as { train: Train }
  const startedAt = performance.now()
  for (const [name, bytes] of Object.entries(await train(values.data))) {
    writeFileSync(join(models, name), bytes)
    console.log(`${file}: ${name}, ${bytes.length} ${typeof bytes === 'string' ? 'characters' : 'bytes'}`)
  }
  console.log(`${file}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}
