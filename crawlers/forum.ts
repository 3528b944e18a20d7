/**
 * Reading boards of any forum program: a list of rows, pages of floors. What differs between programs is data
 * (selectors) and a few words of their own (addresses, numbers, message pages), given as a ForumTemplate.
 */
import type { Element } from 'domhandler'
import type { Poll } from '../pipeline/post.ts'
import {
  against,
  baseOf,
  imagesIn,
  NO_COUNTS,
  publishedIn,
  selectorsOf,
  toCount,
  toPost,
  uidOf,
} from './fields.ts'
import { all, attr, line, matches, one, plainText, type Query, query } from './parse.ts'
import {
  CrawlError,
  type ListOrder,
  type ListRead,
  type ParsedPage,
  type ReadPost,
  type Site,
  type SourceConfig,
  type ThreadRead,
  type ThreadRef,
} from './site.ts'

export interface ForumSelectors {
  /** Must be on a list page. */
  list: string
  row: string
  rowTitle: string
  rowCreated: string
  rowReplies: string
  rowViews: string
  rowLastReply: string
  /** Matches the row itself or something in it. */
  rowSticky: string
  rowClosed: string
  listNext: string
  /** Floors, in order. */
  posts: string
  title: string
  views: string
  replies: string
  body: string
  time: string
  author: string
  /** Where the name stands when it is no link. */
  anonymous: string
  floor: string
  /** Says that a text is there but not shown. */
  withheld: string
  quote: string
  /** Inside the body, but not said by the poster. */
  skip: string
  images: string
  files: string
  /** The poll of a post; in it the words of each option, each followed by its votes in brackets. */
  poll: string
  pollParts: string
  threadNext: string
  currentPage: string
  closed: string
  /** The board's name. */
  board: string
  /** What stands inside a title or time beside it. */
  noise: string
}
export type Compiled = Record<keyof ForumSelectors, Query>

export interface ForumTemplate {
  selectors: ForumSelectors
  orders: Partial<Record<ListOrder, (boardKey: string) => string>>
  threadUrl(key: string, page: number): string
  /** A post as people open it; `pid` null = the thread's first. */
  postUrl(tid: string, pid: string | null): string
  tidOf(href: string): string | null
  /** Number of the page in an address. */
  pageOf(href: string): number | null
  /** Key of a floor inside its thread; null where it has none of its own. */
  pidOf(post: Element): string | null
  /** Whether a floor on page 1 opens the thread. */
  isFirst(post: Element, at: number): boolean
  /** Whole lines of a body that are the program's words. */
  notices: RegExp
  /** How a quote begins where the name stands in its first line. */
  quotedBy?: RegExp
  /** Why this page gives no posts, or null where it does. */
  fault(page: ParsedPage, expected: 'list' | 'thread'): CrawlError | null
}

interface Forum {
  source: SourceConfig
  template: ForumTemplate
  s: Compiled
  absolute(href: string): string
}

/** @throws Error in Chinese where the source's selectors are wrong. */
export function forum(source: SourceConfig, template: ForumTemplate): Site {
  const absolute = against(baseOf(source))
  const board: Forum = { source, template, s: selectorsOf(template.selectors, source), absolute }
  return {
    source,
    listUrls: key =>
      (source.orders ?? ['lastReply']).flatMap(order => template.orders[order]?.(key) ?? []).map(absolute),
    list: page => readList(page, board),
    threadUrl: (key, page = 1) => absolute(template.threadUrl(key, page)),
    thread: page => readThread(page, board),
  }
}

const linkTo = (link: Element | null, absolute: Forum['absolute']): string | null => {
  const href = attr(link, 'href')
  return href && !/^(javascript:|#)/i.test(href) ? absolute(href) || null : null
}

// --- lists ---

const lineWithout = (element: Element | null, noise: Query): string =>
  element && noise.length ? plainText(element, noise).replaceAll('\n', ' ') : line(element)

/** The whole title where the link shows it cut. */
function titleOf(link: Element | null, noise: Query): string {
  const [shown, whole] = [lineWithout(link, noise), attr(link, 'title')?.trim() ?? '']
  const kept = shown.replace(/(\.{2,}|…+)$/, '')
  return whole.length > kept.length && kept && whole.startsWith(kept) ? whole : shown
}

const has = (row: Element, what: Query): boolean => matches(row, what) || one(row, what) !== null

function readRow(row: Element, page: ParsedPage, { s, template, absolute }: Forum): ThreadRef | null {
  const link = one(row, s.rowTitle)
  const url = linkTo(link, absolute)
  const key = url && template.tidOf(url)
  if (!key) return null
  return {
    key,
    url,
    title: titleOf(link, s.noise),
    sticky: has(row, s.rowSticky),
    closed: has(row, s.rowClosed),
    replies: toCount(line(one(row, s.rowReplies))),
    views: toCount(line(one(row, s.rowViews)).replace(/^\//, '')),
    lastReplyAt: publishedIn(one(row, s.rowLastReply), page, s.noise).publishedAt,
    createdAt: publishedIn(one(row, s.rowCreated), page, s.noise).publishedAt,
  }
}

function readList(page: ParsedPage, board: Forum): ListRead {
  const fault = board.template.fault(page, 'list')
  if (fault) throw fault
  const { s, absolute } = board
  const table = one(page.document, s.list)
  if (!table) throw new CrawlError('parse', page.url, '页面上没有帖子列表')
  // A global sticky stands in every board, a moved row beside the real one: one thread, one reference.
  const threads = new Map<string, ThreadRef>()
  for (const row of all(table, s.row)) {
    const ref = readRow(row, page, board)
    if (ref && (!threads.has(ref.key) || ref.replies !== null)) threads.set(ref.key, ref)
  }
  const nextUrl = linkTo(one(page.document, s.listNext), absolute)
  return { threads: [...threads.values()], posts: [], nextUrl: nextUrl === page.url ? null : nextUrl }
}

// --- threads ---

/** Names of the first floors; `来自 12#` and numbers are read too. */
const FLOOR_NAMES = ['楼主', '沙发', '板凳', '地板']

function readFloor(post: Element, { s }: Forum): number | null {
  const text = line(one(post, s.floor)).replace(/[#\s]/g, '')
  const named = FLOOR_NAMES.findIndex(name => text.startsWith(name))
  return named >= 0 ? named + 1 : toCount(/\d+/.exec(text)?.[0])
}

const QUOTED_BY = /^.{1,40}\s*(发表于|于|：|:)\s*(\d{4}-|昨天|前天|刚刚|\d+\s*\S+前)/

interface Words {
  text: string
  /** Whether the program kept some back. */
  heldBack: boolean
}
const NO_WORDS = { text: '', heldBack: false, quote: null }

/** Without the lines that are the program's. */
function saidIn(element: Element, skip: Query, { notices }: ForumTemplate): Words {
  const said = plainText(element, skip)
  const own = said.split('\n').filter(words => !notices.test(words))
  const text = own.join('\n').trim()
  return { text, heldBack: text.length < said.length }
}

/** The poster's own words, and what others said in quotes, without who said it. */
function readBody(body: Element, { s, template }: Forum): Words & { quote: string | null } {
  const own = saidIn(body, s.skip, template)
  const quotes = all(body, s.quote).map(each => saidIn(each, s.noise, template))
  const quoted = quotes.map(({ text }) =>
    text
      .split('\n')
      .filter(words => !QUOTED_BY.test(words))
      .join('\n')
      .replace(template.quotedBy ?? /^$/, ''),
  )
  return {
    text: own.text,
    heldBack: own.heldBack || quotes.some(({ heldBack }) => heldBack),
    quote: quoted.filter(Boolean).join('\n') || null,
  }
}

/** 该用户已被删除, an address of a guest. */
const REMARK = query('em')

interface Thread {
  tid: string
  title: string | null
  counts: ReadPost['counts']
}

function readPost(
  post: Element,
  first: boolean,
  page: ParsedPage,
  thread: Thread,
  board: Forum,
): ReadPost | null {
  const { s, template, absolute } = board
  const pid = template.pidOf(post)
  if (!pid && !first) return null
  const body = one(post, s.body)
  const { text, heldBack, quote } = body ? readBody(body, board) : NO_WORDS
  const images = imagesIn(all(post, s.images), absolute)
  const withheld = heldBack || one(post, s.withheld) !== null
  const shown = body !== null && (text !== '' || images.length > 0 || !withheld)
  const author = one(post, s.author)
  const files = shown ? readFiles(post, s.files, absolute) : []
  const poll = shown ? readPoll(post, s) : null
  return toPost({
    key: first ? thread.tid : `${thread.tid}#${pid}`,
    url: absolute(template.postUrl(thread.tid, first ? null : pid)),
    kind: first ? 'thread' : 'reply',
    parent: first ? null : thread.tid,
    floor: first ? 1 : readFloor(post, board),
    title: first ? thread.title : null,
    author: { id: uidOf(author), name: lineWithout(author ?? one(post, s.anonymous), REMARK) || null },
    text: shown ? text : '',
    quote,
    images: shown ? images : [],
    ...(files.length && { attachments: files }),
    ...(poll && { poll }),
    ...publishedIn(one(post, s.time), page, s.noise),
    counts: first ? thread.counts : NO_COUNTS,
    state: shown ? 'visible' : withheld ? 'restricted' : 'gone',
  })
}

function readFiles(post: Element, files: Query, absolute: Forum['absolute']) {
  const found = all(post, files).map(link => ({ name: line(link), url: linkTo(link, absolute) }))
  return found.filter(({ name }, at) => name && found.findIndex(each => each.name === name) === at)
}

function readPoll(post: Element, s: Compiled): Poll | null {
  const block = one(post, s.poll)
  if (!block) return null
  const options: Poll['options'] = []
  for (const part of all(block, s.pollParts)) {
    const said = line(part)
    const votes = /^[(（]?(\d+)( ?票)?[)）]?$/.exec(said)?.[1]
    const last = options.at(-1)
    if (votes === undefined) options.push({ text: said.replace(/^\d+\. ?/, ''), votes: null })
    else if (last && last.votes === null) last.votes = Number(votes)
  }
  const voters = toCount(/(\d+)\s*人参与/.exec(line(block))?.[1])
  return options.length ? { voters, options } : null
}

const CANONICAL = query('link[rel="canonical"]')

function readThread(page: ParsedPage, board: Forum): ThreadRead {
  const { s, template, absolute } = board
  const fault = template.fault(page, 'thread')
  if (fault) throw fault
  const elements = all(page.document, s.posts)
  const canonical = attr(one(page.document, CANONICAL), 'href')
  const tid = template.tidOf(page.url) ?? (canonical && template.tidOf(canonical))
  if (!tid) throw new CrawlError('parse', page.url, '读不出主题编号')
  const shownPage = toCount(line(one(page.document, s.currentPage)))
  const current = shownPage ?? template.pageOf(page.url) ?? 1
  const thread: Thread = {
    tid,
    title: lineWithout(one(page.document, s.title), s.noise) || null,
    counts: {
      ...NO_COUNTS,
      views: toCount(line(one(page.document, s.views))),
      replies: toCount(line(one(page.document, s.replies))),
    },
  }
  const posts = new Map<string, ReadPost>()
  elements.forEach((element, at) => {
    const first = current === 1 && template.isFirst(element, at)
    const post = readPost(element, first, page, thread, board)
    // A stickied or recommended reply is shown twice on page 1.
    if (post && !posts.has(post.key)) posts.set(post.key, post)
  })
  if (!posts.size) throw new CrawlError('parse', page.url, '页面上没有楼层')
  const nextUrl = linkTo(one(page.document, s.threadNext), absolute)
  return {
    title: thread.title ?? '',
    board: line(all(page.document, s.board).at(-1) ?? null) || null,
    posts: [...posts.values()],
    page: current,
    nextUrl: nextUrl === page.url ? null : nextUrl,
    closed: all(page.document, s.closed).length > 0,
  }
}
