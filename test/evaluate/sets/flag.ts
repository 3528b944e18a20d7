/** Recall and precision of the flag on zhengwu_duty, own and watch together. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createPipeline } from '../../../pipeline/run.ts'
import type { Figure } from '../figure.ts'
import { wilson } from '../interval.ts'

export async function evaluate(dataDir: string): Promise<Figure[]> {
  const pipeline = createPipeline({ configDir: resolve(import.meta.dirname, '../../../config') })
  const duty = readFileSync(join(dataDir, 'zhengwu_duty/dev.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as { id: string; title?: string; text: string; label?: string })
    .map(text => ({
      flagged: pipeline.analyse(text, { anywhere: true }).flagged,
      ours: text.label !== 'none',
    }))
  const both = duty.filter(({ flagged, ours }) => flagged && ours).length
  const share = (what: string, of: number, goal: number): Figure => ({
    set: 'zhengwu_duty',
    slice: '',
    what,
    value: both / of,
    ...wilson(both, of),
    rows: of,
    goal: `>= ${goal}`,
    met: both / of >= goal,
  })
  return [
    share('recall', duty.filter(({ ours }) => ours).length, 0.9),
    share('precision', duty.filter(({ flagged }) => flagged).length, 0.65),
  ]
}
