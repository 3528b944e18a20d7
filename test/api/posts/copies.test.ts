import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventItems } from '../../../api/events/view-store.ts'
import { postDetail } from '../../../api/posts/detail-store.ts'
import { takeFlag, triageIds } from '../../../api/posts/triage-store.ts'
import { postItems } from '../../../api/posts/view-store.ts'
import { addDemoPeople } from '../../replica/demo-people.ts'
import { type Desk, openDesk } from '../desk.ts'

const TEXT =
  '昨晚十一点多，丽华三村十二幢楼下的电动车棚突然冒烟着火，邻居用水桶接水才浇灭。车棚里私拉的插线板有七八个，物业说装了充电桩却一直没通电，住在二楼的老人吓得一夜没睡，希望有人来管一管。'
const OTHER =
  '清凉新村八幢的消防通道被违停车辆堵死了，昨天半夜有住户家里着火，消防车进不来，居民一起抬车才让开，求相关部门管管。'

const SLIP = {
  status: 'draft',
  title: '车棚着火',
  co_units: '[]',
  created_at: 0,
  found_at: 0,
  found_how: 'monitor',
  summary: '',
  media_level: 'none',
  round: 1,
  version: 1,
}

describe.each(['sqlite', 'postgres'] as const)('copies on %s', kind => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openDesk(kind)
    await desk.context.db.transaction().execute(trx => addDemoPeople(trx, [], '2019-05-20', desk.clock.now))
  })
  afterAll(() => desk.close())

  const open = () =>
    triageIds(desk.context.db, { view: 'open', personId: 1, unitId: null, limit: 100 }).then(({ ids }) => ids)
  const copiesOf = async (id: number) => (await postItems(desk.context.db, [id]))[0]?.flag?.copies

  let first = 0
  it('a repost, exact or touched up, is not put before staff again, and the count of the first rises', async () => {
    ;[first] = (await desk.read({ key: '1', text: TEXT, title: '车棚着火' })) as [number]
    expect(await open()).toEqual([first])
    const [exact, near, other] = await desk.read(
      { key: '1', source: 'hualong', text: TEXT, title: '车棚着火' },
      { key: '2', source: 'bendi', text: `【转】${TEXT.replace('昨晚', '前天晚上')}大家注意安全！` },
      { key: '3', text: OTHER },
    )
    expect((await open()).sort()).toEqual([first, other].sort())
    expect(await copiesOf(first)).toBe(2)
    const detail = await postDetail(desk.context.db, first)
    expect(detail?.copiesOf.map(({ id }) => id).sort()).toEqual([exact, near].sort())
    const kinds = await desk.context.db
      .selectFrom('analysis')
      .select(['post_id', 'copy_of', 'copy_kind'])
      .where('copy_of', 'is not', null)
      .orderBy('post_id')
      .execute()
    expect(kinds.map(row => ({ ...row }))).toEqual([
      { post_id: exact, copy_of: first, copy_kind: 'exact' },
      { post_id: near, copy_of: first, copy_kind: 'near' },
    ])
  })

  it('a short reply is shown with its flagged thread, wherever else the same words stand', async () => {
    const echo = '我也闻到了，住在旁边，晚上更明显。'
    const thread = {
      text: '孟河化工园那边味道刺鼻，半夜熏醒，关上窗也没用，求有关部门查一查。',
      title: '孟河化工园夜里气味刺鼻',
    }
    const [opener, first, second, graver] = await desk.read(
      { key: '50', ...thread },
      { key: '50#2', parent: '50', text: echo },
      { key: '50#3', parent: '50', text: echo },
      { key: '50#4', parent: '50', text: '有两个人倒在车间里了，快叫救护车！' },
    )
    const [talk, elsewhere] = await desk.read(
      { key: '51', text: '周末去哪里玩，求推荐，最好带孩子。' },
      { key: '51#2', parent: '51', text: echo },
    )
    const shown = await open()
    expect(shown).toEqual(expect.arrayContaining([opener, graver, elsewhere]))
    for (const folded of [first, second, talk]) expect(shown).not.toContain(folded)
    expect(await copiesOf(opener as number)).toBe(2)
    expect(await copiesOf(elsewhere as number)).toBe(0)
    const events = await desk.context.db
      .selectFrom('event_post')
      .select('event_id')
      .where('post_id', 'in', [opener as number, first as number, second as number])
      .execute()
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(1)
    expect(events).toHaveLength(3)
    // What the event is about, its posts say and not those that agree.
    const eventId = events[0]?.event_id as number
    const [event] = await eventItems(desk.context.db, [eventId], desk.clock.now)
    expect([event?.eventClass, event?.copies]).toEqual(['chemical', 2])
    // A later page of the thread, read on another day.
    const [later] = await desk.read({
      key: '50#21',
      parent: '50',
      text: '我也闻到了，住在旁边，晚上更明显，头疼。',
    })
    expect(await open()).not.toContain(later)
    expect(await copiesOf(opener as number)).toBe(3)
  })

  it('a flagged reply that only agrees is read and counted in the row of its thread, and alone once that says other things', async () => {
    const said = {
      key: '60',
      title: '邹区灯具城后面的电线老冒火花',
      text: '邹区灯具城后面的电线老冒火花，下雨就跳闸，杆子也歪了，走过去心惊胆战，请供电部门来修。',
    }
    const [opener, reply] = await desk.read(said, {
      key: '60#2',
      parent: '60',
      text: '上次也是这样，来检查一下就没下文了。',
    })
    const { db } = desk.context
    const { flagged, copy_kind } = await db
      .selectFrom('analysis')
      .select(['flagged', 'copy_kind'])
      .where('post_id', '=', reply as number)
      .executeTakeFirstOrThrow()
    expect([flagged, copy_kind]).toEqual([1, 'echo'])
    expect(await open()).toContain(opener)
    expect(await open()).not.toContain(reply)
    expect(await copiesOf(opener as number)).toBe(1)
    const detail = await postDetail(db, opener as number)
    expect(detail?.copiesOf.map(({ id }) => id)).toEqual([reply])
    expect(detail?.original).toBeNull()
    expect((await postDetail(db, reply as number))?.original).toMatchObject({ id: opener, kind: 'echo' })
    // A repost of the thread elsewhere, and who agrees there: still one row.
    const [, agreeing] = await desk.read(
      { ...said, key: '61', source: 'hualong' },
      { key: '61#2', parent: '61', source: 'hualong', text: '上次也是这样，来检查一下就没下文了。' },
    )
    expect(await open()).not.toContain(agreeing)
    expect(await copiesOf(opener as number)).toBe(3)
    desk.clock.now += 60_000
    await desk.read({
      key: '60',
      title: '周末灯会好看吗',
      text: '周末灯会好看吗，停车方便的话带孩子去逛逛，有去过的说说。',
    })
    await desk.analyse()
    expect(await open()).toContain(reply)
    expect(await copiesOf(opener as number)).toBe(0)
    desk.clock.now -= 60_000
  })

  it('analysed again they stay what they are', async () => {
    const before = await open()
    await desk.context.db.updateTable('post').set({ to_analyse: 1 }).execute()
    await desk.analyse()
    expect(await open()).toEqual(before)
    expect(await copiesOf(first)).toBe(2)
  })

  it('the same text a season later is shown again, with the earlier ones beside it', async () => {
    desk.clock.now += 100 * 86_400_000
    const [again] = await desk.read({ key: '9', text: TEXT, title: '车棚着火' })
    expect((await open())[0]).toBe(again)
    // Counted as they are listed: its original and the two copies of a season ago.
    expect(await copiesOf(again as number)).toBe(3)
    expect((await postDetail(desk.context.db, again as number))?.copiesOf).toHaveLength(3)
    const [soon] = await desk.read({ key: '10', source: 'bendi', text: TEXT, title: '车棚着火' })
    expect(await open()).not.toContain(soon)
  })

  it('the same text after its slip was finished is a citizen who asks again: it is shown', async () => {
    const text = TEXT.replaceAll('丽华三村', '金谷花园')
    const [asked, repost] = await desk.read({ key: '30', text }, { key: '31', source: 'bendi', text })
    expect(await open()).not.toContain(repost)
    const { db } = desk.context
    const { unit, person } = await db
      .selectFrom('unit')
      .select(eb => ['id as unit', eb.selectFrom('person').select('id').limit(1).as('person')])
      .executeTakeFirstOrThrow()
    const slip = await db
      .insertInto('slip')
      .values({ ...SLIP, unit_id: unit, created_by: person as number })
      .returning('id')
      .executeTakeFirstOrThrow()
    const take = (status: string) =>
      db.transaction().execute(async trx => {
        await takeFlag(trx, asked as number, slip.id, person as number, desk.clock.now)
        await trx.updateTable('slip').set({ status }).where('id', '=', slip.id).execute()
      })
    await take('replying')
    const [whileOpen] = await desk.read({ key: '32', source: 'hualong', text })
    expect(await open()).not.toContain(whileOpen)
    await take('archived')
    const [again] = await desk.read({ key: '33', text })
    expect(await open()).toContain(again)
  })

  it('where the one that was shown is edited into something else, its copies come before staff themselves', async () => {
    const [original, copy] = await desk.read(
      { key: '20', text: `${OTHER}青枫苑也是这样。`.replace('清凉新村', '怀德苑'), at: null },
      {
        key: '21',
        source: 'bendi',
        text: `${OTHER}青枫苑也是这样！`.replace('清凉新村', '怀德苑'),
        at: null,
      },
    )
    expect(await open()).not.toContain(copy)
    desk.clock.now += 60_000
    await desk.read({ key: '20', text: '已经解决了，谢谢大家关心，帖子请版主删除，不要再转发了。', at: null })
    expect(await open()).toContain(copy)
    expect(original).toBeLessThan(copy as number)
  })
})
