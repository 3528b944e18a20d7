import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import type { TrendAnswer, TrendPosts } from '../../../api/trends/routes.ts'
import { DIMENSIONS, MEASURES, trendRows } from '../../../api/trends/rules.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { rawPost, type Said } from '../desk.ts'

const NOW = Date.parse('2019-05-20T22:00+08:00')
const KINDS = [
  '湖塘镇一家饭店着火了，浓烟很大，消防车来了两辆，有人被困，求救援！',
  '龙虎塘街道楼道里飞线充电，电瓶车堵住消防通道，隐患太大没人管。',
  '鼎晟化工半夜氨气泄漏，刺鼻气味很重，求应急局查处。',
  '今天天气不错，带孩子去公园走走。',
]
let test: TestContext
const ask = async <T>(path: string, query: Record<string, string | string[]>) => {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([k, v]) => [v].flat().map((each): [string, string] => [k, each])),
  )
  return (await test.as('chief')('GET', `${path}?${search}`)).json<T>()
}

describe.each(['sqlite', 'postgres'] as const)('trends on %s', kind => {
  beforeAll(async () => {
    test = await testContext(NOW, { open: () => freshDatabase(kind) })
    const { db, config } = test.context
    const said = Array.from({ length: 60 }, (_, n): Said => {
      const day = String(1 + ((n * 7) % 20)).padStart(2, '0')
      return {
        key: `p${n}`,
        text: `${n}号楼的住户说：${KINDS[n % KINDS.length]}`,
        // Midnight in Shanghai is where days are easily confused.
        at: n % 15 === 0 ? null : `2019-05-${day}T${n % 2 ? '00:10' : '23:50'}`,
      }
    })
    await db.transaction().execute(trx =>
      recordPosts(
        trx,
        said.map(each => rawPost(each, NOW)),
      ),
    )
    await analyseWaiting(test.context, createPipeline({ configDir: config.configDir }))
  })
  afterAll(() => test.close())

  it.each(DIMENSIONS.flatMap(dimension => MEASURES.map(measure => ({ dimension, measure }))))(
    'every figure by $dimension of $measure posts is as long as its list',
    async ({ dimension, measure }) => {
      const period = { from: '2019-05-01', to: '2019-05-20' }
      const answer = await ask<TrendAnswer>('/api/trends', { dimension, measure, ...period })
      expect(answer.days).toHaveLength(20)
      if (measure === 'flagged') expect(answer.all.total).toBeGreaterThan(20)
      const list = (more: Record<string, string | string[]>) =>
        ask<TrendPosts>('/api/trends/posts', { dimension, measure, ...period, ...more })
      expect((await list({})).total).toBe(answer.all.total)
      for (const row of answer.rows) {
        const whole = await list({ value: row.value })
        expect([whole.total, whole.items.length]).toEqual([row.total, row.total])
        expect((await list({ value: row.value, from: '2019-05-14' })).total).toBe(row.week)
        expect((await list({ value: row.value, from: '2019-05-07', to: '2019-05-13' })).total).toBe(
          row.weekBefore,
        )
        for (const [i, posts] of row.days.entries()) {
          const day = answer.days[i] as string
          if (posts || i % 7 === 0)
            expect((await list({ value: row.value, from: day, to: day })).total).toBe(posts)
        }
      }
    },
  )

  it('count the week before even where the chart is shorter', () => {
    const counts = [
      { day: '2019-05-20', value: 'a', posts: 2 },
      { day: '2019-05-14', value: 'a', posts: 3 },
      { day: '2019-05-13', value: 'a', posts: 4 },
      { day: '2019-05-07', value: 'a', posts: 5 },
    ]
    expect(trendRows(counts, '2019-05-20', '2019-05-20')).toEqual([
      { value: 'a', days: [2], total: 2, week: 5, weekBefore: 9 },
    ])
  })

  it('empty means empty, and a wrong day is refused in a sentence', async () => {
    const empty = await ask<TrendAnswer>('/api/trends', {
      dimension: 'topic',
      from: '2018-01-01',
      to: '2018-01-03',
    })
    expect([empty.rows, empty.all.total]).toEqual([[], 0])
    const wrong = await test.as('chief')('GET', '/api/trends?dimension=topic&from=昨天')
    expect([wrong.statusCode, wrong.json().message]).toEqual([400, '「昨天」不是日期，请写成 2026-11-24。'])
    expect((await test.as('admin')('GET', '/api/trends?dimension=topic')).statusCode).toBe(403)
  })
})
