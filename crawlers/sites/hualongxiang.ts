/**
 * 化龙巷 (sites.md §2.3): a PHPWind 8 of its own making, GBK. What was seen in 2016-2020 are the defaults; after `||`
 * stands what an unchanged PHPWind has, and every selector can be replaced by configuration. A board's key is its
 * number (`103`), its name in the address (`chazuo`) or `search:词`.
 */
import type { ForumSelectors, ForumTemplate } from '../forum/template.ts'
import { forum } from '../forum.ts'
import { one, query } from '../parse.ts'
import { CrawlError, type ParsedPage, type Site, type SourceConfig } from '../site.ts'
import { wallOf } from '../walls.ts'
import { EIGHT, eight, phpwindFault } from './phpwind.ts'

const SELECTORS: ForumSelectors = {
  ...EIGHT,
  list: '#threadlist || .shopper-list-long || .thread-list, .threadlist, .list',
  row: 'tr.tr3 || .shopper-list-long li || li, tr',
  rowTitle: `${EIGHT.rowTitle} || .title a[href] || a[href]`,
  rowCreated: 'td.author p || .time span ~ span || .time span',
  posts: '.read_t, :has(> .cont_hd) || [id^="readfloor_"]',
  title: '.title_name h2 a || #subject_tpc || h1',
  views: 'ul.data li:first-child span || .readNum li em',
  replies: 'ul.data li:nth-child(2) span || #topicRepliesNum',
  body: '#read_tpc || [id^="read_"]:not([id^="read_Att"])',
  time: '.cont_hd p[title] || .tipTop span[title] || td p:contains("发表于")',
  author: '.cont_hd a[href*="uid"], .cont_hd a.name || .readName a, .r_name a || td:first-child a[href]',
  anonymous: '.cont_hd .name || .readName, .r_name || td:first-child .name',
  floor: '.floor || .tipTop a.s2 || td ~ td p a',
  board: '.breadcrumb a[href], .crumb a[href] || #breadCrumb a[href*="fid"]',
  noise: '.cont_hd a, td p a',
}

const CONTENT = { list: query(SELECTORS.list), thread: query('#read_tpc, .read_t') }

function fault(page: ParsedPage, expected: 'list' | 'thread'): CrawlError | null {
  if (one(page.document, CONTENT[expected])) return null
  const told = wallOf(page, expected) ?? phpwindFault(page, expected)
  if (told || expected === 'list') return told
  // Its own crawlers' rule: a thread without these words is a wall or gone.
  return page.html.includes('发表于') ? null : new CrawlError('gone', page.url, '页面上没有帖子')
}

function listUrl(key: string, query: string): string {
  const word = /^search:(.+)$/.exec(key)?.[1]
  if (word) return `http://so.hualongxiang.com/?keyword=${encodeURIComponent(word)}&desc=time&time=w`
  return /^\d+$/.test(key) ? `thread.php?fid=${key}${query}` : `${encodeURIComponent(key)}/`
}

const template: ForumTemplate = {
  ...eight,
  selectors: SELECTORS,
  orders: {
    lastReply: key => listUrl(key, '&page=1'),
    newest: key => listUrl(key, '&orderway=postdate&asc=DESC&page=1'),
  },
  threadUrl: (tid, page) => `read.php?tid=${encodeURIComponent(tid)}&pd=0&page=${page}`,
  tidOf: href =>
    eight.tidOf(href) ?? /^https?:\/\/[^/]+\/[a-z]+\/(\d{5,})(?:[/?#]|$)/.exec(href)?.[1] ?? null,
  isFirst: (post, at) => at === 0 || eight.isFirst(post, at),
  pidOf: post => eight.pidOf(post) ?? /_([1-9]\d*)$/.exec(one(post, BODY)?.attribs.id ?? '')?.[1] ?? null,
  fault,
}
const BODY = query('[id^="read_"]:not([id^="read_Att"])')

/** GBK, whatever the header says. */
export const hualongxiang = (source: SourceConfig): Site => forum(source, template)
