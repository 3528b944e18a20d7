import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import type { BurstAnswer } from '../../../api/bursts/routes.ts'
import { watchBursts } from '../../../api/bursts/watch.ts'
import type { InboxAnswer } from '../../../api/notices/routes.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import { seedSources } from '../../../api/sources/store.ts'
import type { TrendPosts } from '../../../api/trends/routes.ts'
import type { Pipeline } from '../../../pipeline/post.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { rawPost } from '../desk.ts'
import { sourceConfig } from '../sources/source-config.ts'

const HOUR = 3_600_000
const NOW = Date.parse('2019-05-20T15:30+08:00')
let pipeline: Pipeline | undefined

describe.each(['sqlite', 'postgres'] as const)('bursts on %s', kind => {
  let test: TestContext
  beforeAll(async () => {
    test = await testContext(NOW, { open: () => freshDatabase(kind) })
    const { db, config } = test.context
    pipeline ??= createPipeline({ configDir: config.configDir })
    await db.transaction().execute(trx => seedSources(trx, [sourceConfig('board')], NOW))
    // A usual month: a complaint a day or so, none of them at these hours of a Monday.
    await told('usual', 28, n => NOW - 30 * 24 * HOUR + n * 25 * HOUR)
  })
  afterAll(() => test.close())

  let number = 0
  /** So many posts, each about another house, at these times. */
  async function told(key: string, count: number, at: (n: number) => number): Promise<void> {
    const { context } = test
    const posts = Array.from({ length: count }, (_, n) => {
      const published = new Date(at(n) + 8 * HOUR).toISOString().slice(0, 16)
      const text = `${++number}号厂房起火，浓烟滚滚，消防车来了，楼里有人被困，求救援。`
      return rawPost({ key: `${key}${n}`, text, source: 'board', at: published }, test.clock.now)
    })
    await context.db.transaction().execute(trx => recordPosts(trx, posts))
    await analyseWaiting(context, pipeline as Pipeline)
  }
  const inbox = async (login: string) =>
    (await test.as(login)('GET', '/api/notices'))
      .json<InboxAnswer>()
      .items.filter(({ topic }) => topic === 'burst')
  const bursts = async () => (await test.as('leader')('GET', '/api/bursts')).json<BurstAnswer>()

  it('are not seen in a usual day, nor told where sensitivity is low', async () => {
    expect(await watchBursts(test.context)).toBe(0)
    await told('now', 8, n => NOW - (n + 1) * 0.3 * HOUR)
    const set = (login: string, sensitivity: string) =>
      test.as(login)('PUT', '/api/bursts/sensitivity', { sensitivity })
    expect((await set('duty', 'low')).statusCode).toBe(403)
    expect((await set('office', 'shrill')).statusCode).toBe(400)
    expect((await set('office', 'low')).json<BurstAnswer>().sensitivity).toBe('low')
    expect(await watchBursts(test.context)).toBe(0)
    expect((await set('office', 'middle')).json<BurstAnswer>().sensitivity).toBe('middle')
  })

  it('are told once, with the evidence, to duty and office, and lead to the posts counted', async () => {
    const sent = await watchBursts(test.context)
    expect(sent).toBeGreaterThanOrEqual(2)
    const notices = await inbox('duty')
    expect(notices).toHaveLength(sent)
    expect((await inbox('office')).length).toBe(sent)
    expect((await inbox('leader')).length).toBe(0)
    const source = notices.find(({ title }) => title.startsWith('信源突增'))
    expect(source?.body).toMatch(/^近6小时8条，前\d周同一时段平均0(\.\d)?条、最多\d条。$/)
    const link = new URL(source?.link ?? '', 'http://x')
    expect(link.pathname).toBe('/trends')
    const { dimension, value, start, end } = Object.fromEntries(link.searchParams) as Record<string, string>
    const query = new URLSearchParams({ dimension, value, from: start, to: end } as Record<string, string>)
    const { total } = (await test.as('leader')('GET', `/api/trends/posts?${query}`)).json<TrendPosts>()
    expect(total).toBeGreaterThanOrEqual(8)

    const { items } = await bursts()
    expect(items.map(({ open }) => open)).toEqual(items.map(() => true))
    expect(items.find(each => each.kind === 'source')).toMatchObject({ posts: 8, evidence: source?.body })
  })

  it('are not told again until they have doubled', async () => {
    const before = (await inbox('duty')).length
    expect(await watchBursts(test.context)).toBe(0)
    await told('more', 5, n => NOW - (n + 1) * 0.3 * HOUR)
    expect(await watchBursts(test.context)).toBe(0)
    await told('doubled', 3, n => NOW - (n + 1) * 0.2 * HOUR)
    const again = await watchBursts(test.context)
    expect(again).toBeGreaterThanOrEqual(1)
    const [newest] = await inbox('duty')
    expect(newest?.body).toMatch(/^已增至16条，比上次提示时翻倍。近6小时16条/)
    expect((await inbox('duty')).length).toBe(before + again)
    expect(await watchBursts(test.context)).toBe(0)
  })

  it('are over after a quiet day; the administrator does not see them', async () => {
    test.clock.now = NOW + 31 * HOUR
    await watchBursts(test.context)
    expect((await bursts()).items.filter(({ open }) => open)).toEqual([])
    expect((await test.as('admin')('GET', '/api/bursts')).statusCode).toBe(403)
  })
})
