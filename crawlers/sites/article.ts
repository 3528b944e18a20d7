/**
 * News sites: a page of links, pages of one article each. Selectors from the source or from a site's own file come
 * first; where none is given or none fits, title, time, source and body are found by general rules (article-rules.ts).
 */
import type { Element } from 'domhandler'
import { against, listAt, published, selectorsOf, toList, toPost, toRef, toThread } from '../fields.ts'
import { all, attr, line, one, parseMarkup, type Query, query, spacedLine } from '../parse.ts'
import {
  CrawlError,
  type ListRead,
  type ParsedPage,
  type ReadPost,
  type Site,
  type SourceConfig,
  type ThreadRead,
  type ThreadRef,
} from '../site.ts'
import { findDate, readDate } from '../time.ts'
import { wallOf } from '../walls.ts'
import { bodyOf, readBody, readMeta } from './article-rules.ts'

export const ARTICLE_SELECTORS = {
  /** One entry of a list; empty = every link that looks like an article. */
  row: '',
  rowTitle: 'a[href]',
  rowDate: '',
  listNext: 'a.next, a.nxt, a:contains("下一页"), a:contains("下页")',
  title: '',
  /** Date, source and editor in one text. */
  info: '',
  date: '',
  source: '',
  author: '',
  body: '',
  /** Inside the body, but not of the article. */
  skip: 'script, style, .share, .editor, .zrbj, [style*="display:none"], [style*="display: none"]',
}
export type ArticleSelectors = typeof ARTICLE_SELECTORS

export interface ArticleTemplate {
  selectors: Partial<ArticleSelectors>
  /** By default a board's key is the list's address, relative to the source's. */
  listUrls?(boardKey: string, now: string): string[]
  /** Canonical address of an article, which is its key; null where a link leads elsewhere. */
  keyOf(url: URL): string | null
}

interface Articles {
  source: SourceConfig
  template: ArticleTemplate
  s: Record<keyof ArticleSelectors, Query>
}

export function articles(source: SourceConfig, template: ArticleTemplate): Site {
  const s = selectorsOf({ ...ARTICLE_SELECTORS, ...template.selectors }, source)
  const site: Articles = { source, template, s }
  return {
    source,
    listUrls: template.listUrls ?? listAt(source),
    list: page => readList(page, site),
    threadUrl: key => key,
    thread: page => readArticle(page, site),
  }
}

/** Any news site by the general rules. A board's key is the list's address, relative to the source's. */
export const article = (source: SourceConfig): Site =>
  articles(source, {
    selectors: {},
    keyOf: url => (looksLikeArticle(url, new URL(source.url)) ? canonical(url) : null),
  })

/** Without fragment and without what only says where the reader came from. */
export function canonical(url: URL): string {
  const kept = new URL(url)
  kept.hash = ''
  for (const name of [...kept.searchParams.keys()])
    if (/^(utm_|from$|spm$|share|isappinstalled$|chksm$|scene$)/.test(name)) kept.searchParams.delete(name)
  return kept.href
}

/** Same site, and a path or query that ends in a number or names a page of text. */
export function looksLikeArticle(url: URL, site: URL): boolean {
  if (!/^https?:$/.test(url.protocol) || !sameSite(url.hostname, site.hostname)) return false
  const path = `${url.pathname}${url.search}`
  if (/\.(jpg|png|gif|pdf|docx?|xlsx?|zip|rar|mp4|css|js)$/i.test(url.pathname)) return false
  if (/\/(index|node|list|default)(_\w+)?\.\w+$/i.test(url.pathname)) return false
  return (
    /\d{3,}/.test(path) &&
    (/\.\w?html?$|[?&](id|aid|pid|tid|nid|articleid)=\d+/i.test(path) || /\/\d{4,}\/?$/.test(path))
  )
}

const sameSite = (host: string, site: string): boolean => {
  const registered = (name: string) =>
    name
      .split('.')
      .slice(/\.(com|gov|net|org)\.cn$/.test(name) ? -3 : -2)
      .join('.')
  return /^[\d.]+$/.test(host) ? host === site : registered(host) === registered(site)
}

// --- lists ---

const LINKS = query('a[href]')
const LINK_HOLDERS = new Set(['li', 'tr', 'dd', 'dl', 'td', 'p', 'div', 'h2', 'h3', 'h4', 'article'])
/** Chinese titles are longer than the names in a menu. */
const MIN_TITLE = 8

function rowsIn(json: string): string | null {
  try {
    const { html } = JSON.parse(json) as { html?: unknown }
    return typeof html === 'string' ? html : null
  } catch {
    return null
  }
}

/** Some lists come by script: JSON with the rows as HTML in it. */
function listPage(page: ParsedPage): ParsedPage {
  if (!page.html.trimStart().startsWith('{')) return page
  const html = rowsIn(page.html)
  if (html === null) throw new CrawlError('parse', page.url, '列表接口没有给出内容')
  const { url, status, receivedAt } = page
  return { url, status, receivedAt, html, document: parseMarkup(`<table>${html}</table>`, url) }
}

function readList(given: ParsedPage, { s, template }: Articles): ListRead {
  const page = listPage(given)
  const rows = s.row.length ? all(page.document, s.row) : all(page.document, LINKS).filter(isTitle)
  const refs = new Map<string, ThreadRef>()
  for (const row of rows) {
    const link = row.name === 'a' ? row : one(row, s.rowTitle)
    const href = attr(link, 'href')
    const url = href && against(page.url)(href)
    const key = url && template.keyOf(new URL(url))
    if (!key || refs.has(key)) continue
    const date = dateBeside(row, s.rowDate)
    const title = attr(link, 'title')?.trim() || line(link)
    refs.set(key, toRef({ key, url: key, title, createdAt: readDate(date, page.receivedAt).at }))
  }
  const fault = refs.size ? null : wallOf(given, 'list')
  if (fault) throw fault
  if (!refs.size) throw new CrawlError('parse', page.url, '页面上没有文章链接')
  const href = attr(one(page.document, s.listNext), 'href') ?? ''
  const next = href && !href.startsWith('#') ? against(page.url)(href) || null : null
  return toList({ threads: [...refs.values()], nextUrl: next === page.url ? null : next })
}

const isTitle = (link: Element): boolean => (attr(link, 'title')?.trim() || line(link)).length >= MIN_TITLE

/** The date in a row: where it is said to stand, else what stands beside the link. `11-22` only where it stands alone. */
function dateBeside(row: Element, where: Query): string | null {
  const holder = LINK_HOLDERS.has(row.name) ? row : row.parent
  const around = holder && 'name' in holder && LINK_HOLDERS.has(holder.name) ? holder : row
  const beside = spacedLine(one(row, where)) || spacedLine(around).replace(spacedLine(row), '').slice(0, 300)
  return findDate(beside) ?? /^[^\d]*(\d{1,2}-\d{1,2}(?: \d{1,2}:\d{2})?)[^\d]*$/.exec(beside)?.[1] ?? null
}

// --- articles ---

const SOURCE = /(?:来源|稿源|信息来源|来自)\s*[:：]\s*([^\s:：|]{2,30})/
const BYLINE = /(?:作者|记者|通讯员|发布者|编辑|责编)\s*[:：]\s*([^\s:：|]{2,20})/

const NO_BODY = { text: '', images: [] as { url: string }[] }
/** `/2016-01/02/`, `/202503/07/`: many papers write the day into the address only. */
const URL_DAY = /\/((?:19|20)\d{2})-?(\d{2})[-/]?(\d{2})(?=\/|_)/

/** The article on a page, whatever the layout. @throws CrawlError where there is none. */
export function readArticlePost(page: ParsedPage, key: string, s: Articles['s']): ReadPost {
  const chosen = one(page.document, s.body)
  const described = chosen ? readBody(chosen, s.skip, page.url) : NO_BODY
  const found = described.text || described.images.length ? null : bodyOf(page.document)
  const { text, images } = found ? readBody(found, s.skip, page.url) : described
  if (!text && !images.length) {
    throw wallOf(page, 'thread') ?? new CrawlError('parse', page.url, '页面上没有正文')
  }
  const meta = readMeta(page.document)
  const info = spacedLine(one(page.document, s.info)) || meta.info
  const stated =
    line(one(page.document, s.date)) ||
    findDate(info) ||
    meta.date ||
    URL_DAY.exec(page.url)?.slice(1, 4).join('-') ||
    null
  const by = line(one(page.document, s.author)) || BYLINE.exec(info)?.[1] || null
  const from =
    line(one(page.document, s.source)).replace(/^来源[:：]\s*/, '') || SOURCE.exec(info)?.[1] || meta.source
  return toPost({
    key,
    url: key,
    kind: 'article',
    title: line(one(page.document, s.title)) || meta.title,
    author: { id: null, name: from || by },
    text,
    images,
    ...published(findDate(stated ?? '') ?? stated, page),
  })
}

function readArticle(page: ParsedPage, { s, template }: Articles): ThreadRead {
  const key = template.keyOf(new URL(page.url)) ?? canonical(new URL(page.url))
  const fault = page.status >= 400 ? wallOf(page, 'thread') : null
  if (fault) throw fault
  const post = readArticlePost(page, key, s)
  return toThread(post)
}
