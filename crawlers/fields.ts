/** What every reader needs to fill a post: counts, dates, pictures, selectors by name. */
import type { Element } from 'domhandler'
import type { Counts } from '../pipeline/post.ts'
import { attr, lineWithout, one, type Query, query } from './parse.ts'
import {
  CrawlError,
  type ListRead,
  type ParsedPage,
  type ReadPost,
  type Site,
  type SourceConfig,
  type ThreadRead,
  type ThreadRef,
} from './site.ts'
import { readDate } from './time.ts'

export const NO_COUNTS: Counts = { views: null, replies: null, reposts: null, likes: null }

/** A post with everything unknown but what is given. */
export const toPost = (known: Partial<ReadPost> & Pick<ReadPost, 'key' | 'url' | 'kind'>): ReadPost => ({
  parent: null,
  floor: null,
  title: null,
  author: { id: null, name: null },
  text: '',
  quote: null,
  images: [],
  publishedAt: null,
  publishedPrecision: null,
  publishedRaw: null,
  counts: NO_COUNTS,
  place: null,
  state: 'visible',
  ...known,
})

/** One post a key: a broken page may show one twice. */
const distinct = (posts: readonly ReadPost[]): ReadPost[] =>
  [...new Map(posts.map(post => [post.key, post] as const).reverse()).values()].reverse()

/** What a list gave, the rest empty. */
export const toList = ({ posts = [], ...known }: Partial<ListRead>): ListRead => ({
  threads: [],
  nextUrl: null,
  ...known,
  posts: distinct(posts),
})

/** A page that is a whole thread: an article, with what was said under it. */
export const toThread = (...posts: [ReadPost, ...ReadPost[]]): ThreadRead => ({
  title: posts[0].title ?? '',
  board: null,
  posts: distinct(posts),
  page: 1,
  nextUrl: null,
  closed: false,
})

/** A site whose lists show everything: its posts have no page of their own. */
export const listOnly = (source: SourceConfig, list: (page: ParsedPage) => ListRead): Site => ({
  source,
  listUrls: listAt(source),
  list,
  threadUrl: () => null,
  thread: page => {
    throw new CrawlError('parse', page.url, '此类信源没有单独的帖子页')
  },
})

/** A row of which a list tells no more than what is given. */
export const toRef = (known: Partial<ThreadRef> & Pick<ThreadRef, 'key' | 'url' | 'title'>): ThreadRef => ({
  sticky: false,
  closed: false,
  replies: null,
  views: null,
  lastReplyAt: null,
  createdAt: null,
  ...known,
})

/** `1,234`, `1.2万`, `100万+`, `3亿` -> number; null for `-` and other words. */
export function toCount(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value) : null
  const found = /^\s*(\d[\d,]*(?:\.\d+)?)\s*([万亿wW])?\+?\s*$/.exec(String(value ?? ''))
  if (!found) return null
  const unit = found[2] ? (found[2] === '亿' ? 100_000_000 : 10_000) : 1
  return Math.round(Number((found[1] as string).replaceAll(',', '')) * unit)
}

export type Published = Pick<ReadPost, 'publishedAt' | 'publishedPrecision' | 'publishedRaw'>

/** From the page's own words, and from an exact value beside them where there is one. */
export function published(raw: string | null, page: ParsedPage, exact?: string | null): Published {
  const wording = raw?.trim() || null
  const read = exact ? readDate(exact, page.receivedAt) : readDate(wording, page.receivedAt)
  const { at, precision } = read.at ? read : readDate(wording, page.receivedAt)
  return { publishedAt: at, publishedPrecision: precision, publishedRaw: wording ?? exact ?? null }
}

const TITLED = query('[title]')
const PREFIX = /^(发表于|发布于)\s*[:：]?\s*/

/** The title attribute carries the exact time where the text is relative. `noise`: what stands beside the time. */
export function publishedIn(element: Element | null, page: ParsedPage, noise: Query = []): Published {
  if (!element) return published(null, page)
  const exact = attr(element, 'title') ?? attr(one(element, TITLED), 'title')
  return published(lineWithout(element, noise).replace(PREFIX, ''), page, exact)
}

/** Real address of lazily loaded pictures, decoration left out, each once. */
export function imagesIn(images: readonly Element[], absolute: (href: string) => string): { url: string }[] {
  const urls = images
    .filter(image => attr(image, 'smilieid') === null)
    .map(image =>
      ['zoomfile', 'file', 'data-original', 'data-src', 'src_data', 'src'].map(name => attr(image, name)),
    )
    .map(candidates => candidates.find(url => url && !DECORATION.test(url)) ?? '')
    .filter(url => url && URL.canParse(url, 'http://x'))
  return [...new Set(urls.map(absolute))].filter(url => /^https?:/.test(url)).map(url => ({ url }))
}
const DECORATION =
  /static\/image\/|images\/(post\/)?(smile|emot|face)|^data:|\/(none|blank|loading|spacer)\.(gif|png)/i

/** Number of a user in the address of his page. */
export const uidOf = (link: Element | null): string | null =>
  attr(link, 'data-uid') ??
  /(?:\buid[=-]|\bu-|\/(?:space|user|u|home)\/)(\d+)/.exec(attr(link, 'href') ?? '')?.[1] ??
  null

/** The template that a source asks for, the first by default. @throws in Chinese, naming those that there are. */
export function variantOf<T>(variants: Record<string, T>, source: Pick<SourceConfig, 'variant'>): T {
  const name = source.variant ?? (Object.keys(variants)[0] as string)
  const found = Object.hasOwn(variants, name) ? variants[name] : undefined
  if (!found) throw new Error(`variant「${name}」不认识，可用：${Object.keys(variants).join('、')}`)
  return found
}

/** Folder that a source's addresses are relative to. */
export const baseOf = ({ url }: Pick<SourceConfig, 'url'>): string => (url.endsWith('/') ? url : `${url}/`)

/** Lists whose key is their address, relative to the source's. */
export const listAt =
  (source: SourceConfig) =>
  (key: string): string[] => [new URL(key, source.url).href]

/** An address as a base makes it whole; '' where it is none of the web. */
export const against =
  (base: string) =>
  (href: string): string => {
    const url = URL.canParse(href, base) ? new URL(href, base) : null
    return url && /^https?:$/.test(url.protocol) ? url.href : ''
  }

/** Where a link leads, made whole; null where that is no page. */
export const linkTo = (link: Element | null, absolute: (href: string) => string): string | null => {
  const href = attr(link, 'href')
  return href && !/^(javascript:|#)/i.test(href) ? absolute(href) || null : null
}

/** The engine's selectors, each replaced by the source's own of that name. @throws in Chinese, naming the selector. */
export function selectorsOf<Name extends string>(
  defaults: Record<Name, string>,
  source: Pick<SourceConfig, 'selectors'>,
): Record<Name, Query> {
  const given = source.selectors ?? {}
  const unknown = Object.keys(given).filter(name => !(name in defaults))
  if (unknown.length)
    throw new Error(`selectors 没有「${unknown.join('、')}」，可用：${Object.keys(defaults).join('、')}`)
  const compiled = Object.entries<string>({ ...defaults, ...given }).map(([name, selector]) => {
    try {
      return [name, query(selector)]
    } catch {
      throw new Error(`selectors.${name} 不是正确的选择器：${selector}`)
    }
  })
  return Object.fromEntries(compiled) as Record<Name, Query>
}
