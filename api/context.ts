import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Database, Db } from './db/open.ts'
import type { Blobs } from './evidence/blobs.ts'
import type { Queue, SearchIndex } from './ports.ts'

/** Everything with state, made in one place (openContext); the only file that knows which profile runs. */
export interface Context {
  readonly config: Config
  readonly database: Database
  readonly db: Db
  readonly queue: Queue
  readonly search: SearchIndex
  readonly blobs: Blobs
  /** Epoch ms; tests and the demo may set it. */
  readonly now: () => number
  readonly log: Logger
  close(): Promise<void>
}
