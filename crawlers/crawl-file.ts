import { readFile } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { crawl } from './crawl.ts'
import { memoryPace } from './pace.ts'
import type { CrawlMemory, Delivery, ThreadMemory } from './site.ts'
import { readSourcesFile } from './sources-file.ts'

/** Remembers for one run: a sticky thread stands in several boards. */
function runMemory(): CrawlMemory & { note(delivery: Delivery): void } {
  const threads = new Map<string, ThreadMemory>()
  return {
    thread: async (source, key) => threads.get(`${source}\n${key}`) ?? null,
    readTo: async () => null,
    validators: async () => null,
    note({ source, thread }) {
      if (thread) threads.set(`${source}\n${thread.key}`, thread.memory)
    },
  }
}

export interface CrawlFileOptions {
  /** Threads or articles of each source. */
  limit?: number | undefined
  output: Writable
  errors: Writable
  userAgent: string
  now: () => number
  signal?: AbortSignal | undefined
}

/**
 * `crawl FILE [--limit N]`: every source of the file once, without a database, pace and limits as the file says; one
 * RawPost a line. Returns 1 where a source could not be read, 0 otherwise.
 */
export async function crawlFile(path: string, options: CrawlFileOptions): Promise<0 | 1> {
  const { limit, output, errors, userAgent, now, signal } = options
  let sources: ReturnType<typeof readSourcesFile>
  try {
    sources = readSourcesFile(await readFile(path, 'utf8'))
  } catch (error) {
    errors.write(`${(error as Error).message}\n`)
    return 1
  }
  const memory = runMemory()
  const outcomes = await crawl(
    sources.filter(source => source.enabled !== false),
    {
      memory,
      pace: memoryPace(now),
      now,
      userAgent,
      signal,
      threadLimit: limit,
      async deliver(delivery) {
        memory.note(delivery)
        for (const post of delivery.posts)
          if (!output.write(`${JSON.stringify(post)}\n`))
            await new Promise(done => output.once('drain', done))
        return delivery.posts.length
      },
    },
  )
  for (const source of sources.filter(({ enabled }) => enabled === false))
    errors.write(`${source.name}：未启用，${source.reason ?? ''}\n`)
  for (const { source, error, pages, posts } of outcomes)
    errors.write(
      error
        ? `${source}：未能读完，${error.message}（${error.url}）\n`
        : `${source}：${pages} 页，${posts} 条\n`,
    )
  return outcomes.some(({ error }) => error) ? 1 : 0
}
