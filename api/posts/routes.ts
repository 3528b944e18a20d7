import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type {
  Concern,
  EventClass,
  PlaceMention,
  Poll,
  Precision,
  Reason,
  Sentiment,
  SeverityGround,
  SeverityHint,
} from '../../pipeline/post.ts'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { addDays, startOfDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { requireDays, route } from '../http.ts'
import { mayReveal, noteReading } from '../reveal.ts'
import {
  type CopyKind,
  DESK,
  DISMISS_REASONS,
  type DismissReason,
  READERS,
  type SlipState,
} from '../vocabulary.ts'
import { maskPost, postDetail } from './detail-store.ts'
import { dismissFlag, markSeen, triageIds, undoDismissal } from './triage-store.ts'
import { postItems } from './view-store.ts'

// --- What the dashboard gets. Times are epoch milliseconds; null = not known. ---

/** A row of a list. */
export interface PostItem {
  id: number
  source: { id: string; name: string }
  key: string
  board: string | null
  kind: string
  /** Personal data masked (S-38), as in `author` and `excerpt`. */
  title: string | null
  author: string | null
  /** First 200 characters. */
  excerpt: string
  url: string
  publishedAt: number | null
  publishedPrecision: Precision
  /** Last time that it was there. */
  seenAt: number
  /** First time that it was found gone or withheld; null while it is there. */
  goneAt: number | null
  /** 补采: published before its board was watched. */
  backfilled: boolean
  views: number | null
  replies: number | null
  state: 'visible' | 'gone' | 'restricted'
  analysed: boolean
  /** The oldest post that this one is a copy of, and how many others say the same or agree with it. */
  copyOf: number | null
  copies: number
  flag: FlagView | null
  /** Ranges of `title` and `excerpt` to mark (search words or reasons). */
  marks: { field: 'title' | 'excerpt'; start: number; end: number }[]
}

export interface FlagView {
  seq: number
  flaggedAt: number
  state: 'open' | 'dismissed' | 'slip'
  reason: DismissReason | null
  note: string | null
  decidedBy: string | null
  decidedAt: number | null
  slipId: number | null
  slipNumber: string | null
  version: number
  score: number
  concern: Concern | null
  topics: string[]
  eventClass: EventClass | null
  severityHint: SeverityHint | null
  unit: { id: number; name: string } | null
  /** The two strongest reasons, as sentences. */
  why: string[]
  /** Other posts that say the same or agree with it. */
  copies: number
}

/** The earliest post that says what this one says, and what became of the matter there (S-9). Personal data masked. */
export interface OriginalView {
  id: number
  kind: CopyKind
  /** Name. */
  source: string
  board: string | null
  title: string
  url: string
  state: 'visible' | 'gone' | 'restricted'
  publishedAt: number | null
  publishedPrecision: Precision
  firstSeenAt: number
  /** That have it or another copy of it. */
  slips: { id: number; number: string | null; status: SlipState }[]
  /** It or another copy of it, latest first. */
  dismissed: { reason: DismissReason; by: string | null; at: number } | null
}

/** GET /api/posts/:id, masked; POST /api/posts/:id/reveal {} -> as it was written, and a trace of who read it. */
export interface PostDetail extends PostItem {
  /** Something personal is hidden here, and whether this person may ask for it. */
  masked: boolean
  mayReveal: boolean
  text: string
  quote: string | null
  images: { url: string }[]
  /** As the page listed them; where it gave no address, null. */
  attachments: { name: string; url: string | null }[]
  poll: Poll | null
  authorId: string | null
  publishedRaw: string | null
  thread: PostItem[]
  revisions: { revision: number; seenAt: number; title: string | null; text: string }[]
  counts: {
    seenAt: number
    views: number | null
    replies: number | null
    reposts: number | null
    likes: number | null
  }[]
  analysis: {
    version: string
    analysedAt: number
    score: number
    gates: { topic: number; actionable: number; local: number }
    reasons: Reason[]
    places: PlaceMention[]
    local: boolean
    /** With the phrases that decided; null where nothing was flagged. */
    sentiment: Sentiment | null
    severityGrounds: SeverityGround[]
  } | null
  /** null where it is no copy; its slips without those of this post. */
  original: OriginalView | null
  /** As many as `copies`, its original among them. */
  copiesOf: PostItem[]
  evidence: { id: number; kind: string; url: string | null; capturedAt: number; fileName: string | null }[]
  slips: { id: number; number: string | null; status: string }[]
}

/** GET /api/posts?text&source&board&topic&place&from&to&flagged&cursor&limit — from, to: Shanghai days, both included. */
export interface PostSearchAnswer {
  items: PostItem[]
  total: number
  next: string | null
}

/** GET /api/triage?view=new|open|dismissed&limit — own unit's first, then newest first (design §5.9). */
export interface TriageAnswer {
  items: PostItem[]
  open: number
  /** Flags with a greater seq are new since this person last looked. */
  seenSeq: number
  newestSeq: number
}

/** POST /api/triage/seen {seq} -> {} */
/** POST /api/posts/:id/dismiss {reason, note?, version} -> FlagView; POST /api/posts/:id/undo {version} -> FlagView */
const Id = Type.Object({ id: Type.Integer() })
const Word = Type.Optional(Type.String({ maxLength: 200 }))
const SearchParams = Type.Object({
  text: Word,
  source: Word,
  board: Word,
  topic: Word,
  place: Word,
  from: Type.Optional(Type.String({ maxLength: 10 })),
  to: Type.Optional(Type.String({ maxLength: 10 })),
  flagged: Type.Optional(Type.Boolean()),
  cursor: Type.Optional(Type.String({ maxLength: 60 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
})
const Dismiss = Type.Object({
  reason: Type.Union(Object.keys(DISMISS_REASONS).map(reason => Type.Literal(reason as DismissReason))),
  note: Type.Optional(Type.String({ maxLength: 500 })),
  version: Type.Integer(),
})

function dayStart(text: string | undefined, plusDays = 0): number | undefined {
  if (!text) return undefined
  requireDays(text)
  return startOfDay(addDays(text, plusDays))
}

export function postRoutes(app: FastifyInstance, context: Context): void {
  const { db, search, now } = context

  async function flagOf(id: number): Promise<FlagView> {
    const [item] = await postItems(db, [id])
    if (!item?.flag) throw new AppError('notFound')
    return item.flag
  }

  route(app, {
    method: 'GET',
    url: '/api/posts',
    access: READERS,
    summary: '检索帖子',
    query: SearchParams,
    async handler({ query }): Promise<PostSearchAnswer> {
      const { from, to, limit = 50, ...rest } = query
      const [start, end] = [dayStart(from), dayStart(to, 1)]
      const found = await search.search({
        ...rest,
        ...(start !== undefined && { from: start }),
        ...(end !== undefined && { to: end }),
        limit,
      })
      const items = await postItems(db, found.ids, query.text)
      return { items, total: found.total, next: found.next }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/posts/:id',
    access: READERS,
    summary: '帖子详情',
    params: Id,
    async handler({ params }, actor): Promise<PostDetail> {
      const post = await postDetail(db, params.id)
      if (!post) throw new AppError('notFound')
      return { ...maskPost(post), mayReveal: mayReveal(actor) }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/posts/:id/reveal',
    access: READERS,
    summary: '查看网民信息原文（留痕）',
    params: Id,
    async handler({ params }, actor): Promise<PostDetail> {
      if (!mayReveal(actor)) throw new AppError('personal.forbidden')
      return db.transaction().execute(async trx => {
        const post = await postDetail(trx, params.id)
        if (!post) throw new AppError('notFound')
        await noteReading(trx, { postId: params.id }, actor, now())
        return { ...post, mayReveal: true }
      })
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/triage',
    access: DESK,
    summary: '线索分办',
    query: Type.Object({
      view: Type.Optional(Type.Union([Type.Literal('new'), Type.Literal('open'), Type.Literal('dismissed')])),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    }),
    async handler({ query }, actor): Promise<TriageAnswer> {
      const { view = 'open', limit = 100 } = query
      const { ids, ...rest } = await triageIds(db, { view, limit, personId: actor.id, unitId: actor.unitId })
      return { items: await postItems(db, ids), ...rest }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/triage/seen',
    access: DESK,
    summary: '看到这里',
    body: Type.Object({ seq: Type.Integer({ minimum: 0 }) }),
    async handler({ body }, actor) {
      await db.transaction().execute(trx => markSeen(trx, actor.id, body.seq, now()))
      return {}
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/posts/:id/dismiss',
    access: DESK,
    summary: '不予处理',
    params: Id,
    body: Dismiss,
    async handler({ params, body }, actor): Promise<FlagView> {
      const at = now()
      await db.transaction().execute(async trx => {
        await dismissFlag(trx, params.id, { ...body, note: body.note ?? null }, actor.id, at)
        const entry = {
          caseKind: 'post',
          caseId: String(params.id),
          at,
          actorId: actor.id,
          forId: null,
        } as const
        await appendAudit(trx, {
          ...entry,
          action: 'dismiss',
          detail: { reason: body.reason, note: body.note },
        })
      })
      return flagOf(params.id)
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/posts/:id/undo',
    access: DESK,
    summary: '撤销不予处理',
    params: Id,
    body: Type.Object({ version: Type.Integer() }),
    async handler({ params, body }, actor): Promise<FlagView> {
      const at = now()
      await db.transaction().execute(async trx => {
        await undoDismissal(trx, params.id, body.version, actor.id, at)
        const entry = {
          caseKind: 'post',
          caseId: String(params.id),
          at,
          actorId: actor.id,
          forId: null,
        } as const
        await appendAudit(trx, { ...entry, action: 'undo', detail: {} })
      })
      return flagOf(params.id)
    },
  })
}
