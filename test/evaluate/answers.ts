import { resolve } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type AnalyzeOptions, analyzeCommand } from '../../api/analyze.ts'

/** What `analyze` with these flags answers to the rows, line by line: figures come through the door that staff use. */
export async function analyzeAnswers<T>(
  rows: readonly object[],
  flags: Omit<AnalyzeOptions, 'configDir'>,
): Promise<T[]> {
  const [output, errors] = [new PassThrough(), new PassThrough()]
  const lines = text(output)
  const complaints = text(errors)
  const input = Readable.from(rows.map(row => `${JSON.stringify(row)}\n`))
  const configDir = resolve(import.meta.dirname, '../../config')
  const code = await analyzeCommand(input, output, errors, { configDir, ...flags })
  output.end()
  errors.end()
  if (code !== 0) throw new Error(await complaints)
  return (await lines)
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as T)
}
