import type { Selectable } from 'kysely'
import { appendAudit } from '../audit.ts'
import type { Db, Trx } from '../db/open.ts'
import type { NoticeTable } from '../db/tables/notices.ts'
import { eventNames } from '../events/name-store.ts'
import { maskPersonal } from '../mask.ts'
import type { NoticeTopic } from '../vocabulary.ts'
import { recipientRows } from './proof.ts'
import { deliverAt, NIGHT } from './rules.ts'

type NoticeRow = Selectable<NoticeTable>

export interface NewNotice {
  /** Says what it is about so that it is told once: `slip:12:round:1:due-day-09`. */
  key: string
  topic: NoticeTopic
  /** About an event: 事件突增, followed wherever it is read by the name that the event then has. */
  title: string
  event?: { id: number; title: string } | null
  body: string
  link: string | null
  urgent: boolean
  personIds: readonly number[]
  slipId?: number | null
  /** Epoch ms. */
  at: number
}

/**
 * Tells people something, once: the same key again changes nothing, in any process, after any restart. Writes the
 * inbox rows and the outbox rows of mail and robots in the caller's transaction; personal data is masked (S-38).
 * Returns the notice's id, or null where it was told before.
 */
export async function notify(trx: Trx, input: NewNotice): Promise<number | null> {
  const added = await trx
    .insertInto('notice')
    .values({
      key: input.key,
      topic: input.topic,
      title: maskPersonal(input.title),
      body: maskPersonal(input.body),
      link: input.link,
      urgent: input.urgent ? 1 : 0,
      slip_id: input.slipId ?? null,
      event_id: input.event?.id ?? null,
      event_title: input.event ? maskPersonal(input.event.title) : null,
      created_at: input.at,
    })
    .onConflict(conflict => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!added) return null
  const people = [...new Set(input.personIds)]
  if (people.length)
    await trx
      .insertInto('notice_recipient')
      .values(
        people.map(personId => ({
          notice_id: added.id,
          person_id: personId,
          read_at: null,
          acknowledged_at: null,
        })),
      )
      .execute()
  await addDeliveries(trx, added.id, input, people)
  return added.id
}

async function addDeliveries(trx: Trx, noticeId: number, input: NewNotice, people: number[]): Promise<void> {
  const channels = await trx.selectFrom('notice_channel').selectAll().where('active', '=', 1).execute()
  if (!channels.length) return
  const wanted = channels.filter(channel =>
    channel.kind === 'mail' ? true : (JSON.parse(channel.topics) as NoticeTopic[]).includes(input.topic),
  )
  const units = new Set(
    people.length
      ? (await trx.selectFrom('person').select('unit_id').where('id', 'in', people).execute()).map(
          ({ unit_id }) => unit_id,
        )
      : [],
  )
  const rows: { channel: number; person: number | null; at: number }[] = []
  for (const channel of wanted)
    if (channel.kind === 'mail')
      for (const setting of await mailSettings(trx, people, input.topic))
        rows.push({
          channel: channel.id,
          person: setting.person_id,
          at: deliverAt(input.at, {
            urgent: input.urgent,
            quiet: { from: setting.quiet_from, to: setting.quiet_to },
            digestMinutes: setting.digest_minutes,
          }),
        })
    else if (channel.unit_id === null || units.has(channel.unit_id))
      rows.push({
        channel: channel.id,
        person: null,
        at: deliverAt(input.at, { urgent: input.urgent, quiet: NIGHT, digestMinutes: 0 }),
      })
  if (!rows.length) return
  await trx
    .insertInto('notice_delivery')
    .values(
      rows.map(({ channel, person, at }) => ({
        notice_id: noticeId,
        channel_id: channel,
        person_id: person,
        state: 'waiting',
        attempts: 0,
        next_at: at,
        last_error: null,
        sent_at: null,
      })),
    )
    .execute()
}

async function mailSettings(db: Db, people: number[], topic: NoticeTopic) {
  if (!people.length) return []
  const rows = await db
    .selectFrom('notice_setting')
    .selectAll()
    .where('person_id', 'in', people)
    .where('email', 'is not', null)
    .execute()
  return rows.filter(row => (JSON.parse(row.mail_topics) as NoticeTopic[]).includes(topic))
}

export interface InboxItem {
  id: number
  topic: NoticeTopic
  title: string
  body: string
  link: string | null
  urgent: boolean
  slipId: number | null
  createdAt: number
  readAt: number | null
  acknowledgedAt: number | null
}

/** What each notice is called now: an event may have been renamed, or merged into another, since people were told. */
export async function noticeTitles(
  db: Db,
  rows: readonly Pick<NoticeRow, 'id' | 'title' | 'event_id' | 'event_title'>[],
): Promise<Map<number, string>> {
  const names = await eventNames(
    db,
    rows.flatMap(({ event_id }) => event_id ?? []),
  )
  return new Map(
    rows.map(({ id, title, event_id, event_title }) => {
      const name = event_id === null ? null : (names.get(event_id)?.name ?? event_title)
      return [id, name === null ? title : maskPersonal(`${title}：${name}`)]
    }),
  )
}

/** A person's notices, newest first. */
export async function inbox(
  db: Db,
  personId: number,
  query: { since: number; unread?: boolean | undefined; before?: number | undefined; limit: number },
): Promise<InboxItem[]> {
  const rows = await db
    .selectFrom('notice_recipient as r')
    .innerJoin('notice as n', 'n.id', 'r.notice_id')
    .selectAll('n')
    .select(['r.read_at', 'r.acknowledged_at'])
    .where('r.person_id', '=', personId)
    .where('n.created_at', '>=', query.since)
    .$if(query.unread === true, q => q.where('r.read_at', 'is', null))
    .$if(query.before !== undefined, q => q.where('n.id', '<', query.before as number))
    .orderBy('n.id', 'desc')
    .limit(query.limit)
    .execute()
  const titles = await noticeTitles(db, rows)
  return rows.map(row => ({
    id: row.id,
    topic: row.topic as NoticeTopic,
    title: titles.get(row.id) as string,
    body: row.body,
    link: row.link,
    urgent: row.urgent === 1,
    slipId: row.slip_id,
    createdAt: row.created_at,
    readAt: row.read_at,
    acknowledgedAt: row.acknowledged_at,
  }))
}

export async function unreadCount(db: Db, personId: number, since: number): Promise<number> {
  const { count } = await db
    .selectFrom('notice_recipient as r')
    .innerJoin('notice as n', 'n.id', 'r.notice_id')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where('r.person_id', '=', personId)
    .where('r.read_at', 'is', null)
    .where('n.created_at', '>=', since)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Marks read, and acknowledged where asked; a second time changes nothing. Returns false where it is not theirs. */
export async function markRead(
  trx: Trx,
  personId: number,
  noticeId: number,
  at: number,
  acknowledge: boolean,
): Promise<boolean> {
  const theirs = await trx
    .selectFrom('notice_recipient as r')
    .innerJoin('notice as n', 'n.id', 'r.notice_id')
    .select('n.slip_id')
    .where('r.person_id', '=', personId)
    .where('r.notice_id', '=', noticeId)
    .executeTakeFirst()
  if (!theirs) return false
  const own = () =>
    trx.updateTable('notice_recipient').where('person_id', '=', personId).where('notice_id', '=', noticeId)
  await own().set({ read_at: at }).where('read_at', 'is', null).execute()
  if (!acknowledge) return true
  const { numUpdatedRows } = await own()
    .set({ acknowledged_at: at })
    .where('acknowledged_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows && theirs.slip_id !== null)
    await appendAudit(trx, {
      caseKind: 'upkeep',
      caseId: String(theirs.slip_id),
      at,
      actorId: personId,
      forId: null,
      action: 'acknowledge',
      detail: {},
      rows: await recipientRows(trx, noticeId, personId),
    })
  return true
}

export async function markAllRead(trx: Trx, personId: number, at: number): Promise<void> {
  await trx
    .updateTable('notice_recipient')
    .set({ read_at: at })
    .where('person_id', '=', personId)
    .where('read_at', 'is', null)
    .execute()
}

/** Who acknowledged, of those told; for reminders that climb (S-33). */
export async function acknowledgedBy(db: Db, noticeKey: string): Promise<{ personId: number; at: number }[]> {
  const rows = await db
    .selectFrom('notice_recipient as r')
    .innerJoin('notice as n', 'n.id', 'r.notice_id')
    .select(['r.person_id', 'r.acknowledged_at'])
    .where('n.key', '=', noticeKey)
    .where('r.acknowledged_at', 'is not', null)
    .execute()
  return rows.map(row => ({ personId: row.person_id, at: row.acknowledged_at as number }))
}

/** The newest of those notices that this person has still to acknowledge. */
export async function openNotice(db: Db, keys: readonly string[], personId: number): Promise<number | null> {
  const row = await db
    .selectFrom('notice_recipient as r')
    .innerJoin('notice as n', 'n.id', 'r.notice_id')
    .select('n.id')
    .where('n.key', 'in', keys)
    .where('r.person_id', '=', personId)
    .where('r.acknowledged_at', 'is', null)
    .orderBy('n.id', 'desc')
    .executeTakeFirst()
  return row?.id ?? null
}
