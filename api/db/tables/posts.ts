import type { Generated } from 'kysely'

/** One row per (source, key); text columns hold the newest revision. */
export interface PostTable {
  id: Generated<number>
  source_id: string
  key: string
  kind: string
  parent_key: string | null
  floor: number | null
  board: string | null
  title: string | null
  author_id: string | null
  author_name: string | null
  text: string
  quote: string | null
  /** JSON [{url}]. */
  images: string
  /** JSON [{name, url}]; null where the page listed none. */
  attachments: string | null
  /** Poll as JSON; null = none. */
  poll: string | null
  url: string
  published_at: number | null
  published_precision: string | null
  published_raw: string | null
  first_seen_at: number
  /** Last time that it was there, visible or restricted; stays where it was when the post is gone. */
  last_seen_at: number
  /** First time it was found gone or restricted; null while visible. */
  gone_at: number | null
  state: 'visible' | 'gone' | 'restricted'
  views: number | null
  replies: number | null
  reposts: number | null
  likes: number | null
  place: string | null
  /** SHA-256 of title, text and quote: a new one makes a revision. */
  text_hash: string
  revision: number
  /** Set while this revision waits for analysis: unanalysed posts ARE the ingest queue (design §3). */
  to_analyse: number
  /** 补采: it was published before its board was watched. */
  backfilled: Generated<number>
  /** A text from elsewhere, taken in by hand: analysed without the local gate. */
  anywhere: Generated<number>
}

export interface PostRevisionTable {
  post_id: number
  revision: number
  seen_at: number
  title: string | null
  text: string
  quote: string | null
  text_hash: string
}

/** Counter history: a row where a number moved. */
export interface PostCountTable {
  post_id: number
  seen_at: number
  views: number | null
  replies: number | null
  reposts: number | null
  likes: number | null
}

/** The newest Analysis of a post (pipeline/post.ts); JSON columns hold its arrays. */
export interface AnalysisTable {
  post_id: number
  revision: number
  version: string
  analysed_at: number
  flagged: number
  score: number
  gate_topic: number
  gate_actionable: number
  gate_local: number
  reasons: string
  concern: string | null
  topics: string
  event_class: string | null
  severity_hint: number | null
  /** JSON SeverityGround[]. */
  severity_grounds: Generated<string>
  sentiment: string | null
  places: string
  local: number
  suggested_unit: string | null
  fingerprint: string
  /** The oldest post that this one is a copy of; exact = same fingerprint, near = pipeline/duplicates.ts, echo = isEcho of posts/rules.ts. */
  copy_of: number | null
  copy_kind: 'exact' | 'near' | 'echo' | null
  /** What this post counts as in `hourly` and `daily`: main topic, sentiment and district, '' = none. */
  topic: string
  mood: string
  district: string
  /** Epoch ms of the hour of publication, of first sight where the page shows none; null = not counted yet. */
  hour: number | null
}

/** Index of texts by their smallest four-gram hashes; originals that concern us only. */
export interface SketchTable {
  hash: number
  post_id: number
}

/**
 * A flag put before staff; one per post, made when a post is first flagged and never taken away.
 * `shown_at` is 发现时间's default (design §5.1). state: open -> dismissed | slip; an undo goes back to open.
 */
export interface FlagTable {
  post_id: number
  flagged_at: number
  /** Increasing, so that 'new since I last looked' is one comparison. */
  seq: number
  unit_id: number | null
  state: 'open' | 'dismissed' | 'slip'
  decided_by: number | null
  decided_at: number | null
  reason: string | null
  note: string | null
  slip_id: number | null
  version: Generated<number>
}

/** Who has looked how far. */
export interface FlagSeenTable {
  person_id: number
  seq: number
  at: number
}

/** Search is fed from here, in the same transaction as the change (design §6). */
export interface OutboxTable {
  id: Generated<number>
  post_id: number
  at: number
}

/** Analysed posts per hour of publication and, of them, flagged ones; topic '' = none. For baselines. */
export interface HourlyTable {
  hour: number
  source_id: string
  topic: string
  flagged: number
  posts: number
}

/**
 * Flagged posts per Shanghai day of publication, one dimension at a time ('source', 'topic', 'mood', 'district'); value
 * '' = nothing to say. For trends. Both are kept by rollup-store.ts alone.
 */
export interface DailyTable {
  dimension: string
  value: string
  day: string
  /** own, watch or ''. */
  concern: string
  posts: number
}

export interface PostTables {
  post: PostTable
  post_revision: PostRevisionTable
  post_count: PostCountTable
  analysis: AnalysisTable
  flag: FlagTable
  flag_seen: FlagSeenTable
  outbox: OutboxTable
  hourly: HourlyTable
  daily: DailyTable
  sketch: SketchTable
}
