/** A few pages fetched one after the other for a person who waits: as polite as the crawl, without its machinery. */
import { asCrawlError, isCutOff, type PoliteClient } from './client.ts'
import { type Robots, readRobots, robotsUrl } from './robots.ts'
import { CrawlError, type Pace, type Page } from './site.ts'
import { retryAfter, statusError } from './walls.ts'

const MAX_HOPS = 5
/** The host's turn while an answer is on its way; afterwards it is left alone for its own delay. */
const HELD_MS = 45_000

export interface ErrandOptions {
  client: Pick<PoliteClient, 'open'>
  pace: Pace
  userAgent: string
  now: () => number
  wait(ms: number): Promise<void>
  /** Of a host: what its source says, else the default. */
  limitsOf(host: string): { delaySeconds: number; dailyCeiling: number }
  /** How long a person waits for a host that is being read, ms. */
  patienceMs: number
}

export class Errand {
  readonly #options: ErrandOptions
  readonly #robots = new Map<string, Robots>()

  constructor(options: ErrandOptions) {
    this.#options = options
  }

  /** @throws CrawlError where the host does not answer. */
  async robots(address: string): Promise<Robots> {
    const { origin } = new URL(address)
    const known = this.#robots.get(origin)
    if (known) return known
    const page = await this.#fetch(robotsUrl(address))
    const text = Buffer.from(page.body).toString('utf8')
    const rules = readRobots(page.url, page.status, text, this.#options.userAgent)
    this.#robots.set(origin, rules)
    return rules
  }

  /** The page at an address, redirects followed and each asked for like an address of its own. @throws CrawlError. */
  async page(address: string): Promise<Page> {
    let url = address
    for (let hops = 0; hops <= MAX_HOPS; hops++) {
      if (!(await this.robots(url)).allowed(url))
        throw new CrawlError('robots', url, 'robots.txt 不允许访问此路径')
      const page = await this.#fetch(url)
      await this.#heed(page)
      const location = page.headers.location
      if (page.status < 300 || page.status >= 400 || !location) return page
      const target = URL.canParse(location, url) ? new URL(location, url) : null
      if (!target || !/^https?:$/.test(target.protocol))
        throw new CrawlError('parse', url, `跳转到不能访问的地址 ${location.slice(0, 100)}`)
      url = target.href
    }
    throw new CrawlError('parse', url, '页面循环跳转')
  }

  /** A host that says stop is left alone by the crawl too. */
  async #heed(page: Page): Promise<void> {
    const refused = statusError(page.url, page.status)
    if (!refused) return
    const { pace, now } = this.#options
    await pace.trip(new URL(page.url).host, refused.message, retryAfter(page, now()))
    throw refused
  }

  /** Once more where the connection broke, in its turn like any other request. */
  async #fetch(url: string): Promise<Page> {
    try {
      return await this.#ask(url)
    } catch (error) {
      if (!isCutOff(error)) throw error
      return this.#ask(url)
    }
  }

  async #ask(url: string): Promise<Page> {
    const { client, pace, now } = this.#options
    const { host } = new URL(url)
    const delayMs = await this.#turn(url, host)
    try {
      const { status, headers, stream } = await client.open(url)
      const chunks: Uint8Array[] = []
      for await (const chunk of stream) chunks.push(chunk as Uint8Array)
      return { url, status, headers, body: Buffer.concat(chunks), receivedAt: new Date(now()).toISOString() }
    } catch (error) {
      throw asCrawlError(error, url)
    } finally {
      await pace.keep(host, delayMs)
    }
  }

  /** Waits until the host is free. Returns for how long it is left alone after the answer. */
  async #turn(url: string, host: string): Promise<number> {
    const { pace, now, wait, limitsOf, patienceMs } = this.#options
    const { delaySeconds, dailyCeiling } = limitsOf(host)
    const asked = this.#robots.get(new URL(url).origin)?.delaySeconds ?? 0
    const end = now() + patienceMs
    for (;;) {
      const refusal = await pace.take(host, { dailyCeiling, delayMs: HELD_MS })
      if (!refusal) return Math.max(delaySeconds, asked) * 1000
      if (!refusal.passing) throw new CrawlError('throttled', url, `${refusal.reason}，暂停访问该站`)
      if (refusal.until > end) throw new CrawlError('throttled', url, '系统正在读取该站，请稍后再试')
      await wait(Math.max(50, refusal.until - now()))
    }
  }
}
