import type { Round } from './round.ts'
import type {
  CrawlError,
  CrawlMemory,
  Delivery,
  Miss,
  Site,
  SourceConfig,
  ThreadDelivery,
  ThreadRef,
} from './site.ts'

/** One page to fetch for one round. */
export interface Task {
  round: Round
  kind: 'list' | 'thread'
  url: string
  /** First page of the list that led here. */
  list: string
  board: { key: string; name: string } | null
  /** 1 = first page. */
  page: number
  /** Redirects followed, or asked again, so far. */
  hops: number
  thread: ThreadTask | null
}

export interface ThreadTask {
  key: string
  ref: ThreadRef | null
  /** Where this reading of the thread began, once it has. */
  from: ThreadDelivery['from'] | null
}

export interface RoundNeeds {
  memory: CrawlMemory
  /** Stores one page for good; awaited before the next page of that host is read. Returns how many posts were new. */
  deliver(delivery: Delivery): Promise<number>
  /** Told of every page that gave nothing although it should have. */
  missed?(miss: Miss): Promise<void>
  now: () => number
  threadLimit?: number | undefined
}

/** A source that is being read: what its rounds share. */
export interface Reading {
  source: SourceConfig
  site: Site
  /** Threads that some round has opened and not yet read. */
  underWay: Set<string>
  /** Threads and whole posts taken so far; counts only where there is a limit. */
  taken: number
  /** Why rounds of it were not begun. */
  stopped: CrawlError | null
}
