import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import type { Context } from './context.ts'
import { type Entry, lineEntry } from './intake/rules.ts'
import { ensureManualSource, takeIn } from './intake/store.ts'

const BATCH = 200
const isTable = (path: string): boolean => /\.(csv|tsv|xlsx?)$/i.test(path)

/** What each line or row gives: an entry, or a sentence that says what is wrong with it. */
async function* readEntries(
  file: Awaited<ReturnType<typeof open>>,
  path: string,
  now: number,
): AsyncGenerator<Entry | string | null> {
  if (isTable(path)) {
    const { readFile } = await import('./intake/read-file.ts')
    const { rows, entries, problems } = await readFile(await file.readFile(), now)
    for (const { entry } of entries) yield entry
    for (const { row, column, message } of problems) yield `第${row}行「${column}」：${message}`
    for (let same = rows - entries.length - new Set(problems.map(({ row }) => row)).size; same > 0; same--)
      yield null
    return
  }
  const input = file.createReadStream()
  let number = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    const entry = line.trim() ? lineEntry(line.replace(/^\uFEFF/, '')) : null
    yield typeof entry === 'string' ? `第${number}行：${entry}` : entry
  }
}

/**
 * `import FILE --source NAME [--anywhere]`: texts as posts, once each; running it again adds nothing. FILE is a CSV or
 * XLSX by its ending, else lines of JSON. `anywhere`: texts from elsewhere, analysed without the local gate. Returns 2
 * where a line was bad.
 */
export async function importFile(
  context: Context,
  { path, source, anywhere }: { path: string; source: string; anywhere: boolean },
  output: Writable,
  errors: Writable,
): Promise<0 | 2> {
  // Before anything is written: a name typed wrongly must not leave a source behind.
  const file = await open(path)
  const { db, queue, now } = context
  const at = now()
  const options = { seenAt: new Date(at).toISOString(), anywhere }
  const counts = { lines: 0, added: 0, bad: 0 }
  let sourceId: string | null = null
  let batch: Entry[] = []
  const flush = async () => {
    const by = { personId: null, why: '由文件导入', at }
    sourceId ??= await db.transaction().execute(trx => ensureManualSource(trx, source, by))
    counts.added += await takeIn(db, sourceId, batch, options)
    batch = []
  }
  try {
    for await (const entry of readEntries(file, path, at)) {
      counts.lines++
      if (typeof entry === 'string') {
        counts.bad++
        errors.write(`${entry}\n`)
      } else if (entry && batch.push(entry) >= BATCH) await flush()
    }
    await flush()
  } finally {
    await file.close()
  }
  await queue.add('posts.analyse', {}, { key: 'waiting' })
  output.write(`读入 ${counts.lines} 行，新增 ${counts.added} 条，有误 ${counts.bad} 行。\n`)
  return counts.bad ? 2 : 0
}
