import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAudit } from '../../../api/audit.ts'
import type { Actor } from '../../../api/auth.ts'
import { livingEvent } from '../../../api/events/name-store.ts'
import { settleEvents } from '../../../api/events/place-store.ts'
import {
  type Decided,
  makeEvent,
  mergeEvent,
  pinPost,
  splitEvent,
  takePostOut,
} from '../../../api/events/store.ts'
import { eventDetail, eventPosts, recentEvents } from '../../../api/events/view-store.ts'
import { personList } from '../../../api/people/store.ts'
import { addDemoPeople } from '../../replica/demo-people.ts'
import { type Desk, openDesk } from '../desk.ts'
import { GATHERED, toldIn } from './incidents.ts'

/** Which keys stand together, `zhongwu/k1,hualong/k2`, those that stand alone left out. */
async function partition({ context: { db } }: Desk): Promise<string[]> {
  const rows = await db
    .selectFrom('event_post as ep')
    .innerJoin('post as p', 'p.id', 'ep.post_id')
    .select(['ep.event_id', 'p.source_id', 'p.key'])
    .where('ep.event_id', 'is not', null)
    .execute()
  const events = Map.groupBy(rows, ({ event_id }) => event_id)
  return [...events.values()]
    .map(list =>
      list
        .map(({ source_id, key }) => `${source_id}/${key}`)
        .sort()
        .join(),
    )
    .sort()
}
const settle = ({ context: { db }, clock }: Desk) => settleEvents(db, clock.now)
const expected = () =>
  GATHERED.map(name =>
    toldIn(1)
      .filter(({ incident }) => incident === name)
      .map(({ source, key }) => `${source}/${key}`)
      .sort()
      .join(),
  ).sort()

describe.each(['sqlite', 'postgres'] as const)('events on %s', kind => {
  const desks: Desk[] = []
  const open = async () => {
    const desk = await openDesk(kind)
    desks.push(desk)
    return desk
  }
  afterAll(async () => {
    for (const desk of desks) await desk.close()
  })

  it.each([1, 2, 3])('gather each incident, whatever the order of arrival (order %i)', async order => {
    const desk = await open()
    for (const post of toldIn(order)) await desk.read(post)
    expect(await partition(desk)).toEqual(expected())
    await settle(desk)
    expect(await partition(desk)).toEqual(expected())
  })

  it('come out the same when everything arrives at once, and when it is analysed again', async () => {
    const desk = await open()
    await desk.read(...toldIn(4))
    expect(await partition(desk)).toEqual(expected())
    const ids = (await recentEvents(desk.context.db, { now: desk.clock.now, days: 7, limit: 50 })).map(
      ({ id }) => id,
    )
    await desk.context.db.updateTable('post').set({ to_analyse: 1 }).execute()
    await desk.analyse()
    await settle(desk)
    expect(await partition(desk)).toEqual(expected())
    const after = (await recentEvents(desk.context.db, { now: desk.clock.now, days: 7, limit: 50 })).map(
      ({ id }) => id,
    )
    expect(after).toEqual(ids)
  })
})

describe.each(['sqlite', 'postgres'] as const)('decisions about events on %s', kind => {
  let desk: Desk
  let actor: Actor
  const ids = new Map<string, number>()
  beforeAll(async () => {
    desk = await openDesk(kind)
    const { db } = desk.context
    await db.transaction().execute(trx => addDemoPeople(trx, [], '2019-05-20', desk.clock.now))
    const person = (await personList(db)).find(({ login }) => login === 'duty')
    actor = { id: person?.id, name: '周晓岚', unitId: null, roles: ['duty'] } as unknown as Actor
    const told = toldIn(5)
    const stored = await desk.read(...told)
    told.forEach(({ key }, i) => {
      ids.set(key, stored[i] as number)
    })
  })
  afterAll(() => desk.close())

  const deciding = () => ({ actor, at: desk.clock.now })
  const eventOf = async (key: string) =>
    (
      await desk.context.db
        .selectFrom('event_post')
        .select('event_id')
        .where('post_id', '=', ids.get(key) as number)
        .executeTakeFirst()
    )?.event_id ?? null
  const detail = async (id: number) => {
    const found = await eventDetail(desk.context.db, id, desk.clock.now)
    if (!found) throw new Error(`no event ${id}`)
    return found
  }
  /** Everything that the machine does of itself: all analysed again, all settled. */
  const machineRuns = async () => {
    await desk.context.db.updateTable('post').set({ to_analyse: 1 }).execute()
    await desk.analyse()
    await settle(desk)
  }
  const act = <T>(work: Parameters<ReturnType<typeof desk.context.db.transaction>['execute']>[0]) =>
    desk.context.db.transaction().execute(work) as Promise<T>

  it('counts, first post, sources and growth are those of its posts', async () => {
    const id = (await eventOf('k0')) as number
    const found = await detail(id)
    expect(found).toMatchObject({ posts: 4, copies: 0, sources: 3, hand: false, slips: 0 })
    expect(found.firstPost.id).toBe(ids.get('k0'))
    expect(found.title).toMatch(/^博爱路瑞锦大厦着火了/)
    expect(found.bySource.reduce((sum, { posts }) => sum + posts, 0)).toBe(4)
    expect(found.growth.bars.reduce((sum, { posts }) => sum + posts, 0)).toBe(4)
    const { db } = desk.context
    for (const { id: source, posts } of found.bySource)
      expect((await eventPosts(db, id, { source, limit: 100 })).total).toBe(posts)
    for (const { from, to, posts } of found.growth.bars)
      expect((await eventPosts(db, id, { from, to, limit: 100 })).items).toHaveLength(posts)
  })

  it('a copy stands with its original and is counted apart', async () => {
    const id = (await eventOf('k0')) as number
    const { db } = desk.context
    const original = await db
      .selectFrom('post')
      .selectAll()
      .where('id', '=', ids.get('k0') as number)
      .executeTakeFirstOrThrow()
    const [copy] = await desk.read({
      key: 'copy',
      source: 'bendi',
      text: original.text,
      at: '2019-05-20T21:00',
    })
    ids.set('copy', copy as number)
    expect(await eventOf('copy')).toBe(id)
    expect(await detail(id)).toMatchObject({ posts: 5, copies: 1 })
    expect((await eventPosts(db, id, { folded: true, limit: 100 })).total).toBe(4)
  })

  it('two copies of one text are an event, a single text is none', async () => {
    const text = '东方一路的路灯杆被撞倒横在路上，电线裸露在外面，晚上骑车差点撞上去，请尽快处理。'
    const [single] = await desk.read({ key: 'pole', text, at: '2019-05-20T20:00' })
    ids.set('pole', single as number)
    expect(await eventOf('pole')).toBeNull()
    const [again] = await desk.read({ key: 'pole2', source: 'bendi', text, at: '2019-05-20T20:30' })
    ids.set('pole2', again as number)
    expect(await eventOf('pole')).not.toBeNull()
    expect(await eventOf('pole2')).toBe(await eventOf('pole'))
  })

  it('merged events stay merged, and the old link leads to the new one', async () => {
    const [lift, hole] = [(await eventOf('k10')) as number, (await eventOf('k7')) as number]
    expect(lift).not.toBe(hole)
    const [from, into] = [await detail(lift), await detail(hole)]
    await act(trx =>
      mergeEvent(trx, deciding(), lift, { version: from.version, into: hole, intoVersion: into.version }),
    )
    await machineRuns()
    expect(await eventOf('k10')).toBe(hole)
    expect(await eventOf('k11')).toBe(hole)
    expect(await livingEvent(desk.context.db, lift)).toBe(hole)
    expect(await detail(hole)).toMatchObject({ hand: true, posts: 5 })
    expect((await readAudit(desk.context.db, 'event', String(lift))).map(({ action }) => action)).toEqual([
      'event.merge',
    ])
  })

  it('split events stay apart, however alike they are, and later posts join one of them', async () => {
    const fire = (await eventOf('k0')) as number
    const { version } = await detail(fire)
    const { eventId: made } = await act<Decided>(trx =>
      splitEvent(trx, deciding(), fire, {
        version,
        postIds: [ids.get('k2') as number, ids.get('k3') as number],
        title: '瑞锦大厦消防设施',
      }),
    )
    await machineRuns()
    expect([await eventOf('k2'), await eventOf('k3')]).toEqual([made, made])
    expect([await eventOf('k0'), await eventOf('k1'), await eventOf('copy')]).toEqual([fire, fire, fire])
    expect((await detail(made)).title).toBe('瑞锦大厦消防设施')
    const [later] = await desk.read({
      key: 'later',
      text: '瑞锦大厦的消防栓到现在还没有水，谁来管？',
      at: '2019-05-20T21:30',
    })
    ids.set('later', later as number)
    expect([fire, made]).toContain(await eventOf('later'))
  })

  it('a post put in or taken out stays so', async () => {
    const gas = (await eventOf('k4')) as number
    const single = ids.get('k12') as number
    await act(trx => pinPost(trx, deciding(), gas, { version: 1, postId: single }))
    await act(trx => takePostOut(trx, deciding(), gas, { version: 2, postId: ids.get('k5') as number }))
    await machineRuns()
    expect(await eventOf('k12')).toBe(gas)
    expect(await eventOf('k5')).toBeNull()
    await expect(
      act(trx => pinPost(trx, deciding(), gas, { version: 2, postId: single })),
    ).rejects.toMatchObject({
      code: 'event.stale',
    })
    await expect(
      act(trx => takePostOut(trx, deciding(), gas, { version: 3, postId: ids.get('k0') as number })),
    ).rejects.toMatchObject({ code: 'event.posts' })
    // A refused decision leaves no trace.
    expect(await detail(gas)).toMatchObject({ version: 3, posts: 3 })
  })

  it('an event made by hand keeps posts that have nothing in common', async () => {
    const postIds = [ids.get('k13'), ids.get('k14')] as number[]
    const { eventId: id } = await act<Decided>(trx => makeEvent(trx, deciding(), { title: null, postIds }))
    await machineRuns()
    expect([await eventOf('k13'), await eventOf('k14')]).toEqual([id, id])
  })
})
