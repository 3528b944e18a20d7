/** Judges the rows it is given in a thread with modules of its own, and answers text and analysis of each. */
import { resolve } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { createPipeline } from '../../../pipeline/run.ts'

const pipeline = createPipeline({ configDir: resolve(import.meta.dirname, '../../../config') })
const rows = workerData as { title: string | null; text: string }[]
parentPort?.postMessage(
  rows.map(row => [row.text, JSON.stringify(pipeline.analyse({ ...row, source: 'zhongwu' }))]),
)
