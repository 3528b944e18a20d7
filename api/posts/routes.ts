import type {
  Concern,
  EventClass,
  PlaceMention,
  Precision,
  Reason,
  SeverityHint,
} from '../../pipeline/post.ts'
import type { DismissReason } from '../vocabulary.ts'

// --- What the dashboard gets. Times are epoch milliseconds; null = not known. ---

/** A row of a list. */
export interface PostItem {
  id: number
  source: { id: string; name: string }
  key: string
  board: string | null
  kind: string
  title: string | null
  /** Author's name, masked in lists (S-38). */
  author: string | null
  /** First 200 characters. */
  excerpt: string
  url: string
  publishedAt: number | null
  publishedPrecision: Precision
  seenAt: number
  views: number | null
  replies: number | null
  state: 'visible' | 'gone' | 'restricted'
  analysed: boolean
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
  /** Exact copies of the same text elsewhere. */
  copies: number
}

export interface PostDetail extends PostItem {
  text: string
  quote: string | null
  images: { url: string }[]
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
  } | null
  copiesOf: PostItem[]
  evidence: { id: number; kind: string; url: string | null; capturedAt: number; fileName: string | null }[]
  slips: { id: number; number: string | null; status: string }[]
}

/** GET /api/posts?text&source&board&topic&place&from&to&flagged&cursor&limit */
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
export interface DismissBody {
  reason: DismissReason
  note?: string
  version: number
}
