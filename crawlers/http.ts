/** Crawlee's HttpCrawler as we use it: our queue, our client, every answer handed over, nothing kept in files. */
import { totalmem } from 'node:os'
import {
  Configuration,
  log as crawleeLog,
  EventManager,
  HttpCrawler,
  type InternalHttpCrawlingContext,
  type Log,
  type Request,
} from '@crawlee/http'
import type { IsoInstant } from '../pipeline/post.ts'
import { type PoliteClient, RECEIVED_TYPE } from './client.ts'
import type { HostQueue } from './queue.ts'
import { CrawlError, type Page } from './site.ts'

/** Different hosts that are read side by side. */
const MOST_HOSTS = 64

interface Handlers {
  queue: HostQueue
  client: PoliteClient
  now: () => number
  headers(request: Request): Promise<Record<string, string>>
  /** A throw asks for the page again, twice at most. */
  read(request: Request, page: Page): Promise<void>
  /** No answer, or none that could be read. */
  failed(request: Request, error: CrawlError): Promise<void>
}

class PlainCrawler extends HttpCrawler<InternalHttpCrawlingContext> {
  /** A refused connection is the host's, not a proxy's: Crawlee would hide what happened in an error of its own. */
  protected override isProxyError(): boolean {
    return false
  }

  /** None are kept and none are sent: Crawlee would fill a jar for every page to find that. */
  protected override _applyCookies(): void {}
}

/**
 * How many pages are read at once is ours to say: nobody measures the machine. Crawlee's own manager runs `ps`, which a
 * bare Debian lacks.
 */
class NoMeasuring extends EventManager {}

export function httpCrawler({ queue, client, now, headers, read, failed }: Handlers): PlainCrawler {
  const crawler = new PlainCrawler(
    {
      requestQueue: queue as never,
      httpClient: client as never,
      useSessionPool: false,
      maxRequestRetries: 2,
      minConcurrency: MOST_HOSTS,
      maxConcurrency: MOST_HOSTS,
      additionalMimeTypes: ['*/*'],
      navigationTimeoutSecs: 40,
      requestHandlerTimeoutSecs: 120,
      log: silent(),
      statisticsOptions: { logIntervalSecs: 86_400, persistenceOptions: { enable: false } },
      ignoreHttpErrorStatusCodes: Array.from({ length: 100 }, (_, i) => 500 + i),
      preNavigationHooks: [
        async ({ request }) => {
          request.headers = { ...request.headers, ...(await headers(request as Request)) }
        },
      ],
      async requestHandler({ request, response, body }) {
        const { [RECEIVED_TYPE]: type = '', ...rest } = response.headers as Record<string, string>
        await read(request as Request, {
          url: request.url,
          status: response.statusCode ?? 0,
          headers: { ...rest, 'content-type': type },
          body: body as unknown as Uint8Array,
          receivedAt: receivedAt(rest.date, now()),
        })
      },
      errorHandler: ({ request }, error) => {
        // Too large or private: the same again.
        const kind = findCrawlError(error)?.kind
        if (kind && kind !== 'network') request.noRetry = true
      },
      failedRequestHandler: ({ request }, error) =>
        failed(
          request as Request,
          findCrawlError(error) ?? new CrawlError('network', request.url, `读取未完成：${error.message}`),
        ),
    },
    new Configuration({
      persistStorage: false,
      eventManager: new NoMeasuring(),
      memoryMbytes: Math.floor(totalmem() / 2 ** 20),
    }),
  )
  queue.wake = () => void crawler.autoscaledPool?.notify()
  return crawler
}

/**
 * When the page was made: its own Date where that is within the last minute (a cache may sit in between), else our
 * clock. A site's clock that runs ahead must not make posts of the future.
 */
function receivedAt(header: string | undefined, now: number): IsoInstant {
  const said = header ? Date.parse(header) : Number.NaN
  return new Date(said <= now && said > now - 60_000 ? said : now).toISOString()
}

function findCrawlError(error: unknown): CrawlError | null {
  if (error instanceof CrawlError) return error
  return error instanceof Error && error.cause ? findCrawlError(error.cause) : null
}

const silent = (): Log => crawleeLog.child({ level: 0 })
