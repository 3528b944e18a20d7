import { buffer } from 'node:stream/consumers'
import robotsParser from 'robots-parser'
import type { PoliteClient } from './client.ts'

export interface Robots {
  allowed(url: string): boolean
  /** Crawl-delay of the file, seconds; 0 where it names none. */
  delaySeconds: number
}

const FREE: Robots = { allowed: () => true, delaySeconds: 0 }
const parse = robotsParser as unknown as (
  url: string,
  text: string,
) => {
  isAllowed(url: string, agent?: string): boolean | undefined
  getCrawlDelay(agent?: string): number | undefined
}

/**
 * robots.txt through our own client (Crawlee's goes past it under a browser's name). 404 = nothing is forbidden;
 * 401 / 403 / 5xx or no answer = nothing is allowed until it answers, as RFC 9309 has it for 5xx.
 */
export async function fetchRobots(client: PoliteClient, anyUrl: string, userAgent: string): Promise<Robots> {
  const url = new URL('/robots.txt', anyUrl).href
  const { status, stream } = await client.open(url)
  const text = (await buffer(stream)).toString('utf8')
  if (status >= 500 || status === 401 || status === 403) return { allowed: () => false, delaySeconds: 0 }
  if (status !== 200 || /^\s*</.test(text)) return FREE
  const rules = parse(url, text)
  const agent = userAgent.split('/')[0] ?? userAgent
  return {
    allowed: address => rules.isAllowed(address, agent) ?? true,
    delaySeconds: rules.getCrawlDelay(agent) ?? 0,
  }
}
