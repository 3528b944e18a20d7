import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAudit, verifyAudit } from '../../../api/audit.ts'
import type { Actor } from '../../../api/auth.ts'
import type { Trx } from '../../../api/db/open.ts'
import { AppError } from '../../../api/errors.ts'
import { livingEvent } from '../../../api/events/name-store.ts'
import { settleEvents } from '../../../api/events/place-store.ts'
import {
  type Decided,
  makeEvent,
  mergeEvent,
  pinPost,
  renameEvent,
  splitEvent,
  takePostOut,
} from '../../../api/events/store.ts'
import { undoAct } from '../../../api/events/undo-store.ts'
import { eventDetail } from '../../../api/events/view-store.ts'
import { personList } from '../../../api/people/store.ts'
import { addDemoPeople } from '../../replica/demo-people.ts'
import { randomFrom } from '../../replica/random.ts'
import { type Desk, openDesk } from '../desk.ts'
import { toldIn } from './incidents.ts'

describe.each(['sqlite', 'postgres'] as const)('decisions taken back on %s', kind => {
  let desk: Desk
  let actor: Actor
  const ids = new Map<string, number>()
  const post = (key: string) => ids.get(key) as number
  beforeAll(async () => {
    desk = await openDesk(kind)
    const { db } = desk.context
    await db.transaction().execute(trx => addDemoPeople(trx, [], '2019-05-20', desk.clock.now))
    const person = (await personList(db)).find(({ login }) => login === 'duty')
    actor = { id: person?.id, name: '周晓岚', unitId: null, roles: ['duty'] } as unknown as Actor
    const told = toldIn(5)
    const copy = { key: 'copy', source: 'bendi', text: told.find(({ key }) => key === 'k0')?.text as string }
    const stored = await desk.read(...told)
    for (const [i, { key }] of told.entries()) ids.set(key, stored[i] as number)
    ids.set('copy', (await desk.read({ ...copy, at: '2019-05-20T21:00' }))[0] as number)
  })
  afterAll(() => desk.close())

  const deciding = () => ({ actor, at: ++desk.clock.now })
  const act = (work: (trx: Trx) => Promise<Decided>) => desk.context.db.transaction().execute(work)
  const undo = (id: number) => desk.context.db.transaction().execute(trx => undoAct(trx, deciding(), id))
  const eventOf = async (key: string) =>
    (
      await desk.context.db
        .selectFrom('event_post')
        .select('event_id')
        .where('post_id', '=', post(key))
        .executeTakeFirst()
    )?.event_id as number
  const versionOf = async (id: number) =>
    (
      await desk.context.db
        .selectFrom('event')
        .select('version')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    ).version
  const rename = async (id: number, title: string) => {
    const version = await versionOf(id)
    return act(trx => renameEvent(trx, deciding(), id, { version, title }))
  }
  const merge = async (id: number, into: number) => {
    const [version, intoVersion] = [await versionOf(id), await versionOf(into)]
    return act(trx => mergeEvent(trx, deciding(), id, { version, into, intoVersion }))
  }
  const pin = async (id: number, key: string) => {
    const version = await versionOf(id)
    return act(trx => pinPost(trx, deciding(), id, { version, postId: post(key) }))
  }
  const split = async (id: number, keys: string[]) => {
    const version = await versionOf(id)
    return act(trx =>
      splitEvent(trx, deciding(), id, { version, postIds: keys.map(post), title: '拆出来的' }),
    )
  }

  /** Where every post stands, by whom, and what every event with posts is called. */
  const standing = async () => {
    const { db } = desk.context
    const posts = await db.selectFrom('event_post').selectAll().orderBy('post_id').execute()
    const held = new Set(posts.map(({ event_id }) => event_id))
    const events = await db
      .selectFrom('event')
      .select(['id', 'title', 'hand', 'merged_into'])
      .orderBy('id')
      .execute()
    return { posts, events: events.filter(({ id }) => held.has(id)) }
  }
  const refusal = async (id: number) => {
    const refused = await undo(id).catch(error => error)
    return { code: refused?.code, message: refused?.message }
  }

  it('a merge: posts, names and pins are exactly as they were, and the machine leaves them so', async () => {
    const [fire, gas] = [await eventOf('k0'), await eventOf('k4')]
    await rename(fire, '瑞锦大厦火灾')
    await pin(gas, 'k12')
    const before = await standing()
    const merged = await merge(fire, gas)
    expect(await eventOf('copy')).toBe(gas)
    expect(await undo(merged.act)).toBe(fire)
    expect(await standing()).toEqual(before)
    expect(await livingEvent(desk.context.db, fire)).toBe(fire)
    await desk.context.db.updateTable('post').set({ to_analyse: 1 }).execute()
    await desk.analyse()
    await settleEvents(desk.context.db, desk.clock.now)
    expect(await standing()).toEqual(before)
    const detail = await eventDetail(desk.context.db, fire, desk.clock.now)
    expect(detail?.decisions.map(({ action, undone, by }) => [action, undone, by])).toEqual([
      ['event.rename', false, '周晓岚'],
      ['event.merge', true, '周晓岚'],
      ['event.undo', false, '周晓岚'],
    ])
    const told = await readAudit(desk.context.db, 'event', String(gas))
    expect(told.map(({ action }) => action)).toEqual(['event.pin', 'event.mergedFrom', 'event.undo'])
  })

  it('a split: the posts are together again, and the link to the part leads to the whole', async () => {
    const fire = await eventOf('k0')
    const before = await standing()
    const made = await split(fire, ['k2', 'k3'])
    expect(await eventOf('k3')).toBe(made.eventId)
    expect(await undo(made.act)).toBe(fire)
    expect(await standing()).toEqual(before)
    expect(await livingEvent(desk.context.db, made.eventId)).toBe(fire)
  })

  it('posts that came meanwhile go where they belong', async () => {
    const [lift, hole] = [await eventOf('k10'), await eventOf('k7')]
    const merged = await merge(lift, hole)
    const [later] = await desk.read({
      key: 'later',
      text: '星茂广场电梯里困人，打维保电话没人接，孕妇还在里面，快来人！',
      at: '2019-05-20T22:00',
    })
    ids.set('later', later as number)
    expect(await eventOf('later')).toBe(hole)
    await undo(merged.act)
    expect(await eventOf('later')).toBe(lift)
    expect(await eventOf('k7')).toBe(hole)
  })

  it('is refused where somebody changed the event since, saying what, when and who', async () => {
    const [lift, hole] = [await eventOf('k10'), await eventOf('k7')]
    const merged = await merge(lift, hole)
    const renamed = await rename(hole, '两件事')
    expect(await refusal(merged.act)).toEqual({
      code: 'event.later',
      message: expect.stringMatching(
        /^「并入别的事件」之后又有人改过：周晓岚 2019年5月20日 22时\d\d分「改名」。请先撤销后做的，再撤销这一步。$/,
      ),
    })
    // A refused undoing leaves no trace.
    expect(await eventOf('k10')).toBe(hole)
    await undo(renamed.act)
    await undo(merged.act)
    expect(await eventOf('k10')).toBe(lift)
    expect((await refusal(merged.act)).code).toBe('event.undone')
    expect((await refusal(999_999)).code).toBe('notFound')
  })

  it('is refused where a post was taken on into a third event', async () => {
    const [lift, hole, gas] = [await eventOf('k10'), await eventOf('k7'), await eventOf('k4')]
    const version = await versionOf(lift)
    const out = await act(trx => takePostOut(trx, deciding(), lift, { version, postId: post('k11') }))
    const pinned = await pin(gas, 'k11')
    expect((await refusal(out.act)).message).toContain('「归入」')
    await undo(pinned.act)
    await undo(out.act)
    expect([await eventOf('k11'), await eventOf('k7')]).toEqual([lift, hole])
  })

  it('an event that lost its only post leads to where it went, and back', async () => {
    const alone = await act(trx => makeEvent(trx, deciding(), { title: '护坡', postIds: [post('k13')] }))
    const gas = await eventOf('k4')
    const before = await standing()
    const pinned = await pin(gas, 'k13')
    expect(await livingEvent(desk.context.db, alone.eventId)).toBe(gas)
    const lost = (await readAudit(desk.context.db, 'event', String(alone.eventId))).at(-1)
    expect(lost).toMatchObject({ action: 'event.lost', detail: { into: gas } })
    await undo(pinned.act)
    expect(await standing()).toEqual(before)
    await undo(alone.act)
  })

  it('any row of decisions, taken back from the last to the first, leaves what was', async () => {
    const before = await standing()
    const { pick, below } = randomFrom(7)
    const keys = [...ids.keys()]
    const acts: number[] = []
    for (let step = 0; step < 30; step++) {
      const id = await eventOf(pick(keys))
      const other = await eventOf(pick(keys))
      if (!id || !other) continue
      const done = await [
        () => rename(id, `第${step}次`),
        () => merge(id, other),
        () => pin(id, pick(keys)),
        () => split(id, [pick(keys)]),
        () => act(trx => makeEvent(trx, deciding(), { title: null, postIds: [post(pick(keys))] })),
      ]
        [below(5)]?.()
        .catch(error => {
          if (!(error instanceof AppError)) throw error
        })
      if (done) acts.push(done.act)
    }
    expect(acts.length).toBeGreaterThan(10)
    for (const id of acts.toReversed()) await undo(id)
    expect(await standing()).toEqual(before)
    expect((await verifyAudit(desk.context.db)).problems).toEqual([])
  })
})
