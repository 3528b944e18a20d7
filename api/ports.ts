/** The two ports that have an embedded and a cluster driver (design §6). One contract suite per port. */

/** What a job is handed; JSON, small: ids, not contents. */
export type JobPayload = Record<string, string | number | boolean | null>

export interface Queue {
  /** `key`: a job of the same name and key that still waits is not added again. `delayMs` from now. */
  add(name: string, payload: JobPayload, options?: { key?: string; delayMs?: number }): Promise<void>
  /** Runs `handler` for each job of that name, `concurrency` at a time, until close(). A throw is retried later. */
  work(name: string, concurrency: number, handler: (payload: JobPayload) => Promise<void>): void
  /** Counts for the operator's page. */
  counts(): Promise<{ name: string; waiting: number; running: number; failed: number }[]>
  /** Stops taking jobs and waits for those under way. */
  close(): Promise<void>
}

export interface SearchDocument {
  id: number
  /** Everything that can be searched, joined; the driver makes bigrams of it. */
  text: string
  source: string
  board: string | null
  topics: string[]
  /** Districts and towns of Changzhou that were found. */
  places: string[]
  /** Epoch ms, to the second: published, else first seen. */
  at: number
  flagged: boolean
}

export interface SearchQuery {
  /** Words apart by spaces, all must occur, each as an exact substring; empty = all. */
  text?: string
  source?: string
  board?: string
  topic?: string
  place?: string
  from?: number
  to?: number
  flagged?: boolean
  limit: number
  /** Opaque, from the answer before. Newest first; of one second, the one that was put last. */
  cursor?: string
}

export interface SearchAnswer {
  ids: number[]
  /** Of all pages, exact. */
  total: number
  /** Cursor of the next page; null = this was the last. */
  next: string | null
}

export interface SearchIndex {
  put(documents: SearchDocument[]): Promise<void>
  remove(ids: number[]): Promise<void>
  search(query: SearchQuery): Promise<SearchAnswer>
  clear(): Promise<void>
  close(): Promise<void>
}
