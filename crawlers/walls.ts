/** Answers that say stop, whatever site gives them (design §3). */
import { CrawlError } from './site.ts'

/** Answers that say stop, whatever the page shows (design §3). */
export function statusError(url: string, status: number): CrawlError | null {
  if (status === 403 || status === 418 || status === 432)
    return new CrawlError('challenge', url, `站点拒绝访问（${status}）`)
  if (status === 429) return new CrawlError('throttled', url, '站点提示访问过快（429）')
  return null
}
