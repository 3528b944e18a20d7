/**
 * RSS 2.0 and 1.0, Atom, JSON Feed, the JSON of we-mp-rss, and any other JSON list described by `selectors` (sites.md
 * §1.8, §5.4, §6, §7.1). A board's key is the feed's address, relative to the source's.
 */
import { listOnly, toList } from '../fields.ts'
import { CrawlError, type ParsedPage, type Site, type SourceConfig } from '../site.ts'
import { wallOf } from '../walls.ts'
import type { FeedRead } from './feed-item.ts'
import { readJson } from './feed-json.ts'
import { readXml } from './feed-xml.ts'

export const feed = (source: SourceConfig): Site =>
  listOnly(source, page => toList(feedItems(page, source.selectors)))

const NOT_FOUND = /Specified forum not found|RSS Disabled/

/** The feed's items as posts. A gateway's error page in HTML is an error, whatever its status says. */
export function feedItems(page: ParsedPage, fields?: Record<string, string>): FeedRead {
  const head = page.html
    .slice(0, 2000)
    .replace(/^\ufeff/, '')
    .trimStart()
  if (/^<(\?xml|rss|feed|rdf:RDF|!--)/i.test(head) && /<(rss|feed|rdf:RDF)[\s>]/.test(head))
    return readXml(page)
  if (/^(\{|\[|[\w$.]+\s*\()/.test(head)) return readJson(page, fields)
  if (NOT_FOUND.test(head)) throw new CrawlError('notFound', page.url, '订阅源未开放或版块不存在')
  const fault = wallOf(page, 'list')
  if (fault) throw fault
  if (/"?code"?\s*[:=]\s*"?wewe|NotFoundError|Error Message|RSSHub/i.test(page.html))
    throw new CrawlError('network', page.url, '订阅网关报错，没有给出内容')
  throw new CrawlError('parse', page.url, '不是订阅源（RSS、Atom 或 JSON）')
}
