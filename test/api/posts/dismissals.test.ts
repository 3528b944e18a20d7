import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyDismissals } from '../../../api/posts/verify.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast } from '../slips/cast.ts'
import { at, Road } from '../slips/road.ts'

describe.each(['sqlite', 'postgres'] as const)('a dismissal on %s', kind => {
  let test: TestContext
  let ids: number[]
  beforeAll(async () => {
    test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
    await addCast(test.context, '2019-05-06')
    const road = await Road.open(test)
    ids = [await road.flaggedPost(), await road.flaggedPost(), await road.flaggedPost()]
    const [kept, undone, taken] = ids as [number, number, number]
    await dismiss(kept, { reason: 'other', note: '已由交警处置' })
    await dismiss(undone, { reason: 'other' })
    await call(undone, 'undo')
    // Dismissed, then taken onto a slip that is voided: open again, by the slip's acts.
    await dismiss(taken, { reason: 'other' })
    test.clock.now += 60_000
    const slip = await road.create('ownduty', { postIds: [taken] })
    const sent = await road.go('ownduty', slip, 'submit')
    test.clock.now += 60_000
    await road.go('officer', sent, 'void', { reason: '误立' })
  }, 120_000)
  afterAll(() => test.close())

  async function call(id: number, act: string, body: object = {}): Promise<void> {
    const { version } = await test.context.db
      .selectFrom('flag')
      .select('version')
      .where('post_id', '=', id)
      .executeTakeFirstOrThrow()
    const answer = await test.as('ownduty')('POST', `/api/posts/${id}/${act}`, { version, ...body })
    expect(answer.statusCode, answer.body).toBe(200)
  }
  const dismiss = (id: number, body: object) => call(id, 'dismiss', body)
  const problems = async () => (await verifyDismissals(test.context.db)).problems

  it('is whole where nothing was changed', async () => {
    expect(await verifyDismissals(test.context.db)).toEqual({ dismissals: 1, problems: [] })
  })

  it.each([
    ['reason', "'duplicate'"],
    ['note', 'null'],
    ['decided_by', 'decided_by + 1'],
    ['decided_at', 'decided_at + 1'],
    ['state', "'open'"],
  ])('with another %s is found and named', async (field, value) => {
    const { db } = test.context
    const id = ids[0] as number
    const before = await db.selectFrom('flag').selectAll().where('post_id', '=', id).executeTakeFirstOrThrow()
    await sql`update flag set ${sql.ref(field)} = ${sql.raw(value)} where post_id = ${id}`.execute(db)
    expect(await problems()).toEqual([`帖子 ${id} 的不予处理（flag ${id}）的「${field}」与审计记录不符。`])
    await db.updateTable('flag').set(before).where('post_id', '=', id).execute()
    expect(await problems()).toEqual([])
  })

  it('that nobody made is found', async () => {
    const id = ids[1] as number
    const set = (state: 'open' | 'dismissed') =>
      test.context.db.updateTable('flag').set({ state }).where('post_id', '=', id).execute()
    await set('dismissed')
    expect(await problems()).toEqual([`帖子 ${id} 的不予处理（flag ${id}）没有审计记录。`])
    await set('open')
  })
})
