import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Concern, EventClass, SeverityHint } from '../../pipeline/post.ts'
import type { Actor } from '../auth.ts'
import type { Context } from '../context.ts'
import type { Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import type { PostItem } from '../posts/routes.ts'
import { DESK, READERS, type SlipState } from '../vocabulary.ts'
import { livingEvent } from './name-store.ts'
import type { Growth } from './rules.ts'
import {
  type Decided,
  type Deciding,
  makeEvent,
  mergeEvent,
  pinPost,
  renameEvent,
  splitEvent,
  takePostOut,
} from './store.ts'
import { undoAct } from './undo-store.ts'
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
  decisions: Decision[]
}

/** Of people, oldest first: who, when, what. */
export interface Decision {
  at: number
  by: string | null
  /** EVENT_ACTIONS. */
  action: string
  detail: Record<string, unknown>
  /** What POST /api/event-acts/:id/undo takes back; null = made before such were kept, or itself an undoing. */
  act: number | null
  undone: boolean
}

/** What a decision answers: the event to look at now, and the act to take back. */
export interface DecidedEvent extends EventDetail {
  act: number
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
 *  · …/split {version, postIds, title?} · …/pin {version, postId} -> DecidedEvent
 *  · …/take-out {version, postId} -> {act, event: EventItem | null}
 *  POST /api/event-acts/:act/undo {} -> {event: id of the event where it had been decided} */

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

  const decide = async (actor: Actor, work: (trx: Trx, by: Deciding) => Promise<Decided>) => {
    const { act, eventId } = await db.transaction().execute(trx => work(trx, { actor, at: now() }))
    return { ...(await detailOf(eventId)), act }
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
    handler: ({ body: { title = null, postIds } }, actor): Promise<DecidedEvent> =>
      decide(actor, (trx, by) => makeEvent(trx, by, { title, postIds })),
  })

  route(app, {
    method: 'PATCH',
    url: '/api/events/:id',
    access: DESK,
    summary: '事件改名',
    params: Id,
    body: Type.Object({ version: Version, title: Title }),
    handler: ({ params, body }, actor): Promise<DecidedEvent> =>
      decide(actor, (trx, by) => renameEvent(trx, by, params.id, body)),
  })

  route(app, {
    method: 'POST',
    url: '/api/events/:id/merge',
    access: DESK,
    summary: '并入另一事件',
    params: Id,
    body: Type.Object({ version: Version, into: Type.Integer(), intoVersion: Version }),
    handler: ({ params, body }, actor): Promise<DecidedEvent> =>
      decide(actor, (trx, by) => mergeEvent(trx, by, params.id, body)),
  })

  route(app, {
    method: 'POST',
    url: '/api/events/:id/split',
    access: DESK,
    summary: '拆分事件',
    params: Id,
    body: Type.Object({ version: Version, postIds: PostIds, title: Type.Optional(Title) }),
    handler: ({ params, body: { title = null, ...body } }, actor): Promise<DecidedEvent> =>
      decide(actor, (trx, by) => splitEvent(trx, by, params.id, { ...body, title })),
  })

  route(app, {
    method: 'POST',
    url: '/api/events/:id/pin',
    access: DESK,
    summary: '帖子归入事件',
    params: Id,
    body: PostInput,
    handler: ({ params, body }, actor): Promise<DecidedEvent> =>
      decide(actor, (trx, by) => pinPost(trx, by, params.id, body)),
  })

  route(app, {
    method: 'POST',
    url: '/api/events/:id/take-out',
    access: DESK,
    summary: '帖子移出事件',
    params: Id,
    body: PostInput,
    async handler({ params, body }, actor): Promise<{ act: number; event: EventItem | null }> {
      const by = { actor, at: now() }
      const { act } = await db.transaction().execute(trx => takePostOut(trx, by, params.id, body))
      return { act, event: (await eventItems(db, [params.id], now()))[0] ?? null }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/event-acts/:id/undo',
    access: DESK,
    summary: '撤销对事件的调整',
    params: Id,
    async handler({ params }, actor): Promise<{ event: number }> {
      const by = { actor, at: now() }
      return { event: await db.transaction().execute(trx => undoAct(trx, by, params.id)) }
    },
  })
}
