import robotsParser from 'robots-parser'

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
