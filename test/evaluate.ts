/** `node test/evaluate.ts --data FOLDER`: recall and precision of the flag on the public labelled data (texts stay there). */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createPipeline } from '../pipeline/run.ts'

const { values } = parseArgs({ options: { data: { type: 'string' }, show: { type: 'string' } } })
if (!values.data) throw new Error('--data FOLDER')
const data = values.data
const pipeline = createPipeline({ configDir: resolve(import.meta.dirname, '../config') })
const lines = (file: string) =>
  readFileSync(join(data, file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as { id: string; title?: string; text: string; label?: string })

/** Wilson's 95 % interval. */
function interval(hits: number, of: number): string {
  if (!of) return '—'
  const z = 1.96
  const p = hits / of
  const centre = (p + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of)
  const percent = (x: number) => (100 * x).toFixed(1)
  return `${percent(p)} % (${percent(centre - half)}–${percent(centre + half)}; ${hits}/${of})`
}

const duty = lines('zhengwu_duty/dev.jsonl').map(text => ({
  ...text,
  flagged: pipeline.analyse(text, { anywhere: true }).flagged,
  ours: text.label !== 'none',
}))
const both = duty.filter(({ flagged, ours }) => flagged && ours).length
console.log('zhengwu_duty dev, recall   ', interval(both, duty.filter(({ ours }) => ours).length))
console.log('zhengwu_duty dev, precision', interval(both, duty.filter(({ flagged }) => flagged).length))
if (values.show)
  for (const each of duty
    .filter(({ flagged, ours }) => (values.show === 'missed' ? ours && !flagged : flagged && !ours))
    .slice(0, 40))
    console.log(each.id, each.label, each.title, '|', each.text.slice(0, 80))
