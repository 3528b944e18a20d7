import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import type { PostDetail } from '../../../api/posts/routes.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { type TestContext, testContext } from '../context.ts'
import { rawPost } from '../desk.ts'
import { at, Road } from './road.ts'

const NOW = at('2019-05-20T09:00:00')
const text = (place: string) =>
  `${place}的沿街商铺把油烟管道直接接进楼道，管道口一直冒火星，墙都熏黑了，昨晚差点烧起来，住户报了两次警，请消防和应急来查一查。`

describe('S-9 a slip made of a copy', () => {
  let test: TestContext
  let road: Road
  const ids = new Map<string, number>()
  beforeAll(async () => {
    test = await testContext(NOW)
    road = await Road.open(test)
    const { db, config } = test.context
    const pipeline = createPipeline({ configDir: config.configDir })
    const read = async (said: { key: string; place: string }[]) => {
      const posts = said.map(({ key, place }) =>
        rawPost(
          { key, source: 'zhongwu', title: `${place}油烟管道冒火星`, text: text(place) },
          test.clock.now,
        ),
      )
      const stored = await db.transaction().execute(trx => recordPosts(trx, posts))
      for (const [key, id] of stored.ids) ids.set(key.split('\n')[1] as string, id)
      await analyseWaiting(test.context, pipeline)
    }
    await read(['湖塘镇', '薛家镇', '雕庄'].map((place, i) => ({ key: `o${i}`, place })))
    test.clock.now += 3_600_000
    await read(['湖塘镇', '薛家镇', '雕庄'].map((place, i) => ({ key: `c${i}`, place })))
  })
  afterAll(() => test.close())

  const post = (key: string) => ids.get(key) as number
  const detail = async (key: string) =>
    (await test.as('duty')('GET', `/api/posts/${post(key)}`)).json<PostDetail>()

  it('names the original: where it stood, when it was first seen, and its address', async () => {
    expect((await detail('o0')).original).toBeNull()
    const named = {
      id: post('o0'),
      kind: 'exact',
      source: '中吴网',
      board: '百姓呼声',
      title: '湖塘镇油烟管道冒火星',
      url: 'https://zhongwu.example.cn/o0',
      firstSeenAt: NOW,
      publishedAt: NOW,
      slips: [],
      dismissed: null,
    }
    expect((await detail('c0')).original).toMatchObject(named)
    const slip = await road.create('duty', { postIds: [post('c0')] })
    expect(slip.entries[0]?.original).toMatchObject(named)
    expect(slip.entries[0]?.copies).toBe(1)
    expect(slip.warnings.filter(warning => warning.includes('同样的内容'))).toEqual([])
  })

  it('warns where the original is on a slip, by its number and state', async () => {
    const first = await road.go('duty', await road.create('duty', { postIds: [post('o1')] }), 'submit')
    expect((await detail('c1')).original?.slips).toEqual([
      { id: first.id, number: first.number, status: 'judging' },
    ])
    const second = await road.create('duty', { postIds: [post('c1')] })
    expect(second.warnings).toContain(
      `同样的内容已在处理单${first.number}（待研判）上：中吴网「薛家镇油烟管道冒火星」，请核对是否并入该单`,
    )
    expect(second.entries[0]?.original?.slips.map(({ id }) => id)).toEqual([first.id])
    // The slip of the original has no original to name.
    expect((await road.read('office', first.id)).entries[0]?.original).toBeNull()
    await road.go('officehead', first, 'void', { reason: '并入另一单' })
    expect((await road.read('duty', second.id)).warnings.join()).not.toContain('同样的内容')
  })

  it('warns where the original was dismissed, with the reason and who decided', async () => {
    const { flag } = await detail('o2')
    const dismissed = await test.as('office')('POST', `/api/posts/${post('o2')}/dismiss`, {
      reason: 'old',
      version: flag?.version,
    })
    expect(dismissed.statusCode, dismissed.body).toBe(200)
    const slip = await road.create('duty', { postIds: [post('c2')] })
    expect(slip.warnings).toContain(
      '同样的内容已标为不予处理（旧闻，徐静）：中吴网「雕庄油烟管道冒火星」，请核对',
    )
    expect(slip.entries[0]?.original?.dismissed).toMatchObject({ reason: 'old', by: '徐静' })
  })
})
