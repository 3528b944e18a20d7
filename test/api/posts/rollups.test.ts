import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, openDesk } from '../desk.ts'

const FIRE = '湖塘镇丽华路一家饭店着火了，浓烟很大，消防车来了两辆，有人被困在楼上，求救援！'
const CALM = '今天天气不错，带孩子去公园走走，晚上吃了火锅，人很多。'

describe.each(['sqlite', 'postgres'] as const)('rollups on %s', kind => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openDesk(kind)
  })
  afterAll(() => desk.close())

  const sums = async () => {
    const { db } = desk.context
    const hourly = await db
      .selectFrom('hourly')
      .select(eb => ['hour', 'source_id', 'topic', eb.ref('posts').as('posts'), 'flagged'])
      .where('posts', '!=', 0)
      .orderBy('hour')
      .orderBy('topic')
      .execute()
    const daily = await db
      .selectFrom('daily')
      .selectAll()
      .where('posts', '!=', 0)
      .orderBy('dimension')
      .execute()
    return {
      hourly: hourly.map(row => ({ ...row, hour: new Date(row.hour).toISOString() })),
      daily: daily.map(row => ({ ...row })),
    }
  }

  it('count every analysed post in its hour, and a flagged one by day, topic, district and concern', async () => {
    await desk.read(
      { key: '1', text: FIRE, title: '饭店着火', at: '2019-05-20T00:20' },
      { key: '2', text: CALM, at: '2019-05-20T00:40' },
    )
    const { hourly, daily } = await sums()
    expect(hourly).toEqual([
      { hour: '2019-05-19T16:00:00.000Z', source_id: 'zhongwu', topic: '', posts: 1, flagged: 0 },
      {
        hour: '2019-05-19T16:00:00.000Z',
        source_id: 'zhongwu',
        topic: '安全生产/火灾',
        posts: 1,
        flagged: 1,
      },
    ])
    const common = { day: '2019-05-20', concern: expect.stringMatching(/^(own|watch)$/), posts: 1 }
    expect(daily).toEqual([
      { dimension: 'district', value: '武进区', ...common },
      { dimension: 'mood', value: expect.any(String), ...common },
      { dimension: 'source', value: 'zhongwu', ...common },
      { dimension: 'topic', value: '安全生产/火灾', ...common },
    ])
  })

  it('a post analysed again counts once, and as what it is now', async () => {
    const before = await sums()
    await desk.context.db.updateTable('post').set({ to_analyse: 1 }).execute()
    await desk.analyse()
    expect(await sums()).toEqual(before)
    desk.clock.now += 60_000
    await desk.read({ key: '1', text: CALM, title: '逛公园', at: '2019-05-20T00:20' })
    const after = await sums()
    expect(after.daily).toEqual([])
    expect(after.hourly).toEqual([
      { hour: '2019-05-19T16:00:00.000Z', source_id: 'zhongwu', topic: '', posts: 2, flagged: 0 },
    ])
  })

  it('equal the analyses they are made of', async () => {
    await desk.read(
      ...[1, 2, 3, 4, 5].map(n => ({
        key: `m${n}`,
        source: n % 2 ? 'hualong' : 'zhongwu',
        text: `${n}号楼${FIRE}`,
        at: n === 5 ? null : `2019-05-2${n}T1${n}:00`,
      })),
    )
    const { db } = desk.context
    const listed = await db
      .selectFrom('analysis')
      .select(eb => eb.fn.countAll<number>().as('n'))
      .where('flagged', '=', 1)
      .executeTakeFirstOrThrow()
    const daily = (await sums()).daily.filter(({ dimension }) => dimension === 'topic')
    expect(daily.reduce((sum, { posts }) => sum + posts, 0)).toBe(Number(listed.n))
    // A post without a time counts for the day on which it was first seen.
    expect(daily.filter(({ day }) => day === '2019-05-20').reduce((sum, { posts }) => sum + posts, 0)).toBe(1)
  })
})
