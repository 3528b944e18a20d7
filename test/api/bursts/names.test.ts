import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import type { BurstAnswer } from '../../../api/bursts/routes.ts'
import { watchBursts } from '../../../api/bursts/watch.ts'
import type { EventItem, EventList } from '../../../api/events/routes.ts'
import type { InboxAnswer } from '../../../api/notices/routes.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { rawPost } from '../desk.ts'

const HOUR = 3_600_000
const NOW = Date.parse('2019-05-20T15:30+08:00')

describe.each(['sqlite', 'postgres'] as const)('the burst of an event on %s', kind => {
  let test: TestContext
  beforeAll(async () => {
    test = await testContext(NOW, { open: () => freshDatabase(kind) })
    const { db, config } = test.context
    const told = (key: string, text: string, hoursAgo: number) =>
      rawPost(
        {
          key,
          source: 'zhongwu',
          text,
          at: new Date(NOW - hoursAgo * HOUR + 8 * HOUR).toISOString().slice(0, 16),
        },
        NOW,
      )
    const fire = Array.from({ length: 9 }, (_, n) =>
      told(`f${n}`, `瑞锦大厦起火，第${n + 1}批消防车到了，浓烟滚滚，楼上有人被困，求救援。`, 0.3 * (n + 1)),
    )
    const lift = [
      '电梯困人二十分钟，打维保电话没人接，里面有孕妇。',
      '的电梯又坏了，昨天困人今天下坠，投诉！',
    ].map((text, n) => told(`l${n}`, `星茂广场${text}`, 70 + n))
    await db.transaction().execute(trx => recordPosts(trx, [...lift, ...fire]))
    await analyseWaiting(test.context, createPipeline({ configDir: config.configDir }))
    await watchBursts(test.context)
  })
  afterAll(() => test.close())

  const inbox = async () =>
    (await test.as('duty')('GET', '/api/notices'))
      .json<InboxAnswer>()
      .items.filter(({ title }) => title.startsWith('事件突增'))
  const burst = async () =>
    (await test.as('duty')('GET', '/api/bursts'))
      .json<BurstAnswer>()
      .items.find(each => each.kind === 'event')
  const events = async () => (await test.as('duty')('GET', '/api/events')).json<EventList>().items

  it('is told by the name that the event has now, and opens it', async () => {
    const [notice] = await inbox()
    expect(notice?.title).toMatch(/^事件突增：瑞锦大厦起火/)
    const fire = (await events()).find(({ posts }) => posts === 9)
    expect([notice?.link, (await burst())?.link]).toEqual([`/events/${fire?.id}`, `/events/${fire?.id}`])
    await test.as('duty')('PATCH', `/api/events/${fire?.id}`, { version: 1, title: '博爱路瑞锦大厦火灾' })
    expect((await inbox()).map(({ title }) => title)).toEqual(['事件突增：博爱路瑞锦大厦火灾'])
    expect((await burst())?.name).toBe('博爱路瑞锦大厦火灾')
  })

  it('goes with its event into another one', async () => {
    const all = await events()
    const [from, into] = [9, 2].map(size => all.find(({ posts }) => posts === size)) as [EventItem, EventItem]
    await test.as('duty')('POST', `/api/events/${from.id}/merge`, {
      version: from.version,
      into: into.id,
      intoVersion: into.version,
    })
    expect((await inbox())[0]?.title).toMatch(/^事件突增：星茂广场/)
    expect(await burst()).toMatchObject({ name: into.title, link: `/events/${into.id}` })
  })
})
