import robotsParser from 'robots-parser'
import { parsePage } from './parse.ts'
import { CrawlError, type Page } from './site.ts'
import { statusError, wallOf } from './walls.ts'

export interface Robots {
  allowed(url: string): boolean
  /** Crawl-delay of the file, seconds; 0 where it names none. */
  delaySeconds: number
}

const FREE: Robots = { allowed: () => true, delaySeconds: 0 }
const CLOSED: Robots = { allowed: () => false, delaySeconds: 0 }
const parse = robotsParser as unknown as (
  url: string,
  text: string,
) => {
  isAllowed(url: string, agent?: string): boolean | undefined
  getCrawlDelay(agent?: string): number | undefined
}

/**
 * Why this answer is no word on what may be read: told to stop, a challenge in its place, a fault of the server. It is
 * asked for again later; taken for the file, one bad moment would shut or open the host for half a day.
 */
export function robotsRefusal(page: Page): CrawlError | null {
  const refused = statusError(page.url, page.status)
  if (refused) return refused
  if (page.status >= 500) return new CrawlError('closed', page.url, `读不到 robots.txt（${page.status}）`)
  const wall = wallOf(parsePage(page), 'list')
  return wall && ['challenge', 'throttled'].includes(wall.kind) ? wall : null
}

export const robotsUrl = (anyUrl: string): string => new URL('/robots.txt', anyUrl).href

/**
 * What robots.txt says to us; it is fetched by our own client (Crawlee's goes past it under a browser's name). 404 =
 * nothing is forbidden; 401 / 403 / 5xx = nothing is allowed until it answers, as RFC 9309 has it for 5xx.
 */
export function readRobots(url: string, status: number, text: string, userAgent: string): Robots {
  if (status >= 500 || status === 401 || status === 403) return CLOSED
  if (status !== 200 || /^\s*</.test(text)) return FREE
  const rules = parse(url, text)
  const agent = userAgent.split('/')[0] ?? userAgent
  return {
    allowed: address => rules.isAllowed(address, agent) ?? true,
    delaySeconds: rules.getCrawlDelay(agent) ?? 0,
  }
}
