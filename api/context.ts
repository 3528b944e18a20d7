import { mkdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Logger, pino } from 'pino'
import { readSourcesFile } from '../crawlers/sources-file.ts'
import { shippedNotices } from './calendar/shipped.ts'
import { seedCalendar } from './calendar/store.ts'
import type { Config } from './config.ts'
import { alone, type Database, type Db, migrate, openDatabase } from './db/open.ts'
import type { Blobs } from './evidence/blobs.ts'
import { folderBlobs } from './evidence/blobs-folder.ts'
import { seedOrganisation } from './people/unit-store.ts'
import type { Queue, SearchIndex } from './ports.ts'
import { seedTemplates } from './replies/store.ts'
import { seedRules } from './rules/store.ts'
import { seedSources } from './sources/store.ts'

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

/** Opens everything that the configuration names, else what is embedded: schema brought up to date, empty tables filled from config/. */
export async function openContext(
  config: Config,
  options: { now?: () => number; log?: Logger; database?: Database } = {},
): Promise<Context> {
  const now = options.now ?? Date.now
  const log =
    options.log ?? pino({ level: config.logLevel, redact: ['password', '*.password', 'headers.cookie'] })
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const database =
    options.database ?? openDatabase(config.databaseUrl, error => log.error({ err: error }, 'database'))
  await migrate(database)
  const faults = await seed(database, config, now())
  if (faults.length) log.error({ faults }, 'config/rules.yaml: rules that are wrong were left out')
  const queue = await openQueue(config, database, { now, log })
  const search = await openSearch(config)
  return {
    config,
    database,
    db: database.db,
    queue,
    search,
    blobs: folderBlobs(resolve(config.dataDir, 'blobs')),
    now,
    log,
    async close() {
      await queue.close()
      await search.close()
      await database.close()
    },
  }
}

// Drivers are loaded where they are used: a start of the embedded profile pays for none of the others.

async function openQueue(
  { redisUrl }: Config,
  { db }: Database,
  tools: { now: () => number; log: Logger },
): Promise<Queue> {
  if (redisUrl) return (await import('./adapters/queue-bullmq.ts')).bullmqQueue(redisUrl, tools)
  return (await import('./adapters/queue-local.ts')).localQueue(db, tools)
}

async function openSearch({ elasticsearchUrl, dataDir }: Config): Promise<SearchIndex> {
  if (elasticsearchUrl)
    return (await import('./adapters/search-elasticsearch.ts')).elasticsearchSearch(elasticsearchUrl)
  return (await import('./adapters/search-sqlite.ts')).sqliteSearch(resolve(dataDir, 'search.sqlite'))
}

/** Answers what is wrong with config/rules.yaml, where its rules were taken just now. */
async function seed(database: Database, config: Config, at: number): Promise<string[]> {
  const file = (name: string) => readFileSync(resolve(config.configDir, name), 'utf8')
  return alone(database, async trx => {
    await seedOrganisation(trx, file('organisation.yaml'), at)
    await seedCalendar(trx, shippedNotices(config.configDir), at)
    const faults = await seedRules(trx, file('rules.yaml'), at)
    await seedTemplates(trx, file('reply-templates.yaml'))
    await seedSources(trx, readSourcesFile(file('sources.yaml')), at)
    return faults
  })
}
