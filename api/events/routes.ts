import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Concern, EventClass, SeverityHint } from '../../pipeline/post.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { DESK, type PostItem, READERS } from '../posts/routes.ts'
import type { SlipState } from '../vocabulary.ts'
import { livingEvent } from './name-store.ts'
import type { Growth } from './rules.ts'
import { makeEvent, mergeEvent, pinPost, renameEvent, splitEvent, takePostOut } from './store.ts'
import { eventDetail, eventItems, eventOfPost, eventPosts, recentEvents } from './view-store.ts'

// --- What the dashboard gets. Times are epoch milliseconds; posts count with their copies. ---

export interface EventItem {
  id: number
  /** As people named it, else what the first post says. */
  title: string
  /** People decided something about it. */
  hand: boolean
  version: number
  posts: number
  /** Of these, copies of others of them. */
  copies: number
  sources: number
  firstAt: number
  lastAt: number
  last24h: number
  before24h: number
  severityHint: SeverityHint | null
  concern: Concern | null
  /** Most frequent first. */
  topics: string[]
  districts: string[]
  eventClass: EventClass | null
  slips: number
}

export interface EventDetail extends EventItem {
  growth: Growth
  firstPost: PostItem
  bySource: { id: string; name: string; posts: number }[]
  slipList: { id: number; number: string | null; title: string; status: SlipState }[]
  decisions: { at: number; by: string | null; action: string; detail: Record<string, unknown> }[]
}

/** GET /api/events?days&limit — those with a post in the last days, fastest growing first. */
export interface EventList {
  items: EventItem[]
}

/** GET /api/events/:id/posts?source&from&to&folded&limit — newest first; from <= time < to; `total` = all that match. */
export interface EventPosts {
  items: PostItem[]
  total: number
}

/** POST /api/events {title?, postIds} · PATCH /api/events/:id {version, title} · POST …/merge {version, into, intoVersion}
 *  · …/split {version, postIds, title?} · …/pin {version, postId} · …/take-out {version, postId} -> EventDetail */

const Id = Type.Object({ id: Type.Integer() })
const Version = Type.Integer({ minimum: 1 })
const Title = Type.Union([Type.String({ minLength: 1, maxLength: 80 }), Type.Null()])
const PostIds = Type.Array(Type.Integer(), { minItems: 1, maxItems: 500 })
const PostInput = Type.Object({ version: Version, postId: Type.Integer() })

export function eventRoutes(app: FastifyInstance, { db, now }: Context): void {
  const detailOf = async (id: number): Promise<EventDetail> => {
    const living = await livingEvent(db, id)
    const detail = living === null ? null : await eventDetail(db, living, now())
    if (!detail)
      throw new AppError('notFound', {
        message: '这个事件已经没有帖子，可能都被并入或移出，请返回列表刷新。',
      })
    return detail
  }

  route(app, {
    method: 'GET',
    url: '/api/events',
    access: READERS,
    summary: '事件列表',
    query: Type.Object({
      days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    }),
    async handler({ query: { days = 7, limit = 100 } }): Promise<EventList> {
      return { items: await recentEvents(db, { now: now(), days, limit }) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/events/:id',
    access: READERS,
    summary: '事件详情',
    params: Id,
    handler: ({ params }) => detailOf(params.id),
  })

  route(app, {
    method: 'GET',
    url: '/api/events/:id/posts',
    access: READERS,
    summary: '事件的帖子',
    params: Id,
    query: Type.Object({
      source: Type.Optional(Type.String({ maxLength: 80 })),
      from: Type.Optional(Type.Integer()),
      to: Type.Optional(Type.Integer()),
      folded: Type.Optional(Type.Boolean()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    }),
    handler: ({ params, query }): Promise<EventPosts> => eventPosts(db, params.id, { limit: 100, ...query }),
  })

  route(app, {
    method: 'GET',
    url: '/api/posts/:id/event',
    access: READERS,
    summary: '帖子所属事件',
    params: Id,
    async handler({ params }): Promise<{ event: EventItem | null }> {
      const id = await eventOfPost(db, params.id)
      return { event: id === null ? null : ((await eventItems(db, [id], now()))[0] ?? null) }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/events',
    access: DESK,
    summary: '建立事件',
    body: Type.Object({ title: Type.Optional(Title), postIds: PostIds }),
    async handler({ body: { title = null, postIds } }, actor): Promise<EventDetail> {
      const deciding = { actor, at: now() }
      return detailOf(await db.transaction().execute(trx => makeEvent(trx, deciding, { title, postIds })))
    },
  })

  route(app, {
    method: 'PATCH',
    url: '/api/events/:id',
    access: DESK,
    summary: '事件改名',
    params: Id,
    body: Type.Object({ version: Version, title: Title }),
    async handler({ params, body }, actor): Promise<EventDetail> {
      await db.transaction().execute(trx => renameEvent(trx, { actor, at: now() }, params.id, body))
      return detailOf(params.id)
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/events/:id/merge',
    access: DESK,
    summary: '并入另一事件',
    params: Id,
    body: Type.Object({ version: Version, into: Type.Integer(), intoVersion: Version }),
    async handler({ params, body }, actor): Promise<EventDetail> {
      await db.transaction().execute(trx => mergeEvent(trx, { actor, at: now() }, params.id, body))
      return detailOf(body.into)
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/events/:id/split',
    access: DESK,
    summary: '拆分事件',
    params: Id,
    body: Type.Object({ version: Version, postIds: PostIds, title: Type.Optional(Title) }),
    async handler({ params, body: { title = null, ...body } }, actor): Promise<EventDetail> {
      const deciding = { actor, at: now() }
      const made = await db
        .transaction()
        .execute(trx => splitEvent(trx, deciding, params.id, { ...body, title }))
      return detailOf(made)
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/events/:id/pin',
    access: DESK,
    summary: '帖子归入事件',
    params: Id,
    body: PostInput,
    async handler({ params, body }, actor): Promise<EventDetail> {
      await db.transaction().execute(trx => pinPost(trx, { actor, at: now() }, params.id, body))
      return detailOf(params.id)
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/events/:id/take-out',
    access: DESK,
    summary: '帖子移出事件',
    params: Id,
    body: PostInput,
    async handler({ params, body }, actor): Promise<{ event: EventItem | null }> {
      await db.transaction().execute(trx => takePostOut(trx, { actor, at: now() }, params.id, body))
      return { event: (await eventItems(db, [params.id], now()))[0] ?? null }
    },
  })
}
