import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { analyseWaiting } from '../../api/analysis-job.ts'
import { readConfig } from '../../api/config.ts'
import { type Context, openContext } from '../../api/context.ts'
import type { DatabaseKind } from '../../api/db/open.ts'
import { recordPosts } from '../../api/posts/store.ts'
import { seedSources } from '../../api/sources/store.ts'
import type { RawPost } from '../../pipeline/post.ts'
import { createPipeline } from '../../pipeline/run.ts'
import { freshDatabase } from '../databases.ts'

/** What a test says of a post; the rest is made up of it. */
export interface Said {
  key: string
  text: string
  title?: string | null
  source?: string
  /** Shanghai time, `2019-05-20T21:10`; null = the page shows none. */
  at?: string | null
  parent?: string | null
}

export interface Desk {
  context: Context
  clock: { now: number }
  /** Stores the posts (as if read now) and analyses what waits. Answers their ids in order. */
  read(...posts: Said[]): Promise<number[]>
  /** Stores without analysing. */
  store(...posts: Said[]): Promise<number[]>
  analyse(): Promise<number>
  close(): Promise<void>
}

const configDir = resolve(import.meta.dirname, '../../config')
let pipeline: ReturnType<typeof createPipeline> | undefined

/** As a crawler would hand it over at `now`. */
export function rawPost(
  { key, text, title = null, source = 'zhongwu', at, parent = null }: Said,
  now: number,
): RawPost {
  const publishedAt = at === null ? null : new Date(at ? `${at}+08:00` : now).toISOString()
  return {
    source,
    key,
    url: `https://${source}.example.cn/${key}`,
    kind: parent ? 'reply' : 'thread',
    parent,
    floor: parent ? 2 : 1,
    board: '百姓呼声',
    title,
    author: { id: null, name: '匿名' },
    text,
    quote: null,
    images: [],
    publishedAt,
    publishedPrecision: publishedAt === null ? null : 'minute',
    publishedRaw: at ?? null,
    seenAt: new Date(now).toISOString(),
    counts: { views: null, replies: null, reposts: null, likes: null },
    place: null,
    state: 'visible',
  }
}

/** The real store and pipeline on a fresh database of that kind, with local boards `zhongwu`, `hualong` and `bendi`. */
export async function openDesk(
  kind: DatabaseKind,
  now = Date.parse('2019-05-20T22:00+08:00'),
): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'yuqing-desk-'))
  const clock = { now }
  const context = await openContext(readConfig({ DATA_DIR: folder, PORT: '0' }), {
    now: () => clock.now,
    log: pino({ level: 'silent' }),
    database: await freshDatabase(kind),
  })
  pipeline ??= createPipeline({ configDir })
  const { db } = context
  await db.transaction().execute(trx => seedSources(trx, ['zhongwu', 'hualong', 'bendi'].map(sourceOf), now))

  const store = async (...posts: Said[]) => {
    const { ids } = await db.transaction().execute(trx =>
      recordPosts(
        trx,
        posts.map(said => rawPost(said, clock.now)),
      ),
    )
    return posts.map(({ key, source = 'zhongwu' }) => ids.get(`${source}\n${key}`) as number)
  }
  const analyse = () => analyseWaiting(context, pipeline as NonNullable<typeof pipeline>)
  return {
    context,
    clock,
    store,
    analyse,
    async read(...posts) {
      const ids = await store(...posts)
      await analyse()
      return ids
    },
    async close() {
      await context.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const sourceOf = (id: string) => ({
  id,
  name: { zhongwu: '中吴网', hualong: '化龙巷', bendi: '本地宝' }[id] as string,
  engine: 'manual' as const,
  url: `https://${id}.example.cn/`,
  boards: [],
  delaySeconds: 0,
  dailyCeiling: 1,
  basis: '测试',
  owner: '办公室',
  retentionDays: 730,
  enabled: false,
  reason: '测试',
})
