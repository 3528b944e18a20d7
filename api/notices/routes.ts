import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { SESSION_COOKIE } from '../people/session-routes.ts'
import { sessionPerson } from '../people/sessions.ts'
import { isClock } from '../quiet.ts'
import {
  DELIVERY_STATES,
  NOTICE_CHANNELS,
  NOTICE_TOPICS,
  type NoticeChannel,
  type NoticeTopic,
  type Role,
} from '../vocabulary.ts'
import {
  type ChannelView,
  channelList,
  type DeliveryView,
  deliveryList,
  retryFailed,
  type SettingView,
  saveChannel,
  saveSetting,
  settingOf,
} from './channel-store.ts'
import { channelOf } from './deliver.ts'
import { inboxFrom } from './rules.ts'
import { sendNotice } from './senders.ts'
import { type InboxItem, inbox, markAllRead, markRead, unreadCount } from './store.ts'
import { LiveStreams } from './stream.ts'

/**
 * GET /api/notices?unread&before -> InboxAnswer; POST /api/notices/:id/read { acknowledge }; POST /api/notices/read-all
 * GET /api/notices/stream: server-sent LiveEvent; GET, PUT /api/notices/setting (one's own)
 * GET, POST /api/notice-channels; PATCH /api/notice-channels/:id; POST …/:id/test, …/:id/retry (administrator, 办公室主任)
 * GET /api/notice-deliveries?state
 */
export interface InboxAnswer {
  items: InboxItem[]
  unread: number
}

export type { LiveEvent } from './stream.ts'
export type { ChannelView, DeliveryView, InboxItem, SettingView }

const OPERATORS: readonly Role[] = ['admin', 'office_head']
const Id = Type.Object({ id: Type.Integer({ minimum: 1 }) })
const keys = <T extends string>(labels: Record<T, string>) => Object.keys(labels) as T[]
const Topics = Type.Array(Type.Enum(keys(NOTICE_TOPICS)), { uniqueItems: true })
const CHANNEL = {
  kind: Type.Enum(keys(NOTICE_CHANNELS)),
  name: Type.String({ minLength: 1, maxLength: 40 }),
  url: Type.Optional(Type.String({ maxLength: 500 })),
  secret: Type.Optional(Type.String({ maxLength: 200 })),
  topics: Topics,
  unitId: Type.Union([Type.Integer(), Type.Null()]),
  allowPrivate: Type.Boolean(),
  active: Type.Boolean(),
}

export function noticeRoutes(app: FastifyInstance, context: Context): void {
  ownRoutes(app, context)
  channelRoutes(app, context)
}

function ownRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context
  const streams = new LiveStreams(context)
  app.addHook('preClose', async () => streams.close())

  route(app, {
    method: 'GET',
    url: '/api/notices',
    access: 'signedIn',
    summary: '我的通知',
    query: Type.Object({
      unread: Type.Optional(Type.Boolean()),
      before: Type.Optional(Type.Integer()),
    }),
    async handler({ query }, actor): Promise<InboxAnswer> {
      const since = inboxFrom(now())
      return {
        items: await inbox(db, actor.id, { since, ...query, limit: 50 }),
        unread: await unreadCount(db, actor.id, since),
      }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/notices/:id/read',
    access: 'signedIn',
    summary: '已读、确认收到',
    params: Id,
    body: Type.Object({ acknowledge: Type.Optional(Type.Boolean()) }),
    async handler({ params, body }, actor) {
      const at = now()
      const found = await db
        .transaction()
        .execute(trx => markRead(trx, actor.id, params.id, at, body.acknowledge ?? false))
      if (!found) throw new AppError('notFound')
      return {}
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/notices/read-all',
    access: 'signedIn',
    summary: '全部已读',
    async handler(_, actor) {
      await db.transaction().execute(trx => markAllRead(trx, actor.id, now()))
      return {}
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/notices/stream',
    access: 'signedIn',
    summary: '实时更新（SSE）',
    async handler({ request, reply }) {
      const token = request.cookies[SESSION_COOKIE] ?? ''
      streams.add(reply, async () => (await sessionPerson(db, token, now(), true)) !== null)
      return reply
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/notices/setting',
    access: 'signedIn',
    summary: '我的通知设置',
    handler: (_, actor) => settingOf(db, actor.id),
  })

  route(app, {
    method: 'PUT',
    url: '/api/notices/setting',
    access: 'signedIn',
    summary: '修改我的通知设置',
    body: Type.Object({
      email: Type.Union([Type.String({ maxLength: 200 }), Type.Null()]),
      mailTopics: Topics,
      quietFrom: Type.String(),
      quietTo: Type.String(),
      digestMinutes: Type.Integer({ minimum: 0, maximum: 1440 }),
    }),
    async handler({ body }, actor) {
      if (body.email !== null && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(body.email))
        throw new AppError('request.invalid', { message: '邮箱地址不对，请检查后再保存。' })
      if (!isClock(body.quietFrom) || !isClock(body.quietTo))
        throw new AppError('request.invalid', { message: '免打扰时间请写成 22:00 这样的形式。' })
      const setting: SettingView = { ...body, mailTopics: body.mailTopics as NoticeTopic[] }
      await db.transaction().execute(trx => saveSetting(trx, actor.id, setting))
      return {}
    },
  })
}

function channelRoutes(app: FastifyInstance, context: Context): void {
  const { db, now, config } = context

  route(app, {
    method: 'GET',
    url: '/api/notice-channels',
    access: OPERATORS,
    summary: '通知渠道',
    handler: () => channelList(db),
  })

  route(app, {
    method: 'POST',
    url: '/api/notice-channels',
    access: OPERATORS,
    summary: '新增通知渠道',
    body: Type.Object(CHANNEL),
    async handler({ body }, actor) {
      const id = await db.transaction().execute(trx => saveChannel(trx, actor, typed(body), now()))
      return { id }
    },
  })

  route(app, {
    method: 'PATCH',
    url: '/api/notice-channels/:id',
    access: OPERATORS,
    summary: '修改通知渠道',
    params: Id,
    body: Type.Object({ version: Type.Integer(), ...CHANNEL }),
    async handler({ params, body }, actor) {
      const { version, ...input } = body
      const existing = { id: params.id, version }
      await db.transaction().execute(trx => saveChannel(trx, actor, typed(input), now(), existing))
      return {}
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/notice-channels/:id/test',
    access: OPERATORS,
    rateLimit: 10,
    summary: '发送测试通知',
    params: Id,
    async handler({ params }, actor) {
      const known = (await channelList(db)).some(({ id }) => id === params.id)
      if (!known) throw new AppError('notFound')
      const { email } = await settingOf(db, actor.id)
      const text = '这是一条测试通知，收到即说明渠道可用。'
      await sendNotice({
        config,
        channel: await channelOf(db, params.id),
        to: email,
        message: { title: '【常州应急舆情】测试通知', lines: [{ text, body: '', link: config.publicUrl }] },
        now: now(),
      })
      return {}
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/notice-channels/:id/retry',
    access: OPERATORS,
    summary: '重发失败的通知',
    params: Id,
    async handler({ params }) {
      const count = await db.transaction().execute(trx => retryFailed(trx, params.id, now()))
      return { count }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/notice-deliveries',
    access: OPERATORS,
    summary: '通知发送记录',
    query: Type.Object({ state: Type.Optional(Type.Enum(keys(DELIVERY_STATES))) }),
    handler: ({ query }) => deliveryList(db, query.state as keyof typeof DELIVERY_STATES | undefined),
  })
}

const typed = <T extends { kind: unknown; topics: unknown }>(body: T) => ({
  ...body,
  kind: body.kind as NoticeChannel,
  topics: body.topics as NoticeTopic[],
})
