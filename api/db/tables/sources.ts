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
  created_at: number
  version: Generated<number>
}

/** What a source was from then on; never changed. The newest is what stands in `source`. */
export interface SourceVersionTable {
  source_id: string
  version: number
  config: string
  enabled: number
  /** Why it is off. */
  reason: string | null
  why: string
  /** null = from the configuration file. */
  created_by: number | null
  created_at: number
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
  /** Next time to look again without being asked by the list (open slip, deletion watch); null = not watched. */
  revisit_at: number | null
  /** Last time that its texts, floors or state changed; the watch falls off from here. */
  changed_at: number | null
  /** Somebody waits for it to be read. */
  asked_at: number | null
  /** Tries in a row that brought nothing. */
  failures: Generated<number>
}

/** When a board was read and what came of it; when it is due is derived (schedule.ts). */
export interface BoardPlanTable {
  source_id: string
  key: string
  /** Posts published before are 补采. */
  watched_since: number
  /** A round began. */
  tried_at: number | null
  /** Its list was read. */
  read_at: number | null
  /** A round read everything that there was. */
  whole_at: number | null
  /** What moved before was read: how far down its lists a round walks. Null = never read to the end. */
  read_to: number | null
  /** Somebody wants it read at once. */
  asked_at: number | null
  /** A round found threads to open. */
  found_at: number | null
  /** A round brought a new post. */
  news_at: number | null
  /** Rounds in a row whose list could not be read, and why. */
  failures: number
  error_kind: string | null
  error_url: string | null
  error_message: string | null
  /** Rounds in a row whose list showed nothing. */
  empty_reads: number
  /** Rounds in a row in which not one opened thread could be read. */
  missed_reads: number
}

/** New posts of a board by the hour in which they appeared; the rhythm is learnt from these. */
export interface BoardHourTable {
  source_id: string
  /** '' where the board is not known. */
  board_key: string
  /** Epoch ms of the hour's beginning. */
  hour: number
  posts: number
  /** Of these, without a readable date. */
  undated: number
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
  /** Nobody else may ask the host before. */
  turn_until: number | null
  /** Crawl-delay of its robots.txt, seconds. */
  crawl_delay: Generated<number>
}

export interface PageValidatorTable {
  url: string
  etag: string | null
  last_modified: string | null
  fetched_at: number
}

/** One round that brought something or failed (RoundOutcome); quiet ones only move the board's plan. */
export interface VisitTable {
  id: Generated<number>
  source_id: string
  /** null = a watched thread. */
  board_key: string | null
  started_at: number
  finished_at: number
  pages: number
  threads_listed: number
  threads_read: number
  threads_missed: Generated<number>
  posts_seen: number
  posts_new: number
  error_kind: string | null
  error_url: string | null
  error_message: string | null
}

/** 补采 of a board: list page by list page down to what last moved before `since`. */
export interface BackfillTable {
  source_id: string
  board_key: string
  since: number
  /** stopped: by a person; failed: its page could not be had. */
  state: 'running' | 'done' | 'stopped' | 'failed'
  /** Where it goes on; null = the first page. */
  next_url: string | null
  page: number
  /** How far back its pages went. */
  oldest_at: number | null
  pages: number
  threads: number
  posts_new: number
  /** Tries in a row that brought nothing. */
  failures: number
  error_message: string | null
  tried_at: number | null
  asked_by: number
  asked_at: number
  finished_at: number | null
}

export interface SourceTables {
  source: SourceTable
  source_version: SourceVersionTable
  thread: ThreadTable
  board_plan: BoardPlanTable
  backfill: BackfillTable
  board_hour: BoardHourTable
  host: HostTable
  page_validator: PageValidatorTable
  visit: VisitTable
}
