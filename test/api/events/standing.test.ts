import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEvent, pointEmptied, type Standing, standIn } from '../../../api/events/standing-store.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import { type TestContext, testContext } from '../context.ts'
import { rawPost } from '../posts/raw-post.ts'

const AT = Date.parse('2026-11-20T10:00+08:00')

let test: TestContext
beforeAll(async () => {
  test = await testContext(AT)
})
afterAll(() => test.close())

it('an event whose posts went elsewhere leads to where most of them went, of tens of thousands too', async () => {
  await test.context.db.transaction().execute(async trx => {
    const posts = ['1', '2', '3', '4'].map(key => rawPost(key, { source: 'zhongwu' }))
    await recordPosts(trx, posts, AT)
    const ids = (await trx.selectFrom('post').select('id').orderBy('id').execute()).map(({ id }) => id)
    const make = () => createEvent(trx, { at: AT, hand: 0 })
    const [few, most, gone, kept, lost] = [
      await make(),
      await make(),
      await make(),
      await make(),
      await make(),
    ]
    const before = new Map<number, Standing>()
    // Posts of a crowd that stand nowhere now.
    for (let postId = 1_000; postId < 34_000; postId++) before.set(postId, { eventId: gone, fixed: false })
    const now = [few, most, most, kept]
    for (const [at, postId] of ids.entries()) {
      const eventId = now[at] as number
      before.set(postId, { eventId: eventId === kept ? kept : gone, fixed: false })
      await standIn(trx, postId, eventId, { at: AT, fixed: 0 })
    }
    before.set(50_000, { eventId: lost, fixed: false })
    before.set(50_001, { eventId: null, fixed: true })
    await pointEmptied(trx, before)
    const rows = await trx.selectFrom('event').select(['id', 'merged_into']).execute()
    const leads = new Map(rows.map(({ id, merged_into }) => [id, merged_into]))
    expect([few, most, gone, kept, lost].map(id => leads.get(id))).toEqual([null, null, most, null, null])
  })
})
