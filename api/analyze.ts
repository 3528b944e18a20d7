import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { compareTexts } from '../pipeline/duplicates.ts'
import { groupTexts } from '../pipeline/events.ts'
import type { Text } from '../pipeline/post.ts'
import { createPipeline } from '../pipeline/run.ts'
import { writtenTime } from './intake/rules.ts'

export interface AnalyzeOptions {
  configDir: string
  anywhere?: boolean | undefined
  tokens?: boolean | undefined
  pairs?: boolean | undefined
  events?: boolean | undefined
}

interface Pair {
  id?: unknown
  a: string
  b: string
}

/** A line that can't be read: the sentence for staff. */
class BadLine {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/**
 * `analyze`: JSONL `{id, source?, url?, title?, text, publishedAt?}` in, one analysis a line out, in order (design §4).
 * `--pairs` reads `{id, a, b}` and answers `{id, same, score}`; `--events` reads posts and answers `{id, event}` once
 * all are read. A bad line is named on `errors` and answered `{id: null, error}`; the exit code is then 2.
 */
export async function analyzeCommand(
  input: Readable,
  output: Writable,
  errors: Writable,
  options: AnalyzeOptions,
): Promise<0 | 2> {
  const { configDir } = options
  let exitCode: 0 | 2 = 0
  const write = async (answer: unknown) => {
    if (!output.write(`${JSON.stringify(answer)}\n`)) await new Promise(done => output.once('drain', done))
  }
  const readAll = async function* <T>(read: (line: string) => T | BadLine): AsyncGenerator<T | BadLine> {
    let number = 0
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++
      if (!line.trim()) continue
      const value = read(line.replace(/^\uFEFF/, ''))
      if (!(value instanceof BadLine)) {
        yield value
        continue
      }
      exitCode = 2
      errors.write(`第${number}行：${value.message}\n`)
      yield new BadLine(`第${number}行：${value.message}`)
    }
  }
  const answerEach = async <T>(read: (line: string) => T | BadLine, answer: (value: T) => unknown) => {
    for await (const value of readAll(read))
      await write(value instanceof BadLine ? { id: null, error: value.message } : answer(value))
  }

  if (options.pairs) await answerEach(readPair, pairAnswer(configDir))
  else if (options.events) {
    const texts: (Text | BadLine)[] = []
    for await (const text of readAll(readText)) texts.push(text)
    for (const answer of eventAnswers(texts, configDir)) await write(answer)
  } else {
    const pipeline = createPipeline({ configDir })
    const flags = { anywhere: options.anywhere ?? false, tokens: options.tokens ?? false }
    await answerEach(readText, text => {
      const { fingerprint: _, suggestedUnit, ...analysis } = pipeline.analyse(text, flags)
      return { id: text.id ?? null, ...analysis, suggestedUnit }
    })
  }
  return exitCode
}

/** A first line of its own is read as the title. */
function pairAnswer(configDir: string): (pair: Pair) => unknown {
  const pipeline = createPipeline({ configDir })
  const read = (whole: string) => {
    const end = whole.indexOf('\n')
    const text = end > 0 ? { title: whole.slice(0, end), text: whole.slice(end + 1) } : { text: whole }
    return pipeline.liken(text, pipeline.analyse(text, { anywhere: true }))
  }
  return ({ id, a, b }) => {
    const { same, score } = compareTexts(read(a), read(b))
    return { id: id ?? null, same, score }
  }
}

/** Events are numbered in the order of their first text here; which texts are together does not depend on it. */
function eventAnswers(texts: readonly (Text | BadLine)[], configDir: string): unknown[] {
  const pipeline = createPipeline({ configDir })
  const readable = texts.filter((text): text is Text => !(text instanceof BadLine))
  const analyses = pipeline.analyseAll(readable.map(text => ({ text, anywhere: true })))
  const groups = groupTexts(
    readable.map((text, i) => ({
      at: text.publishedAt ? Date.parse(text.publishedAt) : null,
      likeness: pipeline.liken(text, analyses[i]),
    })),
  )
  const names = new Map<number, string>()
  let next = 0
  return texts.map(text => {
    if (text instanceof BadLine) return { id: null, error: text.message }
    const group = groups[next++] as number
    const event = names.get(group) ?? `e${names.size + 1}`
    names.set(group, event)
    return { id: text.id ?? null, event }
  })
}

function readJson(line: string): Record<string, unknown> | BadLine {
  try {
    const value = JSON.parse(line) as unknown
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : new BadLine('应为对象。')
  } catch {
    return new BadLine('不是正确的 JSON。')
  }
}

function readText(line: string): Text | BadLine {
  const value = readJson(line)
  if (value instanceof BadLine) return value
  if (typeof value.text !== 'string') return new BadLine('应为 {"id", "text"}。')
  const time = value.publishedAt ?? value.posted_at ?? ''
  const published = typeof time === 'string' ? writtenTime(time) : null
  if (!published) return new BadLine('publishedAt（或 posted_at）应为 ISO 时间、2026-11-24 09:30 或 null。')
  return { ...value, publishedAt: published.publishedAt } as unknown as Text
}

function readPair(line: string): Pair | BadLine {
  const value = readJson(line)
  if (value instanceof BadLine) return value
  const { id, a, b } = value
  return typeof a === 'string' && typeof b === 'string'
    ? { id, a, b }
    : new BadLine('应为 {"id", "a", "b"}。')
}
