import type { Context } from '../context.ts'
import type { Db } from '../db/open.ts'
import { AppError } from '../errors.ts'
import type { NoticeChannel } from '../vocabulary.ts'
import { messageOf, retryAfter } from './rules.ts'
import { bytesOf, type Channel, plainText, sendNotice } from './senders.ts'
import { noticeTitles } from './store.ts'

/** A worker that died while sending gives its deliveries back after this. */
const LEASE_MS = 5 * 60_000
const BATCH = 100

interface Taken {
  id: number
  notice_id: number
  channel_id: number
  person_id: number | null
  attempts: number
}

/** Takes what is due; of two workers only one gets a row, since the second finds it moved on. */
async function take(db: Db, now: number): Promise<Taken[]> {
  return db
    .updateTable('notice_delivery')
    .set(eb => ({ next_at: now + LEASE_MS, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', eb =>
      eb
        .selectFrom('notice_delivery')
        .select('id')
        .where('state', '=', 'waiting')
        .where('next_at', '<=', now)
        .orderBy('next_at')
        .orderBy('id')
        .limit(BATCH),
    )
    .where('state', '=', 'waiting')
    .where('next_at', '<=', now)
    .returning(['id', 'notice_id', 'channel_id', 'person_id', 'attempts'])
    .execute()
}

interface Due extends Taken {
  notice: { topic: string; title: string; body: string; link: string | null }
}

/** Sends what is due: one message per channel and receiver, several notices as digests. Returns messages sent. */
export async function deliverDue(context: Context, signal?: AbortSignal): Promise<number> {
  const { db, now } = context
  let sent = 0
  for (;;) {
    const taken = await take(db, now())
    if (!taken.length || signal?.aborted) return sent
    const due = await withNotices(db, taken)
    for (const group of Map.groupBy(due, each => `${each.channel_id} ${each.person_id ?? ''}`).values())
      sent += await deliverGroup(context, group)
  }
}

async function deliverGroup(context: Context, group: Due[]): Promise<number> {
  const [first] = group as [Due]
  const channel = await channelOf(context.db, first.channel_id)
  const to = await addressOf(context.db, first.person_id)
  let sent = 0
  for (const part of split(group, baseUrl(context), bytesOf(channel.kind)))
    if (await deliver(context, channel, to, part)) sent++
  return sent
}

/** As many notices a message as fit; nothing of a digest is cut away. */
function split(group: Due[], base: string, bytes: number): Due[][] {
  const parts: Due[][] = []
  for (const due of group.sort((a, b) => a.id - b.id)) {
    const last = parts.at(-1)
    const text =
      last &&
      plainText(
        messageOf(
          [...last, due].map(each => each.notice),
          base,
        ),
      )
    if (last && text && Buffer.byteLength(text) <= bytes) last.push(due)
    else parts.push([due])
  }
  return parts
}

const baseUrl = ({ config: { publicUrl, host, port } }: Context): string =>
  (publicUrl ?? `http://${host}:${port}`).replace(/\/$/, '')

async function deliver(
  context: Context,
  channel: Channel & { active: boolean },
  to: string | null,
  part: Due[],
): Promise<boolean> {
  const { db, config, now, log } = context
  const ids = part.map(({ id }) => id)
  try {
    if (!channel.active) throw new AppError('notice.send', { message: '渠道已停用。' })
    const message = messageOf(
      part.map(({ notice }) => notice),
      baseUrl(context),
    )
    await sendNotice({ config, channel, to, message, now: now() })
    await db
      .updateTable('notice_delivery')
      .set({ state: 'sent', sent_at: now(), last_error: null })
      .where('id', 'in', ids)
      .execute()
    return true
  } catch (error) {
    const wait = channel.active ? retryAfter(Math.max(...part.map(({ attempts }) => attempts))) : null
    log.warn({ err: error, deliveries: ids }, 'notice not sent')
    await db
      .updateTable('notice_delivery')
      .set({
        last_error: (error as Error).message.slice(0, 300),
        ...(wait === null ? { state: 'failed' } : { next_at: now() + wait }),
      })
      .where('id', 'in', ids)
      .execute()
    return false
  }
}

export async function channelOf(db: Db, id: number): Promise<Channel & { active: boolean }> {
  const row = await db.selectFrom('notice_channel').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return {
    id: row.id,
    kind: row.kind as NoticeChannel,
    url: row.url,
    secret: row.secret,
    allowPrivate: row.allow_private === 1,
    active: row.active === 1,
  }
}

async function addressOf(db: Db, personId: number | null): Promise<string | null> {
  if (personId === null) return null
  const row = await db
    .selectFrom('notice_setting')
    .select('email')
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return row?.email ?? null
}

async function withNotices(db: Db, taken: Taken[]): Promise<Due[]> {
  const ids = [...new Set(taken.map(({ notice_id }) => notice_id))]
  const rows = await db
    .selectFrom('notice')
    .select(['id', 'topic', 'title', 'body', 'link', 'event_id', 'event_title'])
    .where('id', 'in', ids)
    .execute()
  const titles = await noticeTitles(db, rows)
  const notices = new Map(rows.map(row => [row.id, { ...row, title: titles.get(row.id) as string }]))
  return taken.flatMap(each => {
    const notice = notices.get(each.notice_id)
    return notice ? [{ ...each, notice }] : []
  })
}
