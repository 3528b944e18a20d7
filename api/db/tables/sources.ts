import type { Generated } from 'kysely'

/** `config` holds the whole SourceConfig as JSON; the columns beside it are what lists and rules ask for. */
export interface SourceTable {
  id: string
  name: string
  engine: string
  config: string
  enabled: number
  /** Why it is off. */
  reason: string | null
  /** When the next visit is due; null = never. */
  next_visit_at: number | null
  last_success_at: number | null
  last_new_post_at: number | null
  consecutive_failures: Generated<number>
  created_at: number
  version: Generated<number>
}

/** A thread's bookmark (ThreadMemory); written in the transaction that stores its posts. */
export interface ThreadTable {
  source_id: string
  key: string
  replies: number | null
  last_reply_at: number | null
  last_page: number
  read_at: number
  state: 'visible' | 'gone' | 'restricted'
  /** Next time to look again without being asked by the list (open slip, deletion watch); null = none. */
  revisit_at: number | null
}

/** A board's bookmark: everything on its list that moved before `read_to` was read; killed runs do not move it. */
export interface BoardTable {
  source_id: string
  key: string
  read_to: number
}

/** Pace and breaker per host, so that a restart does not forget that we were told to wait. */
export interface HostTable {
  host: string
  day: string
  requests: number
  /** 0 closed, 1..3 = 30 min, 2 h, 12 h. */
  breaker_level: number
  breaker_until: number | null
  breaker_reason: string | null
}

export interface PageValidatorTable {
  url: string
  etag: string | null
  last_modified: string | null
  fetched_at: number
}

/** One crawl of one source (SourceOutcome). */
export interface VisitTable {
  id: Generated<number>
  source_id: string
  started_at: number
  finished_at: number
  pages: number
  threads_listed: number
  threads_read: number
  posts_seen: number
  posts_new: number
  error_kind: string | null
  error_url: string | null
  error_message: string | null
}

export interface SourceTables {
  source: SourceTable
  thread: ThreadTable
  board: BoardTable
  host: HostTable
  page_validator: PageValidatorTable
  visit: VisitTable
}
