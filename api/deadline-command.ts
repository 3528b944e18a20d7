import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { shippedCalendar } from './calendar/shipped.ts'
import { type Calendar, dueDate, isDay } from './deadline.ts'

interface Question {
  id: string | number | null
  start: string
  days: number
}

/** The line's question, or a Chinese sentence that says what is wrong with it. */
function readQuestion(line: string): Question | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return '不是正确的 JSON。'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return '应为 {"id", "start", "days"}。'
  const { id = null, start, days } = value as Record<string, unknown>
  if (id !== null && typeof id !== 'string' && typeof id !== 'number') return 'id 应为文字或数字。'
  if (typeof start !== 'string' || !isDay(start))
    return `start 应为存在的日期（如 2026-09-18），现为 ${JSON.stringify(start)}。`
  if (typeof days !== 'number' || !Number.isInteger(days) || days < 0 || days > 3660)
    return `days 应为 0 到 3660 的整数（工作日），现为 ${JSON.stringify(days)}。`
  return { id, start, days }
}

/**
 * `deadline`: JSONL `{id, start, days}` in, one line `{id, due, provisional, steps}` per question out, in order.
 * A bad line is named on `errors` and answered `{id: null, error}` so that lines still match; the exit code is then 2.
 */
export async function deadlineCommand(
  input: Readable,
  output: Writable,
  errors: Writable,
  calendar: Calendar = shippedCalendar(),
): Promise<0 | 2> {
  let exitCode: 0 | 2 = 0
  let number = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (!line.trim()) continue
    const question = readQuestion(line.replace(/^\uFEFF/, ''))
    let answer: unknown
    if (typeof question === 'string') {
      exitCode = 2
      errors.write(`第${number}行：${question}\n`)
      answer = { id: null, error: `第${number}行：${question}` }
    } else {
      const { day, provisional, steps } = dueDate(calendar, question.start, question.days)
      answer = { id: question.id, due: day, provisional, steps }
    }
    if (!output.write(`${JSON.stringify(answer)}\n`)) await new Promise(done => output.once('drain', done))
  }
  return exitCode
}
