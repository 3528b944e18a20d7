import type { Element } from 'domhandler'
import { all, attr, line, one, parseMarkup, query } from '../parse.ts'
import { CrawlError, type ParsedPage } from '../site.ts'
import { type FeedItem, type FeedRead, feedPost } from './feed-item.ts'

/** In XML `pubDate` is not `pubdate`. */
const xml = (selector: string) => query(selector, true)
const CHANNEL = xml('channel, feed, rdf\\:RDF')
const ITEM = xml('item, entry')
/** In order of preference; Atom names beside RSS names, since gateways mix them. */
const FIELDS = {
  id: xml('guid || id'),
  title: xml('title'),
  link: xml('link'),
  author: xml('author > name || author || dc\\:creator'),
  date: xml('pubDate || published || dc\\:date || updated'),
  html: xml('content\\:encoded || content || description || summary'),
  enclosure: xml('enclosure[type^="image"]'),
}

/** Text of an element, CDATA included. */
const textOf = (item: Element, name: keyof typeof FIELDS): string | null =>
  line(one(item, FIELDS[name])) || null

/** RSS writes the address as text, Atom as href; `alternate` is the page for people. */
function linkOf(item: Element): string | null {
  const links = all(item, FIELDS.link)
  const shown = links.find(link => (attr(link, 'rel') ?? 'alternate') === 'alternate') ?? links[0]
  return shown ? line(shown) || attr(shown, 'href') : null
}

function toItem(item: Element): FeedItem {
  const body = one(item, FIELDS.html)
  return {
    id: textOf(item, 'id'),
    link: linkOf(item),
    title: textOf(item, 'title'),
    author: textOf(item, 'author'),
    date: textOf(item, 'date'),
    html: body ? rawText(body) : '',
    image: attr(one(item, FIELDS.enclosure), 'url'),
  }
}

/** White space kept: it may be a <pre> or plain lines. */
function rawText(element: Element): string {
  const parts: string[] = []
  const walk = (node: Element['children'][number]): void => {
    if (node.type === 'text') parts.push(node.data)
    else if ('children' in node) for (const child of node.children) walk(child as typeof node)
  }
  walk(element)
  return parts.join('').trim()
}

export function readXml(page: ParsedPage): FeedRead {
  const document = parseMarkup(page.html, page.url, true)
  const channel = one(document, CHANNEL)
  if (!channel) throw new CrawlError('parse', page.url, '订阅源没有频道')
  const items = all(document, ITEM)
  // Discuz answers an empty channel while it rebuilds its cache: "ask again", never "nothing new".
  if (!items.length && /[?&]mod=rss\b/.test(page.url)) return { posts: [], askAgain: true }
  return { posts: items.flatMap(item => feedPost(toItem(item), page) ?? []) }
}
