import { appendAudit } from '../audit.ts'
import type { Actor } from '../auth.ts'
import type { Db, Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import type { DeliveryState, NoticeChannel, NoticeTopic } from '../vocabulary.ts'
import { NIGHT } from './rules.ts'

export interface ChannelView {
  id: number
  kind: NoticeChannel
  name: string
  /** Without what follows its key: robots' addresses are secrets themselves. */
  url: string
  hasSecret: boolean
  topics: NoticeTopic[]
  unitId: number | null
  allowPrivate: boolean
  active: boolean
  version: number
}

export interface ChannelInput {
  kind: NoticeChannel
  name: string
  /** Left out on a change = as before. */
  url?: string | undefined
  secret?: string | undefined
  topics: NoticeTopic[]
  unitId: number | null
  allowPrivate: boolean
  active: boolean
}

/** `https://host/path?key=ab…`: enough to tell robots apart, not enough to use one. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return ''
  const { origin, pathname, search } = new URL(url)
  const tail = search || pathname.slice(pathname.lastIndexOf('/') + 1)
  return `${origin}…${tail.slice(0, 8)}…`
}

export async function channelList(db: Db): Promise<ChannelView[]> {
  const rows = await db.selectFrom('notice_channel').selectAll().orderBy('id').execute()
  return rows.map(row => ({
    id: row.id,
    kind: row.kind as NoticeChannel,
    name: row.name,
    url: shownUrl(row.url),
    hasSecret: row.secret !== null,
    topics: JSON.parse(row.topics) as NoticeTopic[],
    unitId: row.unit_id,
    allowPrivate: row.allow_private === 1,
    active: row.active === 1,
    version: row.version,
  }))
}

/** @throws AppError notice.channel, notFound, person.stale. */
export async function saveChannel(
  trx: Trx,
  actor: Actor,
  input: ChannelInput,
  at: number,
  existing?: { id: number; version: number },
): Promise<number> {
  const before = existing
    ? await trx.selectFrom('notice_channel').selectAll().where('id', '=', existing.id).executeTakeFirst()
    : undefined
  if (existing && !before) throw new AppError('notFound')
  if (existing && before && before.version !== existing.version) throw new AppError('person.stale')
  const url = input.url ?? before?.url ?? ''
  if (input.kind !== 'mail' && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new AppError('notice.channel', { message: '请填写机器人的完整网址（以 https:// 开头）。' })
  const values = {
    kind: input.kind,
    name: input.name,
    url: input.kind === 'mail' ? '' : url,
    secret: input.secret === undefined ? (before?.secret ?? null) : input.secret || null,
    topics: JSON.stringify(input.topics),
    unit_id: input.unitId,
    allow_private: input.allowPrivate ? 1 : 0,
    active: input.active ? 1 : 0,
  }
  const { id } = before
    ? await trx
        .updateTable('notice_channel')
        .set({ ...values, version: before.version + 1 })
        .where('id', '=', before.id)
        .returning('id')
        .executeTakeFirstOrThrow()
    : await trx.insertInto('notice_channel').values(values).returning('id').executeTakeFirstOrThrow()
  const { secret: _secret, url: _url, ...told } = values
  await appendAudit(trx, {
    caseKind: 'system',
    caseId: `notice-channel-${id}`,
    at,
    actorId: actor.id,
    forId: null,
    action: before ? 'channel.change' : 'channel.add',
    detail: { ...told, url: shownUrl(url) },
  })
  return id
}

export interface SettingView {
  email: string | null
  mailTopics: NoticeTopic[]
  quietFrom: string
  quietTo: string
  digestMinutes: number
}

export async function settingOf(db: Db, personId: number): Promise<SettingView> {
  const row = await db
    .selectFrom('notice_setting')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return {
    email: row?.email ?? null,
    mailTopics: row ? (JSON.parse(row.mail_topics) as NoticeTopic[]) : [],
    quietFrom: row?.quiet_from ?? NIGHT.from,
    quietTo: row?.quiet_to ?? NIGHT.to,
    digestMinutes: row?.digest_minutes ?? 0,
  }
}

export async function saveSetting(trx: Trx, personId: number, setting: SettingView): Promise<void> {
  const values = {
    email: setting.email,
    mail_topics: JSON.stringify(setting.mailTopics),
    quiet_from: setting.quietFrom,
    quiet_to: setting.quietTo,
    digest_minutes: setting.digestMinutes,
  }
  await trx
    .insertInto('notice_setting')
    .values({ person_id: personId, ...values })
    .onConflict(conflict => conflict.column('person_id').doUpdateSet(values))
    .execute()
}

export interface DeliveryView {
  id: number
  title: string
  topic: NoticeTopic
  channel: string
  person: string | null
  state: DeliveryState
  attempts: number
  nextAt: number
  sentAt: number | null
  error: string | null
}

/** Newest first; what failed or still waits is how an operator sees that a channel is broken. */
export async function deliveryList(db: Db, state: DeliveryState | undefined): Promise<DeliveryView[]> {
  const rows = await db
    .selectFrom('notice_delivery as d')
    .innerJoin('notice as n', 'n.id', 'd.notice_id')
    .innerJoin('notice_channel as c', 'c.id', 'd.channel_id')
    .leftJoin('person as p', 'p.id', 'd.person_id')
    .selectAll('d')
    .select(['n.title', 'n.topic', 'c.name as channel', 'p.name as person'])
    .$if(state !== undefined, q => q.where('d.state', '=', state as string))
    .orderBy('d.id', 'desc')
    .limit(200)
    .execute()
  return rows.map(row => ({
    id: row.id,
    title: row.title,
    topic: row.topic as NoticeTopic,
    channel: row.channel,
    person: row.person,
    state: row.state as DeliveryState,
    attempts: row.attempts,
    nextAt: row.next_at,
    sentAt: row.sent_at,
    error: row.last_error,
  }))
}

/** Failed deliveries of a channel go out again. */
export async function retryFailed(trx: Trx, channelId: number, at: number): Promise<number> {
  const rows = await trx
    .updateTable('notice_delivery')
    .set({ state: 'waiting', attempts: 0, next_at: at })
    .where('channel_id', '=', channelId)
    .where('state', '=', 'failed')
    .returning('id')
    .execute()
  return rows.length
}
