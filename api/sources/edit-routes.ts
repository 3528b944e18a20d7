import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { CrawlFault, EngineName, ListOrder, SourceConfig } from '../../crawlers/site.ts'
import type { Precision } from '../../pipeline/post.ts'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { personNames } from '../people/store.ts'
import { ENGINE_NAMES, LIST_ORDERS, OFFICE } from '../vocabulary.ts'
import {
  asksOtherwise,
  type Change,
  changesNothing,
  changesOf,
  draftProblems,
  newId,
  type SourceDraft,
  toConfig,
} from './draft.ts'
import { hostOf } from './plan-store.ts'
import { addSource, editSource, setEnabled, sourceById, sourceList, sourceVersions } from './store.ts'

export type { SourceDraft } from './draft.ts'

/**
 * Sources without a programmer (办公室). POST /api/sources/probe { url } -> ProbeView: what is there and what is read.
 * POST /api/sources { source, why } -> { id }; PUT /api/sources/:id { source, why, version } -> {}
 * PATCH /api/sources/:id { enabled, why, version } -> {}; GET /api/sources/:id -> SourceDetail with its versions.
 */
export interface ProbeView {
  /** Where the address led to. */
  url: string
  /** null = no reader fits: by hand. */
  engine: EngineName | null
  variant: string | null
  /** 0..1; under 0.5 a person should look twice. */
  confidence: number
  role: 'list' | 'thread' | 'feed' | 'front' | null
  /** What it rests on, in Chinese. */
  why: string[]
  name: string
  /** The source's own address. */
  base: string
  boards: { key: string; name: string; forbidden: boolean }[]
  /** A source that reads the same. */
  known: { id: string; name: string } | null
  list: {
    url: string
    fault: CrawlFault | null
    total: number
    hasMore: boolean
    /** Fields that no row showed. */
    unread: string[]
    rows: {
      key: string
      title: string
      url: string
      replies: number | null
      views: number | null
      lastReplyAt: number | null
      createdAt: number | null
      sticky: boolean
    }[]
  } | null
  thread: {
    url: string
    fault: CrawlFault | null
    title: string | null
    board: string | null
    total: number
    hasMore: boolean
    unread: string[]
    posts: {
      key: string
      floor: number | null
      author: string | null
      publishedAt: number | null
      publishedPrecision: Precision
      publishedRaw: string | null
      title: string | null
      text: string
      quote: string | null
      images: number
      state: 'visible' | 'gone' | 'restricted'
    }[]
  } | null
  fault: CrawlFault | null
}

export interface SourceDetail {
  id: string
  version: number
  enabled: boolean
  source: SourceDraft
  versions: {
    version: number
    at: number
    /** null = the configuration file. */
    by: string | null
    why: string
    /** Against the version before; empty for the first. */
    changes: Change[]
  }[]
}

const Why = Type.String({ minLength: 2, maxLength: 200 })
const Id = Type.Object({ id: Type.String({ maxLength: 60 }) })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Optional(Type.Union([type, Type.Null()]))
const Clock = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })
const DRAFT = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 60 }),
  engine: Type.Enum(Object.keys(ENGINE_NAMES) as EngineName[]),
  variant: orNull(Type.String({ maxLength: 30 })),
  url: Type.String({ maxLength: 500 }),
  charset: orNull(Type.String({ maxLength: 20 })),
  boards: Type.Array(
    Type.Object({
      key: Type.String({ minLength: 1, maxLength: 500 }),
      name: Type.String({ maxLength: 60 }),
    }),
    { maxItems: 200 },
  ),
  delaySeconds: Type.Number({ minimum: 0, maximum: 3600 }),
  dailyCeiling: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  basis: Type.String({ minLength: 1, maxLength: 200 }),
  owner: Type.String({ minLength: 1, maxLength: 60 }),
  retentionDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  visitSeconds: orNull(Type.Integer({ minimum: 10, maximum: 86_400 })),
  listPages: orNull(Type.Integer({ minimum: 1, maximum: 100 })),
  quietHours: orNull(Type.Object({ from: Clock, to: Clock })),
  orders: orNull(Type.Array(Type.Enum(Object.keys(LIST_ORDERS) as ListOrder[]), { uniqueItems: true })),
  selectors: orNull(
    Type.Record(Type.String({ pattern: '^[A-Za-z]{1,40}$' }), Type.String({ maxLength: 400 }), {
      maxProperties: 60,
    }),
  ),
})

const draftOf = (config: SourceConfig): SourceDraft => ({
  name: config.name,
  engine: config.engine,
  variant: config.variant ?? null,
  url: config.url,
  charset: config.charset ?? null,
  boards: config.boards,
  delaySeconds: config.delaySeconds,
  dailyCeiling: config.dailyCeiling,
  basis: config.basis,
  owner: config.owner,
  retentionDays: config.retentionDays,
  visitSeconds: config.visitSeconds ?? null,
  listPages: config.listPages ?? null,
  quietHours: config.quietHours ?? null,
  orders: config.orders ?? null,
  selectors: config.selectors ?? null,
})

export function sourceEditRoutes(app: FastifyInstance, context: Context): void {
  const { db, queue, now } = context
  const hint = () => queue.add('sources.crawl', {}, { key: 'due' })
  const audit = (action: string, id: string, actorId: number, detail: object) =>
    ({ caseKind: 'source', caseId: id, at: now(), actorId, forId: null, action, detail }) as const

  /** Checked by its reader, and against the site's robots.txt where something else is asked of it. */
  async function checked(draft: Static<typeof DRAFT>, id: string | null): Promise<SourceConfig> {
    // Readers and client only when somebody edits: the API has no crawler in memory (design §6).
    const { privateHosts, requireAllowed } = await import('./try.ts')
    const sources = await sourceList(db)
    const before = sources.find(({ config }) => config.id === id)?.config ?? null
    const ours = privateHosts(context, sources)
    const config = toConfig(draft, {
      id: id ?? newId(draft, new Set(sources.map(each => each.config.id))),
      before,
      isOurs: URL.canParse(draft.url) && ours.has(new URL(draft.url).host),
    })
    const problems = draftProblems(config)
    if (problems.length)
      throw new AppError('source.invalid', { message: problems.join('\n'), details: { problems } })
    if (asksOtherwise(before, config)) await requireAllowed(context, config)
    return config
  }

  route(app, {
    method: 'POST',
    url: '/api/sources/probe',
    access: OFFICE,
    summary: '试读一个网址',
    rateLimit: 40,
    body: Type.Object({ url: Type.String({ minLength: 3, maxLength: 500 }) }),
    async handler({ body }): Promise<ProbeView> {
      const { tryAddress } = await import('./try.ts')
      return tryAddress(context, body.url)
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/sources',
    access: OFFICE,
    summary: '新增信源',
    body: Type.Object({ source: DRAFT, why: Why }),
    async handler({ body }, actor): Promise<{ id: string }> {
      const config = await checked(body.source, null)
      await db.transaction().execute(async trx => {
        const by = { personId: actor.id, why: body.why, at: now() }
        if (!(await addSource(trx, config, by))) throw new AppError('source.stale')
        await appendAudit(trx, audit('add', config.id, actor.id, { why: body.why, host: hostOf(config) }))
      })
      await hint()
      return { id: config.id }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/sources/:id',
    access: ['duty', 'admin', ...OFFICE],
    summary: '信源配置与历次修改',
    params: Id,
    async handler({ params }): Promise<SourceDetail> {
      const source = await sourceById(db, params.id)
      if (!source) throw new AppError('source.unknown')
      const versions = await sourceVersions(db, params.id)
      const names = await personNames(
        db,
        versions.flatMap(({ createdBy }) => createdBy ?? []),
      )
      return {
        id: params.id,
        version: source.version,
        enabled: source.enabled,
        source: draftOf(source.config),
        versions: versions.map((each, i) => {
          const before = versions[i + 1]
          return {
            version: each.version,
            at: each.createdAt,
            by: each.createdBy === null ? null : (names.get(each.createdBy) ?? null),
            why: each.why,
            changes: before ? changesOf(before, each) : [],
          }
        }),
      }
    },
  })

  route(app, {
    method: 'PUT',
    url: '/api/sources/:id',
    access: OFFICE,
    summary: '修改信源',
    params: Id,
    body: Type.Object({ source: DRAFT, why: Why, version: Type.Integer() }),
    async handler({ params, body }, actor) {
      const known = await sourceById(db, params.id)
      if (!known) throw new AppError('source.unknown')
      if (known.version !== body.version) throw new AppError('source.stale')
      const config = await checked(body.source, params.id)
      if (changesNothing(known.config, config)) throw new AppError('source.same')
      await db.transaction().execute(async trx => {
        await editSource(trx, config, body.version, { personId: actor.id, why: body.why, at: now() })
        await appendAudit(
          trx,
          audit('edit', params.id, actor.id, { why: body.why, version: body.version + 1 }),
        )
      })
      await hint()
      return {}
    },
  })

  route(app, {
    method: 'PATCH',
    url: '/api/sources/:id',
    access: OFFICE,
    summary: '启用或停用信源',
    params: Id,
    body: Type.Object({ enabled: Type.Boolean(), why: Why, version: Type.Integer() }),
    async handler({ params, body }, actor) {
      const { enabled, why, version } = body
      const known = await sourceById(db, params.id)
      if (known?.version === version && known.enabled === enabled) throw new AppError('source.same')
      await db.transaction().execute(async trx => {
        await setEnabled(trx, params.id, version, enabled, { personId: actor.id, why, at: now() })
        await appendAudit(trx, audit(enabled ? 'enable' : 'disable', params.id, actor.id, { why }))
      })
      await hint()
      return {}
    },
  })
}
