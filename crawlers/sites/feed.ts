import type { Element } from 'domhandler'
import { parseDocument } from 'htmlparser2'
import { all, line, one, plainText, query } from '../parse.ts'
import {
  CrawlError,
  type ListRead,
  type ParsedPage,
  type ReadPost,
  type Site,
  type SourceConfig,
} from '../site.ts'
import { readDate } from '../time.ts'

const CHANNEL = query('channel')
const ITEM = query('item')
const field = (name: string) => query(name)
const TITLE = field('title')
const LINK = field('link')
const GUID = field('guid')
const AUTHOR = field('author, dc\\:creator')
const DATE = field('pubDate, dc\\:date')
const BODY = field('content\\:encoded, description')
const ANY = query('script')

/** RSS 2.0 (sites.md §1.8). A board's key is the feed's address, relative to the source's. */
export function feed(source: SourceConfig): Site {
  return {
    source,
    listUrls: key => [new URL(key, source.url).href],
    list: readFeed,
    threadUrl: () => null,
    thread: page => {
      throw new CrawlError('parse', page.url, '订阅源没有单独的帖子页')
    },
  }
}

function readFeed(page: ParsedPage): ListRead {
  const xml = page.html
  const document = parseDocument(xml, { xmlMode: true })
  const channel = one(document, CHANNEL)
  if (/Specified forum not found|RSS Disabled/.test(xml.slice(0, 500)))
    throw new CrawlError('notFound', page.url, '订阅源未开放或版块不存在')
  if (!channel) throw new CrawlError('parse', page.url, '不是 RSS 2.0 订阅源')
  const items = all(channel, ITEM)
  return {
    threads: [],
    posts: items.flatMap(item => readItem(item, page) ?? []),
    nextUrl: null,
    // Discuz answers an empty channel while it rebuilds its cache: "ask again", never "nothing new".
    askAgain: !items.length && /[?&]mod=rss\b/.test(page.url),
  }
}

/** Descriptions are HTML inside text: read as HTML, shown as text. */
function bodyText(html: string): string {
  const inner = parseDocument(`<div>${html}</div>`)
  const root = inner.children.find((node): node is Element => node.type === 'tag')
  return root ? plainText(root, ANY) : ''
}

function readItem(item: Element, page: ParsedPage): ReadPost | null {
  const link = line(one(item, LINK))
  const guid = line(one(item, GUID))
  const url = URL.canParse(link, page.url) ? new URL(link, page.url).href : null
  const key = /[?&]tid=(\d+)/.exec(link)?.[1] ?? /thread-(\d+)-/.exec(link)?.[1] ?? (guid || url)
  if (!key) return null
  const raw = line(one(item, DATE)) || null
  const published = readDate(raw, page.receivedAt)
  return {
    key,
    url: url ?? page.url,
    kind: 'article',
    parent: null,
    floor: null,
    title: line(one(item, TITLE)) || null,
    author: { id: null, name: line(one(item, AUTHOR)) || null },
    text: bodyText(line(one(item, BODY))),
    quote: null,
    images: [],
    publishedAt: published.at,
    publishedPrecision: published.precision,
    publishedRaw: raw,
    counts: { views: null, replies: null, reposts: null, likes: null },
    place: null,
    state: 'visible',
  }
}
