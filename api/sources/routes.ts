import type { CrawlErrorKind } from '../../crawlers/site.ts'

/** GET /api/sources -> SourceView[] */
export interface SourceView {
  id: string
  name: string
  engine: string
  url: string
  boards: { key: string; name: string }[]
  enabled: boolean
  /** Why it is off. */
  reason: string | null
  basis: string
  owner: string
  delaySeconds: number
  dailyCeiling: number
  requestsToday: number
  nextVisitAt: number | null
  lastSuccessAt: number | null
  lastNewPostAt: number | null
  consecutiveFailures: number
  breaker: { level: number; until: number; reason: string } | null
  posts: number
  health: 'ok' | 'waiting' | 'limited' | 'failing' | 'off'
  /** One sentence for the duty officer. */
  healthText: string
  visits: {
    startedAt: number
    pages: number
    postsNew: number
    errorKind: CrawlErrorKind | null
    errorMessage: string | null
  }[]
}

/** POST /api/sources/:id/visit -> {} asks for a visit now (pace and breaker stay in force). */
/** PATCH /api/sources/:id {enabled, reason?} -> SourceView (office) */
