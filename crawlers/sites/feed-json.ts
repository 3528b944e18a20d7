import { toPost } from '../fields.ts'
import { CrawlError, type ParsedPage, type ReadPost } from '../site.ts'
import { type FeedItem, type FeedRead, feedPost } from './feed-item.ts'

/**
 * Where the fields of an entry stand; dots go down, `a | b` takes the first that is there. A source's `selectors` may
 * replace them for another JSON, and add `reply`, `replyAuthor`, `replyDate` for an answer inside the entry.
 */
const JSON_FEED: Record<string, string> = {
  items: 'items | data.items | data | list',
  id: 'id',
  link: 'url | link',
  title: 'title',
  author: 'authors.0.name | author.name | author | channel_name',
  date: 'date_published | updated | published | date_modified',
  html: 'content_html | content | content_text | description | summary',
  image: 'image | cover',
}

function at(value: unknown, path: string): unknown {
  for (const way of path.split('|')) {
    let here: unknown = value
    for (const step of way.trim().split('.'))
      here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[step] : undefined
    if (here !== undefined && here !== null && here !== '') return here
  }
  return null
}

const text = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null

/** `{tid}` in an address is the entry's field of that name. */
const filled = (pattern: string, item: unknown): string =>
  pattern.replace(/\{([\w.]+)\}/g, (_, path: string) => encodeURIComponent(text(at(item, path)) ?? ''))

function parse(page: ParsedPage): unknown {
  const body = page.html.replace(/^\ufeff/, '').trim()
  // JSONP: the object inside one call.
  const inner = /^[\w$.]+\s*\(([\s\S]*)\)\s*;?$/.exec(body)?.[1] ?? body
  try {
    return JSON.parse(inner)
  } catch {
    throw new CrawlError('parse', page.url, 'JSON 不完整或有误')
  }
}

/** An official answer that comes inside the entry (领导留言板). */
function answerOf(
  item: unknown,
  post: ReadPost,
  paths: Record<string, string>,
  page: ParsedPage,
): ReadPost | null {
  const html = paths.reply ? text(at(item, paths.reply)) : null
  if (!html) return null
  const entry: FeedItem = {
    id: `${post.key}#answer`,
    link: post.url,
    title: null,
    author: text(at(item, paths.replyAuthor ?? '')),
    date: text(at(item, paths.replyDate ?? '')),
    html,
  }
  const answer = feedPost(entry, page)
  return answer && toPost({ ...answer, key: `${post.key}#answer`, kind: 'reply', parent: post.key, floor: 2 })
}

export function readJson(page: ParsedPage, given: Record<string, string> = {}): FeedRead {
  const paths = { ...JSON_FEED, ...given }
  const parsed = parse(page)
  const items = Array.isArray(parsed) ? parsed : at(parsed, paths.items as string)
  if (!Array.isArray(items)) {
    const said = text(at(parsed, 'message | msg | error | detail'))
    throw new CrawlError(
      'parse',
      page.url,
      said ? `接口没有给出列表：${said.slice(0, 100)}` : 'JSON 里没有列表',
    )
  }
  const posts = items.flatMap(item => {
    const field = (name: string) => text(at(item, paths[name] as string))
    const link = given.link?.includes('{') ? filled(given.link, item) : field('link')
    const html = field('html') ?? ''
    const entry = { id: field('id'), link, title: field('title'), author: field('author'), html }
    const post = feedPost({ ...entry, date: field('date'), image: field('image') }, page)
    if (!post) return []
    const own = given.id ? { ...post, key: entry.id ?? post.key } : post
    return [own, answerOf(item, own, paths, page) ?? []].flat()
  })
  return { posts }
}
