import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import type {
  DecidedEvent,
  EventDetail,
  EventItem,
  EventList,
  EventPosts,
} from '../../../api/events/routes.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { type TestContext, testContext } from '../context.ts'
import { rawPost } from '../desk.ts'
import { toldIn } from './incidents.ts'

const NOW = Date.parse('2019-05-20T22:00+08:00')
let test: TestContext
let ids: Map<string, number>
beforeAll(async () => {
  test = await testContext(NOW)
  const { db, config } = test.context
  const told = toldIn(1).map(post => ({ ...post, source: 'zhongwu' }))
  const phone = {
    ...told[0],
    key: 'phone',
    text: '瑞锦大厦起火时我在现场，有情况请打我电话 13912345678，楼道里全是浓烟。',
  }
  const stored = await db.transaction().execute(trx =>
    recordPosts(
      trx,
      [...told, phone].map(said => rawPost(said, NOW)),
    ),
  )
  ids = new Map([...stored.ids].map(([key, id]) => [key.split('\n')[1] as string, id]))
  await analyseWaiting(test.context, createPipeline({ configDir: config.configDir }))
})
afterAll(() => test.close())

const list = async (login: string) => (await test.as(login)('GET', '/api/events')).json<EventList>().items
const fire = async () => (await list('duty')).find(({ posts }) => posts === 5) as EventItem

describe('events over HTTP', () => {
  it('are listed for everyone who works on content, not for the administrator', async () => {
    expect((await list('leader')).length).toBe(4)
    expect((await test.as('admin')('GET', '/api/events')).statusCode).toBe(403)
  })

  it('are listed where one of their posts was put before staff: replies of few words alone are no event', async () => {
    const { db, config } = test.context
    const replies = ['b1', 'b2', 'b3'].map(key =>
      rawPost(
        { key, source: 'zhongwu', text: '有没有最新消息？家里老人住在那边。', at: '2019-05-20T21:00' },
        NOW,
      ),
    )
    const { ids: stored } = await db.transaction().execute(trx => recordPosts(trx, replies))
    await analyseWaiting(test.context, createPipeline({ configDir: config.configDir }))
    // Whatever a model of the day says of such words: none of them was put before staff.
    await db
      .deleteFrom('flag')
      .where('post_id', 'in', [...stored.values()])
      .execute()
    const { event_id } = await db
      .selectFrom('event_post')
      .innerJoin('post', 'post.id', 'event_post.post_id')
      .select('event_id')
      .where('post.key', '=', 'b1')
      .executeTakeFirstOrThrow()
    expect(event_id).not.toBeNull()
    expect((await list('duty')).find(({ id }) => id === event_id)).toBeUndefined()
  })

  it('show posts with personal data masked (S-38), and as many as they count', async () => {
    const { id, posts } = await fire()
    const answer = (await test.as('chief')('GET', `/api/events/${id}/posts`)).json<EventPosts>()
    expect([answer.total, answer.items.length]).toEqual([posts, posts])
    expect(JSON.stringify(answer)).not.toContain('13912345678')
  })

  it('are changed by duty and office only, and one of two writers gets 409', async () => {
    const { id, version } = await fire()
    const rename = (login: string) =>
      test.as(login)('PATCH', `/api/events/${id}`, { version, title: '瑞锦大厦火灾' })
    expect((await rename('leader')).statusCode).toBe(403)
    expect((await rename('duty')).json<EventDetail>()).toMatchObject({
      title: '瑞锦大厦火灾',
      hand: true,
      version: 2,
    })
    const late = await rename('office')
    expect([late.statusCode, late.json().code]).toEqual([409, 'event.stale'])
  })

  it('can be split and merged back; the old address answers with where the posts are', async () => {
    const { id, version } = await fire()
    const split = await test.as('office')('POST', `/api/events/${id}/split`, {
      version,
      postIds: [ids.get('k2')],
    })
    const made = split.json<EventDetail>()
    expect(made).toMatchObject({ posts: 1, hand: true })
    const whole = (await test.as('office')('GET', `/api/events/${id}`)).json<EventDetail>()
    expect(whole.posts).toBe(4)
    const merged = await test.as('office')('POST', `/api/events/${made.id}/merge`, {
      version: made.version,
      into: id,
      intoVersion: whole.version,
    })
    expect(merged.json<EventDetail>()).toMatchObject({ id, posts: 5 })
    expect((await test.as('office')('GET', `/api/events/${made.id}`)).json<EventDetail>().id).toBe(id)
    expect(merged.json<EventDetail>().decisions.map(({ action, by }) => [action, by])).toEqual([
      ['event.rename', '周晓岚'],
      ['event.split', '徐静'],
      ['event.mergedFrom', '徐静'],
    ])
  })

  it('a decision is taken back by the desk only, and the title is what it was', async () => {
    const { id, version, title } = await fire()
    const renamed = await test.as('duty')('PATCH', `/api/events/${id}`, { version, title: '看错了' })
    const { act } = renamed.json<DecidedEvent>()
    expect((await test.as('leader')('POST', `/api/event-acts/${act}/undo`)).statusCode).toBe(403)
    const undone = await test.as('office')('POST', `/api/event-acts/${act}/undo`)
    expect([undone.statusCode, undone.json()]).toEqual([200, { event: id }])
    expect(await fire()).toMatchObject({ title, version: version + 2 })
    const again = await test.as('office')('POST', `/api/event-acts/${act}/undo`)
    expect([again.statusCode, again.json().code]).toEqual([409, 'event.undone'])
  })

  it('a post knows its event; one that stands alone has none', async () => {
    const { id } = await fire()
    const eventOf = async (key: string) =>
      (await test.as('duty')('GET', `/api/posts/${ids.get(key)}/event`)).json<{ event: EventItem | null }>()
        .event
    expect((await eventOf('k0'))?.id).toBe(id)
    expect(await eventOf('k12')).toBeNull()
  })

  it('what is asked wrongly is refused in a sentence', async () => {
    const { id, version } = await fire()
    const self = await test.as('duty')('POST', `/api/events/${id}/merge`, {
      version,
      into: id,
      intoVersion: version,
    })
    expect([self.statusCode, self.json().message]).toEqual([400, '请选择另一个事件来合并。'])
    const strange = await test.as('duty')('POST', `/api/events/${id}/split`, {
      version,
      postIds: [ids.get('k12')],
    })
    expect([strange.statusCode, strange.json().code]).toEqual([400, 'event.posts'])
    expect((await test.as('duty')('GET', '/api/events/999999')).statusCode).toBe(404)
  })
})
