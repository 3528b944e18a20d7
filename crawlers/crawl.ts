/** One visit to a set of sources (design §3): Crawlee's HttpCrawler over our queue and client, nothing kept in files. */
import { Configuration, log as crawleeLog, HttpCrawler, type Log } from '@crawlee/http'
import type { IsoInstant } from '../pipeline/post.ts'
import { PoliteClient, RECEIVED_TYPE } from './client.ts'
import { HostQueue } from './queue.ts'
import { whyNot } from './registry.ts'
import { fetchRobots, type Robots } from './robots.ts'
import {
  CrawlError,
  type CrawlMemory,
  type Delivery,
  type Pace,
  type Page,
  type SourceConfig,
  type SourceOutcome,
} from './site.ts'
import { SourceVisit, type Task } from './visit.ts'
import { statusError } from './walls.ts'

export interface CrawlOptions {
  memory: CrawlMemory
  pace: Pace
  /** Stores one page for good; awaited before the next page of that source is read. */
  deliver(delivery: Delivery): Promise<void>
  now: () => number
  userAgent: string
  signal?: AbortSignal | undefined
  /** Threads (or feed items) read of each source at most. */
  threadLimit?: number | undefined
}

/** Reads every source once. Never throws for a site's fault: that is told in its outcome. */
export async function crawl(
  sources: readonly SourceConfig[],
  options: CrawlOptions,
): Promise<SourceOutcome[]> {
  const visits = sources.map(source => new SourceVisit(source, options))
  const readable = visits.filter(visit => visit.readable)
  for (const visit of visits) {
    const reason = whyNot(visit.source)
    if (reason) visit.fail(new CrawlError('notFound', visit.source.url, reason))
  }
  const allowPrivate = new Set(
    sources.filter(source => source.allowPrivate).map(source => new URL(source.url).host),
  )
  const client = new PoliteClient({ userAgent: options.userAgent, allowPrivate, signal: options.signal })
  try {
    await visitAll(readable, client, options)
  } finally {
    await client.close()
  }
  return visits.map(visit => visit.outcome())
}

const instant = (ms: number): IsoInstant => new Date(ms).toISOString()

/**
 * When the page was made: its own Date where that is within the last minute (a cache may sit in between), else our
 * clock. A site's clock that runs ahead must not make posts of the future.
 */
function receivedAt(header: string | undefined, now: number): IsoInstant {
  const said = header ? Date.parse(header) : Number.NaN
  return instant(said <= now && said > now - 60_000 ? said : now)
}

async function visitAll(visits: SourceVisit[], client: PoliteClient, options: CrawlOptions): Promise<void> {
  const delays = new Map<string, number>()
  for (const { source } of visits) {
    const host = new URL(source.url).host
    delays.set(host, Math.max(delays.get(host) ?? 0, source.delaySeconds))
  }
  // Up to a fifth more, so that requests do not come in step.
  const queue = new HostQueue(host => (delays.get(host) ?? 10) * 1000 * (1 + Math.random() / 5))
  const robots = new Map<string, Promise<Robots>>()

  const robotsOf = (url: string): Promise<Robots> => {
    const { host } = new URL(url)
    let found = robots.get(host)
    if (!found) {
      found = options.pace.count(host).then(() => fetchRobots(client, url, options.userAgent))
      robots.set(host, found)
    }
    return found
  }

  /** @throws CrawlError where the host is on hold or the path is forbidden. */
  async function requireLeave(task: Task, url: string): Promise<void> {
    const { host } = new URL(url)
    const held = await options.pace.hold(host, task.visit.source.dailyCeiling)
    if (held) throw new CrawlError('throttled', url, `${held.reason}，${instant(held.until)} 后再试`)
    const rules = await robotsOf(url)
    if (!rules.allowed(url)) throw new CrawlError('robots', url, 'robots.txt 不允许访问此路径')
    delays.set(host, Math.max(delays.get(host) ?? 0, rules.delaySeconds))
    await options.pace.count(host)
  }

  async function stopHost(task: Task, error: CrawlError, url: string): Promise<void> {
    const { host } = new URL(url)
    if (error.kind === 'challenge' || error.kind === 'throttled') await options.pace.trip(host, error.message)
    queue.drop(host)
    for (const visit of visits) if (new URL(visit.source.url).host === host) visit.fail(error)
    task.visit.fail(error)
  }

  const crawler = new HttpCrawler(
    {
      requestQueue: queue as never,
      httpClient: client as never,
      useSessionPool: false,
      maxRequestRetries: 2,
      minConcurrency: 8,
      maxConcurrency: 8,
      additionalMimeTypes: ['*/*'],
      navigationTimeoutSecs: 40,
      requestHandlerTimeoutSecs: 120,
      log: silent(),
      statisticsOptions: { logIntervalSecs: 86_400, persistenceOptions: { enable: false } },
      ignoreHttpErrorStatusCodes: Array.from({ length: 100 }, (_, i) => 500 + i),
      preNavigationHooks: [
        async ({ request }) => {
          const task = taskOf(request.userData)
          try {
            await requireLeave(task, request.url)
          } catch (error) {
            request.noRetry = true
            throw error
          }
          request.headers = { ...request.headers, ...(await task.visit.requestHeaders(task)) }
        },
      ],
      async requestHandler({ request, response, body }) {
        const task = taskOf(request.userData)
        const { [RECEIVED_TYPE]: type = '', ...rest } = response.headers as Record<string, string>
        const page: Page = {
          url: request.url,
          status: response.statusCode ?? 0,
          headers: { ...rest, 'content-type': type },
          body: body as unknown as Uint8Array,
          receivedAt: receivedAt(rest.date, options.now()),
        }
        const refused = statusError(page.url, page.status)
        if (refused) return stopHost(task, refused, page.url)
        try {
          const next = await task.visit.read(task, page)
          for (const each of next) queue.add(toRequest(each), each.kind === 'thread' && each.page > 1)
          await options.pace.recover(new URL(page.url).host)
        } catch (error) {
          if (!(error instanceof CrawlError)) throw error
          if (['challenge', 'throttled', 'closed'].includes(error.kind))
            return stopHost(task, error, page.url)
          task.visit.fail(error)
        }
      },
      async failedRequestHandler({ request }, error) {
        if (options.signal?.aborted) return
        const task = taskOf(request.userData)
        const cause =
          findCrawlError(error) ?? new CrawlError('network', request.url, `网络不通：${error.message}`)
        if (cause.kind === 'throttled') return stopHostQuietly(task, cause, request.url)
        task.visit.fail(cause)
      },
    },
    new Configuration({ persistStorage: false, systemInfoIntervalMillis: 60_000 }),
  )

  /** On hold already: nothing new to trip. */
  async function stopHostQuietly(task: Task, error: CrawlError, url: string): Promise<void> {
    queue.drop(new URL(url).host)
    task.visit.fail(error)
  }

  queue.wake = () => void crawler.autoscaledPool?.notify()
  for (const visit of visits) for (const task of visit.start()) queue.add(toRequest(task))
  const stop = () => void crawler.autoscaledPool?.abort()
  options.signal?.addEventListener('abort', stop)
  try {
    if (!options.signal?.aborted) await crawler.run()
  } finally {
    options.signal?.removeEventListener('abort', stop)
    await queue.drain()
  }
}

let taskNumber = 0
/** Every request is its own, even to an address that was asked before (paging, redirects). */
const toRequest = (task: Task) => ({ url: task.url, uniqueKey: String(++taskNumber), userData: { task } })
const taskOf = (userData: unknown): Task => (userData as { task: Task }).task

function findCrawlError(error: unknown): CrawlError | null {
  if (error instanceof CrawlError) return error
  return error instanceof Error && error.cause ? findCrawlError(error.cause) : null
}

const silent = (): Log => crawleeLog.child({ level: 0 })
