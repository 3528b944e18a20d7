/**
 * Which engine reads a page, for adding a source without a programmer. Pure: it looks at the address and at what the
 * page says of itself, never asks the network, never throws.
 */
import { all, attr, line, one, query } from './parse.ts'
import type { EngineName, ParsedPage, SourceConfig } from './site.ts'

/** What the page is: a board's list, one thread or article, a feed, or a front page that links to boards. */
export type PageRole = 'list' | 'thread' | 'feed' | 'front'

export interface Detection {
  /** Null where no engine fits: by hand. */
  engine: EngineName | null
  /** 0..1; under 0.5 a person should look twice. */
  confidence: number
  role: PageRole | null
  /** What it rests on, in Chinese. */
  why: string[]
  /** What can be filled in from the page; the person completes name, basis, owner, rate. */
  config: Pick<SourceConfig, 'name' | 'url' | 'boards'> & Partial<Pick<SourceConfig, 'engine' | 'variant'>>
}

type Board = SourceConfig['boards'][number]
interface Found {
  engine: EngineName
  variant?: string
  confidence: number
  role: PageRole
  why: string[]
  boards: Board[]
}
type Detector = (page: ParsedPage, url: URL) => Found | null

const TITLE = query('title')
const GENERATOR = query('meta[name="generator"]')
const LINKS = query('a[href]')
const PATH = query('#pt .z a, #breadcrumb a, .bread_crumb a')
const DISCUZ = { list: query('#threadlisttableid'), thread: query('#postlist') }
const PHPWIND_9 = {
  list: query('.thread_posts_list, #J_posts_list .subject'),
  thread: query('#J_posts_list .J_read_floor'),
}
const PHPWIND_8 = { list: query('tbody#threadlist tr.tr3'), thread: query('#subject_tpc') }
const ITEM_DATES = /\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/月]\d{1,2}日?/

const pathOf = (url: URL): string => `${url.pathname}${url.search}`
const titleOf = (page: ParsedPage): string => line(one(page.document, TITLE))
/** The first part of a title: `板块 - 站名 - Powered by …`. */
const headOf = (page: ParsedPage): string => titleOf(page).split(/\s*[-_|–—]\s*/)[0] ?? ''
const at = (url: URL, host: string): boolean => url.hostname === host || url.hostname.endsWith(`.${host}`)
const generator = (page: ParsedPage): string => attr(one(page.document, GENERATOR), 'content') ?? ''

/** Boards that a page links to, by a pattern whose first group is the key. */
function linkedBoards(page: ParsedPage, ...patterns: RegExp[]): Board[] {
  const boards = new Map<string, string>()
  for (const link of all(page.document, LINKS)) {
    const href = attr(link, 'href') ?? ''
    const key = patterns.map(pattern => pattern.exec(href)?.[1]).find(Boolean)
    const name = line(link)
    if (key && name && name.length <= 20 && !/^\d+$/.test(name) && !boards.has(key)) boards.set(key, name)
  }
  return [...boards].slice(0, 60).map(([key, name]) => ({ key, name }))
}

function roleOf(page: ParsedPage, parts: { list: typeof TITLE; thread: typeof TITLE }): PageRole {
  if (one(page.document, parts.list)) return 'list'
  return one(page.document, parts.thread) ? 'thread' : 'front'
}

/** The board that a list or thread page belongs to, else every board it links to. */
function boardsOf(page: ParsedPage, url: URL, role: PageRole, ...patterns: RegExp[]): Board[] {
  const here = patterns.map(pattern => pattern.exec(pathOf(url))?.[1]).find(Boolean)
  if (role === 'list' && here) {
    const path = all(page.document, PATH).map(line).filter(Boolean)
    return [{ key: here, name: path.at(-1) || headOf(page) || here }]
  }
  const linked = linkedBoards(page, ...patterns)
  if (role !== 'thread') return linked
  const shown = new Set(all(page.document, PATH).map(line))
  const own = linked.filter(({ name }) => shown.has(name))
  return own.length ? own.slice(-1) : linked.slice(0, 1)
}

const FID = [/[?&]fid=(\d+)/, /\bforum-(\w+)-\d+\.html/, /\bthread-htm-fid-(\d+)/, /\bthread-(\d+)(?:-\d+)?$/]

const discuz: Detector = (page, url) => {
  const said = generator(page)
  const role = roleOf(page, DISCUZ)
  const why = [
    ...(/Discuz/i.test(said) ? [`页面注明由 ${said} 生成`] : []),
    ...(role === 'list' ? ['有 Discuz! 的帖子列表'] : role === 'thread' ? ['有 Discuz! 的楼层'] : []),
    ...(/Powered by Discuz/i.test(page.html) ? ['页脚注明 Powered by Discuz!'] : []),
  ]
  if (!why.length) return null
  const confidence = Math.min(1, 0.5 + 0.25 * why.length)
  return { engine: 'discuz', confidence, role, why, boards: boardsOf(page, url, role, ...FID.slice(0, 2)) }
}

const phpwind: Detector = (page, url) => {
  const role9 = roleOf(page, PHPWIND_9)
  const role8 = roleOf(page, PHPWIND_8)
  const is9 = role9 !== 'front'
  const role = is9 ? role9 : role8
  const said = /phpwind/i.test(generator(page)) || /Powered by\s*(<[^>]*>\s*)*PHPWind/i.test(page.html)
  if (role === 'front' && !said) return null
  const why = [
    ...(said ? ['页面注明由 PHPWind 生成'] : []),
    ...(role === 'front' ? [] : [`有 PHPWind ${is9 ? '9' : '8'} 的${role === 'list' ? '帖子列表' : '楼层'}`]),
  ]
  const variant = is9 || role8 === 'front' ? '9' : '8.7'
  return {
    engine: 'phpwind',
    variant,
    confidence: Math.min(1, 0.6 + 0.2 * why.length),
    role,
    why,
    boards: boardsOf(page, url, role, ...FID),
  }
}

const hualongxiang: Detector = (page, url) => {
  if (!at(url, 'hualongxiang.com')) return null
  const role = /\/\d{5,}(\?|$)|read\.php/.test(pathOf(url)) ? 'thread' : 'list'
  const boards = boardsOf(page, url, role, ...FID.slice(0, 1), /^\/([a-z]{3,})\/?$/)
  return { engine: 'hualongxiang', confidence: 0.95, role, why: ['网址属于化龙巷'], boards }
}

const cz001: Detector = (page, url) => {
  if (!at(url, 'cz001.com.cn')) return null
  const paper = /\/(\w+)\/pc\/layout\//.exec(url.pathname)?.[1]
  const variant = url.hostname.startsWith('epaper.') ? 'epaper' : 'web'
  const isArticle = /content_\d+|[?&]m=detail|detail\.php/.test(pathOf(url))
  const board = paper ? { key: paper, name: '数字报' } : { key: pathOf(url), name: headOf(page) || '新闻' }
  const why = ['网址属于中国常州网', ...(variant === 'epaper' ? ['是方正数字报版面'] : [])]
  const role = isArticle ? 'thread' : 'list'
  return { engine: 'cz001', variant, confidence: 0.95, role, why, boards: isArticle ? [] : [board] }
}

const FEED_HEAD = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*|<\?[^>]*>\s*)*<(rss|feed|rdf:RDF)[\s>]/
const feed: Detector = (page, url) => {
  const head = page.html.slice(0, 4000)
  const xml = FEED_HEAD.exec(head)?.[1]
  const isJson = /^\s*\{/.test(head) && /"(items|entries)"\s*:\s*\[/.test(page.html)
  if (!xml && !isJson) return null
  const form = xml === 'feed' ? 'Atom' : xml ? 'RSS' : 'JSON'
  const name = /<title[^>]*>(?:<!\[CDATA\[)?([^<\]]{1,60})/.exec(head)?.[1]?.trim()
  const title = name ?? /"(?:title|name)"\s*:\s*"([^"]{1,60})"/.exec(head)?.[1] ?? '订阅'
  return {
    engine: 'feed',
    confidence: xml ? 1 : 0.8,
    role: 'feed',
    why: [`内容是 ${form} 订阅源`],
    boards: [{ key: pathOf(url), name: title }],
  }
}

const weixin: Detector = (page, url) => {
  const here = at(url, 'mp.weixin.qq.com')
  if (!here && !/item_show_type\s*[=:]/.test(page.html)) return null
  const why = here ? ['网址属于微信公众平台'] : ['页面是公众号文章']
  const board = { key: url.href, name: '单篇文章' }
  return { engine: 'weixin', confidence: here ? 1 : 0.8, role: 'thread', why, boards: [board] }
}

const weibo: Detector = (_page, url) => {
  if (!at(url, 'weibo.cn') && !at(url, 'weibo.com')) return null
  const uid = /^\/(?:u\/|profile\/)?(\d{6,})/.exec(url.pathname)?.[1]
  const word = url.searchParams.get('q')
  const boards = [
    ...(uid ? [{ key: `u:${uid}`, name: `用户 ${uid}` }] : []),
    ...(word ? [{ key: `q:${word}`, name: `关键词 ${word}` }] : []),
  ]
  return { engine: 'weibo', confidence: boards.length ? 1 : 0.6, role: 'list', why: ['网址属于微博'], boards }
}

/** The last resort: a page with many dated titles is a list, one with a long text an article. */
const article: Detector = (page, url) => {
  const titled = all(page.document, LINKS).filter(link => line(link).length >= 8)
  const dates = page.html.match(new RegExp(ITEM_DATES, 'g'))?.length ?? 0
  if (titled.length < 5) return null
  const isList = dates >= 5
  const why = [`页面有 ${titled.length} 个标题链接${isList ? `、${dates} 处日期` : '，但没有成列的日期'}`]
  const boards = [{ key: pathOf(url), name: headOf(page) || '列表' }]
  return { engine: 'article', confidence: isList ? 0.6 : 0.4, role: 'list', why, boards }
}

const DETECTORS: readonly Detector[] = [feed, weixin, weibo, hualongxiang, cz001, discuz, phpwind, article]

/** Folder of a forum's scripts, or the host's root. */
function baseOf(url: URL, engine: EngineName): string {
  const folder = engine === 'discuz' || engine === 'phpwind' ? url.pathname.replace(/[^/]*$/, '') : '/'
  return `${url.origin}${/\/archiver\/$/.test(folder) ? '/' : folder}`
}

export function detect(page: ParsedPage): Detection {
  const url = new URL(page.url)
  const found = DETECTORS.flatMap(detector => detector(page, url) ?? []).sort(
    (a, b) => b.confidence - a.confidence,
  )[0]
  const said = titleOf(page).split(/\s*[-_|–—]\s*/)
  const name = said.filter(part => part && !/powered by|discuz|phpwind/i.test(part)).at(-1) || url.hostname
  if (!found) {
    const why = ['不是论坛、订阅源、公众号或新闻列表，可改为人工录入']
    return {
      engine: null,
      confidence: 0,
      role: null,
      why,
      config: { name, url: `${url.origin}/`, boards: [] },
    }
  }
  const { engine, variant, confidence, role, why, boards } = found
  const config = { name, engine, url: baseOf(url, engine), boards, ...(variant && { variant }) }
  return { engine, confidence, role, why, config }
}
