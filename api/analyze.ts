import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Text } from '../pipeline/post.ts'
import { createPipeline } from '../pipeline/run.ts'

export interface AnalyzeOptions {
  configDir: string
  anywhere?: boolean | undefined
  tokens?: boolean | undefined
  pairs?: boolean | undefined
  events?: boolean | undefined
}

/**
 * `analyze`: JSONL `{id, source?, url?, title?, text, publishedAt?}` in, one analysis a line out, in order (design §4).
 * A bad line is named on `errors` and answered `{id: null, error}`; the exit code is then 1. 2 = not there yet.
 */
export async function analyzeCommand(
  input: Readable,
  output: Writable,
  errors: Writable,
  options: AnalyzeOptions,
): Promise<0 | 1 | 2> {
  if (options.pairs || options.events) {
    errors.write(`${options.pairs ? '--pairs（近似重复）' : '--events（事件归并）'}尚未提供。\n`)
    return 2
  }
  const pipeline = createPipeline({ configDir: options.configDir })
  const flags = { anywhere: options.anywhere ?? false, tokens: options.tokens ?? false }
  let exitCode: 0 | 1 = 0
  let number = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (!line.trim()) continue
    const value = readLine(line)
    let answer: unknown
    if (typeof value === 'string') {
      exitCode = 1
      errors.write(`第${number}行：${value}\n`)
      answer = { id: null, error: `第${number}行：${value}` }
    } else {
      const { fingerprint: _, suggestedUnit, ...analysis } = pipeline.analyse(value, flags)
      answer = { id: value.id ?? null, ...analysis, suggestedUnit }
    }
    if (!output.write(`${JSON.stringify(answer)}\n`)) await new Promise(done => output.once('drain', done))
  }
  return exitCode
}

function readLine(line: string): Text | string {
  try {
    const value = JSON.parse(line.replace(/^\uFEFF/, '')) as Text | null
    if (typeof value !== 'object' || value === null || typeof value.text !== 'string')
      return '应为 {"id", "text"}。'
    return value
  } catch {
    return '不是正确的 JSON。'
  }
}
