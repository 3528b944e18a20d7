import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import type { RawPost } from '../pipeline/post.ts'
import type { Context } from './context.ts'
import { recordPosts } from './posts/store.ts'
import { seedSources } from './sources/store.ts'

const BATCH = 200

function toPost(line: string, source: string, seenAt: string): RawPost | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return '不是正确的 JSON。'
  }
  if (typeof value !== 'object' || value === null) return '应为 {"id", "text", …}。'
  const { id, text, title = null, url, publishedAt = null, board = null } = value as Record<string, unknown>
  if (typeof text !== 'string') return '缺少 text。'
  if (publishedAt !== null && (typeof publishedAt !== 'string' || Number.isNaN(Date.parse(publishedAt))))
    return 'publishedAt 应为 ISO 时间或 null。'
  const key =
    id === undefined || id === null
      ? createHash('sha256').update(`${title}\n${text}`).digest('hex').slice(0, 24)
      : String(id)
  return {
    source,
    key,
    url: typeof url === 'string' ? url : `import:${source}/${encodeURIComponent(key)}`,
    kind: 'article',
    parent: null,
    floor: null,
    board: typeof board === 'string' ? board : null,
    title: typeof title === 'string' ? title : null,
    author: { id: null, name: null },
    text,
    quote: null,
    images: [],
    publishedAt: publishedAt === null ? null : new Date(publishedAt as string).toISOString(),
    publishedPrecision: publishedAt === null ? null : 'second',
    publishedRaw: publishedAt as string | null,
    seenAt,
    counts: { views: null, replies: null, reposts: null, likes: null },
    place: null,
    state: 'visible',
  }
}

/** `import FILE --source NAME`: texts as posts, once each; running it again adds nothing. Returns 2 where a line was bad. */
export async function importFile(
  context: Context,
  path: string,
  sourceName: string,
  output: Writable,
  errors: Writable,
): Promise<0 | 2> {
  // Before anything is written: a name typed wrongly must not leave a source behind.
  const file = await open(path)
  const at = context.now()
  const id = `import-${createHash('sha256').update(sourceName).digest('hex').slice(0, 8)}`
  await context.db.transaction().execute(trx =>
    seedSources(
      trx,
      [
        {
          id,
          name: sourceName,
          engine: 'manual',
          url: 'https://import.invalid/',
          boards: [],
          delaySeconds: 0,
          dailyCeiling: 1,
          basis: '导入',
          owner: '办公室',
          retentionDays: 730,
          enabled: false,
          reason: '由文件导入',
        },
      ],
      at,
    ),
  )
  const seenAt = new Date(at).toISOString()
  const counts = { lines: 0, added: 0, bad: 0 }
  let batch: RawPost[] = []
  const flush = async () => {
    const posts = batch
    batch = []
    const { added } = await context.db.transaction().execute(trx => recordPosts(trx, posts))
    counts.added += added
  }
  for await (const line of createInterface({
    input: file.createReadStream(),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    counts.lines++
    if (!line.trim()) continue
    const post = toPost(line.replace(/^\uFEFF/, ''), id, seenAt)
    if (typeof post === 'string') {
      counts.bad++
      errors.write(`第${counts.lines}行：${post}\n`)
    } else if (batch.push(post) >= BATCH) await flush()
  }
  if (batch.length) await flush()
  await context.queue.add('posts.analyse', {}, { key: 'waiting' })
  output.write(`读入 ${counts.lines} 行，新增 ${counts.added} 条，有误 ${counts.bad} 行。\n`)
  return counts.bad ? 2 : 0
}
