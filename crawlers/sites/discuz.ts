/**
 * Discuz! X (3.1 to 3.5) desktop pages: sites.md §1, discuz-live.md §1-2. Selectors may be replaced one by one in
 * config/sources.yaml under `selectors`, by the names of DEFAULTS.
 */
import type { Element } from 'domhandler'
import { all, attr, line, one, plainText, type Query, query } from '../parse.ts'
import {
  CrawlError,
  type ListOrder,
  type ListRead,
  type ParsedPage,
  type Site,
  type SourceConfig,
  type ThreadRead,
  type ThreadRef,
} from '../site.ts'
import { type ReadDate, readDate } from '../time.ts'
import { pageError } from './discuz-errors.ts'

const DEFAULTS = {
  list: '#threadlisttableid',
  row: 'tbody[id^="normalthread_"], tbody[id^="stickthread_"]',
  rowTitle: 'a.xst',
  rowCreated: 'td.by em span',
  rowReplies: 'td.num a',
  rowViews: 'td.num em',
  rowLastReply: 'td.by:last-child em',
  listNext: '#fd_page_bottom a.nxt, .pgs a.nxt',
  posts: '#postlist > div[id^="post_"]',
  title: '#thread_subject',
  counts: '#postlist .hm .xi1',
  body: '[id^="postmessage_"]',
  time: 'em[id^="authorposton"]',
  author: '.pls .authi a.xw1, .pls .authi a, .pti .authi a.xi2',
  anonymous: '.pls .pi',
  floor: 'a[id^="postnum"]',
  withheld: '.locked',
  threadNext: '.pgs .pg a.nxt',
  currentPage: '.pgs .pg strong',
  closed: '.fico-lock, .modact',
  path: '#pt .z a[href*="fid="], #pt .z a[href*="forum-"]',
}
type Name = keyof typeof DEFAULTS

const SPAN_TITLE = query('span[title]')
const QUOTE = query('.quote blockquote')
const IMAGES = query('img')
/** Nothing of this was said by the poster (sites.md §1.4). */
const NOT_TEXT = query(
  '.quote, i.pstatus, .attach_nopermission, .showhide, .locked, ignore_js_op, .aimg_tip, .tip, .blockcode em, .sign, .attach_popup, [style*="font-size:0"], [style*="display:none"]',
)
const SKIP_NOTHING = query('script')
const ORDER_QUERY: Record<ListOrder, string> = {
  lastReply: '',
  newest: '&filter=author&orderby=dateline',
}
const FLOOR_NAMES = ['楼主', '沙发', '板凳', '地板']

export function discuz(source: SourceConfig): Site {
  const selectors = Object.fromEntries(
    Object.entries({ ...DEFAULTS, ...source.selectors }).map(([name, selector]) => [name, query(selector)]),
  ) as Record<Name, Query>
  const base = source.url.endsWith('/') ? source.url : `${source.url}/`
  const absolute = (href: string) => new URL(href, base).href
  return {
    source,
    listUrls: fid =>
      (source.orders ?? ['lastReply']).map(order =>
        absolute(`forum.php?mod=forumdisplay&fid=${encodeURIComponent(fid)}${ORDER_QUERY[order]}&page=1`),
      ),
    threadUrl: (tid, page = 1) =>
      absolute(`forum.php?mod=viewthread&tid=${encodeURIComponent(tid)}&page=${page}`),
    list: page => readList(page, selectors, absolute),
    thread: page => readThread(page, selectors, absolute),
  }
}

const count = (text: string): number | null => {
  const found = /^(\d[\d,]*)$/.exec(text)
  return found ? Number((found[1] as string).replaceAll(',', '')) : null
}

/** The title attribute carries the exact time where the text is relative. */
function dateIn(element: Element | null, page: ParsedPage): ReadDate & { raw: string | null } {
  if (!element) return { at: null, precision: null, raw: null }
  const raw = line(element).replace(/^发表于\s*/, '') || null
  const exact = attr(element, 'title') ?? attr(one(element, SPAN_TITLE), 'title')
  const read = exact ? readDate(exact, page.receivedAt) : readDate(raw, page.receivedAt)
  return { ...(read.at ? read : readDate(raw, page.receivedAt)), raw }
}

const tidOf = (href: string): string | null =>
  /(?:[?&]tid=|thread-)(\d+)/.exec(href)?.[1] ?? /[?&]ptid=(\d+)/.exec(href)?.[1] ?? null

function readRow(row: Element, page: ParsedPage, s: Record<Name, Query>, absolute: (href: string) => string) {
  const link = one(row, s.rowTitle)
  const href = attr(link, 'href')
  const key = href && tidOf(href)
  if (!href || !key) return null
  const lastReply = dateIn(one(row, s.rowLastReply), page)
  const ref: ThreadRef = {
    key,
    url: absolute(href),
    title: line(link),
    sticky: (attr(row, 'id') ?? '').startsWith('stick'),
    closed: /(folder_lock|fico-lock|关闭的主题)/.test(rowMarks(row)),
    replies: count(line(one(row, s.rowReplies))),
    views: count(line(one(row, s.rowViews))),
    lastReplyAt: lastReply.at,
    createdAt: dateIn(one(row, s.rowCreated), page).at,
  }
  return ref
}

const ICONS = query('td.icn a, td.icn i, td.icn img, th i')
const rowMarks = (row: Element): string =>
  all(row, ICONS)
    .map(icon => Object.values(icon.attribs).join(' '))
    .join(' ')

function readList(page: ParsedPage, s: Record<Name, Query>, absolute: (href: string) => string): ListRead {
  const error = pageError(page, 'list')
  if (error) throw error
  const table = one(page.document, s.list)
  if (!table) throw new CrawlError('parse', page.url, '页面上没有帖子列表')
  // A global sticky stands in every board, a moved row beside the real one: one thread, one reference.
  const threads = new Map<string, ThreadRef>()
  for (const row of all(table, s.row)) {
    const ref = readRow(row, page, s, absolute)
    if (ref && (!threads.has(ref.key) || ref.replies !== null)) threads.set(ref.key, ref)
  }
  const next = attr(one(page.document, s.listNext), 'href')
  return { threads: [...threads.values()], posts: [], nextUrl: next ? absolute(next) : null }
}

type Post = ThreadRead['posts'][number]

function readFloor(post: Element, s: Record<Name, Query>): number | null {
  const text = line(one(post, s.floor)).replace(/[#\s]/g, '')
  const named = FLOOR_NAMES.findIndex(name => text.startsWith(name))
  return named >= 0 ? named + 1 : count(text)
}

function readQuote(body: Element): string | null {
  const quotes = all(body, QUOTE).map(quote =>
    plainText(quote, SKIP_NOTHING)
      .split('\n')
      .filter(each => !/^.{1,40} 发表于 /.test(each))
      .join('\n'),
  )
  return quotes.filter(Boolean).join('\n') || null
}

function readImages(body: Element, absolute: (href: string) => string): { url: string }[] {
  const urls = all(body, IMAGES)
    .filter(image => attr(image, 'smilieid') === null)
    .map(image => attr(image, 'zoomfile') ?? attr(image, 'file') ?? attr(image, 'src') ?? '')
    .filter(url => url && !/static\/image\//.test(url) && URL.canParse(url, 'http://x'))
  return [...new Set(urls)].map(url => ({ url: absolute(url) }))
}

function readPost(
  post: Element,
  page: ParsedPage,
  s: Record<Name, Query>,
  thread: { tid: string; isFirst: boolean; counts: { views: number | null; replies: number | null } },
  absolute: (href: string) => string,
): Post | null {
  const pid = /^post_(\d+)$/.exec(attr(post, 'id') ?? '')?.[1]
  if (!pid) return null
  const body = one(post, s.body)
  const author = one(post, s.author)
  const authorName = line(author) || line(one(post, s.anonymous)) || null
  const published = dateIn(one(post, s.time), page)
  const text = body ? plainText(body, NOT_TEXT) : ''
  const withheld = one(post, s.withheld) !== null
  const state = body && (text || !withheld) ? 'visible' : withheld ? 'restricted' : 'gone'
  const isFirst = thread.isFirst
  return {
    key: isFirst ? thread.tid : `${thread.tid}#${pid}`,
    url: absolute(
      isFirst
        ? `forum.php?mod=viewthread&tid=${thread.tid}`
        : `forum.php?mod=redirect&goto=findpost&ptid=${thread.tid}&pid=${pid}`,
    ),
    kind: isFirst ? 'thread' : 'reply',
    parent: isFirst ? null : thread.tid,
    floor: isFirst ? 1 : readFloor(post, s),
    title: isFirst ? line(one(page.document, s.title)) || null : null,
    author: {
      id: /(?:uid[=-])(\d+)/.exec(attr(author, 'href') ?? '')?.[1] ?? null,
      name: authorName,
    },
    text: state === 'visible' ? text : '',
    quote: body ? readQuote(body) : null,
    images: body ? readImages(body, absolute) : [],
    publishedAt: published.at,
    publishedPrecision: published.precision,
    publishedRaw: published.raw,
    counts: isFirst
      ? { ...thread.counts, reposts: null, likes: null }
      : { views: null, replies: null, reposts: null, likes: null },
    place: null,
    state,
  }
}

function readThread(
  page: ParsedPage,
  s: Record<Name, Query>,
  absolute: (href: string) => string,
): ThreadRead {
  const error = pageError(page, 'thread')
  if (error) throw error
  const elements = all(page.document, s.posts)
  if (!elements.length) throw new CrawlError('parse', page.url, '页面上没有楼层')
  const canonical = attr(one(page.document, CANONICAL), 'href')
  const tid = tidOf(page.url) ?? (canonical && tidOf(canonical))
  if (!tid) throw new CrawlError('parse', page.url, '读不出主题编号')
  const [views = null, replies = null] = all(page.document, s.counts).map(each => count(line(each)))
  const current = count(line(one(page.document, s.currentPage))) ?? 1
  const posts = new Map<string, Post>()
  elements.forEach((element, at) => {
    const isFirst = current === 1 && at === 0
    const post = readPost(element, page, s, { tid, isFirst, counts: { views, replies } }, absolute)
    // A recommended reply is shown twice on page 1.
    if (post && !posts.has(post.key)) posts.set(post.key, post)
  })
  const next = attr(one(page.document, s.threadNext), 'href')
  const closedMarks = all(page.document, s.closed)
  return {
    title: line(one(page.document, s.title)),
    board: line(all(page.document, s.path).at(-1) ?? null) || null,
    posts: [...posts.values()],
    page: current,
    nextUrl: next ? absolute(next) : null,
    closed: closedMarks.some(
      mark => attr(mark, 'class')?.includes('fico-lock') || line(mark).includes('关闭'),
    ),
  }
}

const CANONICAL = query('link[rel="canonical"]')
