import { beforeAll, describe, expect, it } from 'vitest'
import { deliverAt, NIGHT, retryAfter } from '../../../api/notices/rules.ts'
import { acknowledgedBy, inbox, markRead, notify, unreadCount } from '../../../api/notices/store.ts'
import { afterQuiet } from '../../../api/quiet.ts'
import { onEveryDatabase } from '../../databases.ts'

const at = (text: string) => Date.parse(`${text}+08:00`)

describe('quiet hours', () => {
  it('hold back until their end, over midnight too; 重大 goes at once (S-33)', () => {
    expect(afterQuiet(at('2026-11-24T23:10'), NIGHT)).toBe(at('2026-11-25T07:00'))
    expect(afterQuiet(at('2026-11-24T03:00'), NIGHT)).toBe(at('2026-11-24T07:00'))
    expect(afterQuiet(at('2026-11-24T07:00'), NIGHT)).toBe(at('2026-11-24T07:00'))
    expect(afterQuiet(at('2026-11-24T12:30'), { from: '12:00', to: '13:00' })).toBe(at('2026-11-24T13:00'))
    expect(afterQuiet(at('2026-11-24T12:30'), { from: '08:00', to: '08:00' })).toBe(at('2026-11-24T12:30'))
    const urgent = { urgent: true, quiet: NIGHT, digestMinutes: 60 }
    expect(deliverAt(at('2026-11-24T02:00'), urgent)).toBe(at('2026-11-24T02:00'))
    expect(deliverAt(at('2026-11-24T21:30'), { ...urgent, urgent: false })).toBe(at('2026-11-25T07:00'))
  })

  it('a try that failed comes again later and later, then is given up', () => {
    expect([1, 2, 5, 6].map(retryAfter)).toEqual([60_000, 300_000, 14_400_000, null])
  })
})

onEveryDatabase('notices', get => {
  let people: number[] = []
  beforeAll(async () => {
    people = await Promise.all(
      ['li', 'wang'].map(async login => {
        const { id } = await get()
          .db.insertInto('person')
          .values({
            login,
            name: login,
            unit_id: null,
            roles: '["duty"]',
            phone: null,
            password_hash: null,
            must_change_password: 0,
            locked_until: null,
            created_at: 0,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        return id
      }),
    )
  })

  const tell = (key: string, more: object = {}) =>
    get()
      .db.transaction()
      .execute(trx =>
        notify(trx, {
          key,
          topic: 'deadline',
          title: '处理单 YQ〔2026〕001号 今日到期',
          body: '网友电话 13912345678',
          link: '/slips/1',
          urgent: false,
          personIds: people,
          at: at('2026-11-24T09:00'),
          ...more,
        }),
      )

  it('the same key is told once; both people have it, masked (S-33, S-38)', async () => {
    expect(await tell('slip:1:due')).toBeTypeOf('number')
    expect(await tell('slip:1:due')).toBeNull()
    for (const person of people) {
      const items = await inbox(get().db, person, { since: 0, limit: 10 })
      expect(items).toMatchObject([{ title: '处理单 YQ〔2026〕001号 今日到期', readAt: null }])
      expect(items[0]?.body).not.toContain('13912345678')
    }
  })

  it('read and acknowledged by whom and when; twice changes nothing; nobody reads for another', async () => {
    const [first, second] = people as [number, number]
    const [item] = await inbox(get().db, first, { since: 0, limit: 1 })
    const mark = (person: number, id: number, time: number) =>
      get()
        .db.transaction()
        .execute(trx => markRead(trx, person, id, time, true))
    expect(await mark(first, item?.id ?? 0, 1000)).toBe(true)
    expect(await mark(first, item?.id ?? 0, 2000)).toBe(true)
    expect(await mark(first, 999_999, 2000)).toBe(false)
    expect(await acknowledgedBy(get().db, 'slip:1:due')).toEqual([{ personId: first, at: 1000 }])
    expect(await unreadCount(get().db, first, 0)).toBe(0)
    expect(await unreadCount(get().db, second, 0)).toBe(1)
  })

  it('robots hear the topics of their channel, mail goes where the person asked for it', async () => {
    const [first] = people as [number]
    const channel = { secret: null, unit_id: null, allow_private: 0, active: 1 }
    await get()
      .db.insertInto('notice_channel')
      .values([
        { ...channel, kind: 'mail', name: '邮件', url: '', topics: '[]' },
        { ...channel, kind: 'wecom', name: '舆情群', url: 'https://robot', topics: '["deadline"]' },
        { ...channel, kind: 'feishu', name: '运维群', url: 'https://robot', topics: '["system"]' },
      ])
      .execute()
    await get()
      .db.insertInto('notice_setting')
      .values({
        person_id: first,
        email: 'li@example.cn',
        mail_topics: '["deadline"]',
        quiet_from: '22:00',
        quiet_to: '07:00',
        digest_minutes: 30,
      })
      .execute()
    const id = (await tell('slip:2:due')) as number
    const rows = await get()
      .db.selectFrom('notice_delivery as d')
      .innerJoin('notice_channel as c', 'c.id', 'd.channel_id')
      .select(['c.kind', 'd.person_id', 'd.next_at', 'd.state'])
      .where('d.notice_id', '=', id)
      .orderBy('c.id')
      .execute()
    expect(rows).toEqual([
      { kind: 'mail', person_id: first, next_at: at('2026-11-24T09:30'), state: 'waiting' },
      { kind: 'wecom', person_id: null, next_at: at('2026-11-24T09:00'), state: 'waiting' },
    ])
  })
})
