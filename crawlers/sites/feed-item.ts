import type { Element } from 'domhandler'
import { against, imagesIn, published, toPost } from '../fields.ts'
import { all, parseMarkup, plainText, query } from '../parse.ts'
import type { ParsedPage, ReadPost } from '../site.ts'
import { weixinKey } from './weixin-key.ts'

export interface FeedRead {
  posts: ReadPost[]
  askAgain?: boolean
}

/** One entry, whatever the format; texts are HTML. */
export interface FeedItem {
  id: string | null
  link: string | null
  title: string | null
  author: string | null
  date: string | null
  html: string
  /** Picture hung on the entry. */
  image?: string | null
}

const IMAGES = query('img')
const UNSAID = query('script, style, [style*="display:none"]')
/** What wewe-rss writes where the text could not be fetched, and CDATA marks that a gateway let stand. */
const FAILED = /^获取全文失败/
const CDATA = /^\s*(?:<|&lt;)!\[CDATA\[|\]\](?:>|&gt;)\s*$/g

/** HTML inside a feed, as plain text and pictures. */
export function readHtml(html: string, base: string): { text: string; images: { url: string }[] } {
  const inner = html.replace(CDATA, '')
  // Plain text has its own line breaks.
  const marked = /<\w/.test(inner) ? inner : inner.replace(/\r?\n/g, '<br>')
  const document = parseMarkup(`<div>${marked}</div>`, base)
  const root = document.children.find((node): node is Element => node.type === 'tag')
  if (!root) return { text: '', images: [] }
  const text = plainText(root, UNSAID)
  return { text: FAILED.test(text) ? '' : text, images: imagesIn(all(root, IMAGES), against(base)) }
}

/** Plain text of something that may hold entities or tags: titles, names. */
export const plain = (text: string | null): string | null =>
  text === null ? null : readHtml(text, 'http://x').text.replace(/\s+/g, ' ') || null

/**
 * A forum's thread keeps its number and a 公众号 article its address as key, so that a site and its feeds meet; else the
 * entry's own id, else its link.
 */
const keyOf = ({ id, link }: FeedItem, url: string | null): string | null =>
  weixinKey(link ?? '') ??
  /[?&]tid=(\d+)/.exec(link ?? '')?.[1] ??
  /\bthread-(\d+)-/.exec(link ?? '')?.[1] ??
  (id || url)

/** Null for an entry without id and address. */
export function feedPost(item: FeedItem, page: ParsedPage): ReadPost | null {
  const link = item.link?.trim() ?? ''
  const url = (link && against(page.url)(link)) || null
  const key = keyOf(item, url)
  if (!key) return null
  const { text, images } = readHtml(item.html, url ?? page.url)
  const image = item.image ? against(page.url)(item.image) : ''
  const hung = image && !images.some(each => each.url === image) ? [{ url: image }] : []
  return toPost({
    key,
    url: url ?? page.url,
    kind: 'article',
    title: plain(item.title),
    author: { id: null, name: plain(item.author) },
    text,
    images: [...images, ...hung],
    ...published(item.date, page),
  })
}
