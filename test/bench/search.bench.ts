/** Search over a year of posts (POSTS, default 1,000,000), every kind of query a desk types, first page with its count. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteSearch } from '../../api/adapters/search-sqlite.ts'
import type { SearchDocument, SearchQuery } from '../../api/ports.ts'
import { BOARDS, corpus } from './corpus.ts'
import { printRows } from './row.ts'
import { percentile, round, timed } from './times.ts'

const POSTS = Number(process.env.POSTS ?? 1_000_000)
const ROUNDS = 10
const GOAL_MS = 50
const UNTIL = Date.UTC(2026, 10, 20)
const DAY_MS = 86_400_000

const folder = mkdtempSync(join(tmpdir(), 'yuqing-search-'))
const index = sqliteSearch(join(folder, 'search.sqlite'))
const start = performance.now()
let batch: SearchDocument[] = []
let id = 0
for (const post of corpus(POSTS, UNTIL, ['zhongwu', 'hualongxiang', 'cz001', 'weibo'])) {
  const isMatter = id % 16 === 7
  batch.push({
    id: ++id,
    text: `${post.title}\n${post.text}`,
    source: post.source,
    board: post.board,
    topics: isMatter ? ['安全生产/危险化学品'] : [],
    places: id % 3 ? ['常州市武进区'] : [],
    at: Date.parse(post.publishedAt ?? ''),
    flagged: isMatter,
  })
  if (batch.length === 500) {
    await index.put(batch)
    batch = []
  }
}
await index.put(batch)
const filled = performance.now() - start

const month = { from: UNTIL - 30 * DAY_MS, to: UNTIL }
const texts = [
  '化工厂',
  '异味',
  '水',
  '的',
  '消防 通道',
  '编号12345',
  '没有人写过',
  '湖塘 化工 泄漏',
  '3',
  '房子',
]
const filters: Omit<SearchQuery, 'limit'>[] = [
  {},
  { source: 'zhongwu' },
  { board: BOARDS[1] as string },
  { flagged: true },
  { topic: '安全生产' },
  { place: '武进区' },
  month,
  { ...month, source: 'cz001', flagged: true },
]
const times: number[] = []
const slowest = new Map<string, number>()
const before = process.cpuUsage()
for (let i = 0; i < ROUNDS; i++)
  for (const text of ['', ...texts])
    for (const filter of filters) {
      const query = { ...filter, ...(text && { text }), limit: 20 }
      const ms = await timed(() => index.search(query))
      times.push(ms)
      const name = JSON.stringify(query)
      slowest.set(name, Math.max(ms, slowest.get(name) ?? 0))
    }
const used = process.cpuUsage(before)
await index.close()
rmSync(folder, { recursive: true })
for (const [query, ms] of [...slowest].sort((a, b) => b[1] - a[1]).slice(0, 12))
  console.error(`${ms.toFixed(1)} ms ${query}`)
const p95 = percentile(times, 0.95)
printRows([
  {
    what: 'processor time of one search, mean',
    value: round((used.user + used.system) / 1000 / times.length),
    unit: 'ms',
    goal: 'told',
    met: true,
  },
  {
    what: `index ${POSTS} posts`,
    value: Math.round(POSTS / (filled / 1000)),
    unit: 'posts/s',
    goal: 'told',
    met: true,
  },
  {
    what: 'search, first page, p50',
    value: round(percentile(times, 0.5), 2),
    unit: 'ms',
    goal: 'told',
    met: true,
  },
  {
    what: 'search, first page, p95',
    value: round(p95),
    unit: 'ms',
    goal: `p95 < ${GOAL_MS} ms`,
    met: p95 < GOAL_MS,
  },
])
