/**
 * Discuz! X 3.1 to 3.5 (sites.md §1, discuz-live.md §1-2): desktop pages, and as fallbacks chosen by `variant` the
 * board's RSS as list (`rss`), the plain archiver (`archiver`), the touch template (`touch`), portal articles (`portal`).
 */
import { toList, toRef, variantOf } from '../fields.ts'
import type { ForumSelectors, ForumTemplate } from '../forum/template.ts'
import { forum } from '../forum.ts'
import { attr } from '../parse.ts'
import type { ParsedPage, Site, SourceConfig } from '../site.ts'
import { archiver } from './discuz-archiver.ts'
import { pageError } from './discuz-errors.ts'
import { portal } from './discuz-portal.ts'
import { TOUCH } from './discuz-touch.ts'
import { feedItems } from './feed.ts'

const DESKTOP: ForumSelectors = {
  list: '#threadlisttableid',
  row: 'tbody[id^="normalthread_"], tbody[id^="stickthread_"]',
  rowTitle: 'a.xst',
  rowCreated: 'td.by em span',
  rowReplies: 'td.num a',
  rowViews: 'td.num em',
  rowLastReply: 'td.by:last-child em',
  rowSticky: '[id^="stickthread_"]',
  rowClosed: 'th.lock, .fico-lock, img[src*="folder_lock"], a[title*="关闭的主题"]',
  listNext: '#fd_page_bottom a.nxt, .pgs a.nxt',
  posts: '#postlist > div[id^="post_"]',
  title: '#thread_subject',
  views: '#postlist .hm .xi1',
  replies: '#postlist .hm .xi1 ~ .xi1',
  body: '[id^="postmessage_"]',
  time: 'em[id^="authorposton"]',
  author: '.pls .authi a.xw1, .pls .authi a, .pti .authi a.xi2',
  anonymous: '.pls .authi, .pls .pi',
  floor: 'a[id^="postnum"]',
  withheld: '.locked',
  quote: '.quote blockquote',
  skip: '.quote, i.pstatus, .attach_nopermission, .showhide, .locked, ignore_js_op, .aimg_tip, .tip, .blockcode em, .sign, .attach_popup, .jammer, [id^="attach_"], [style*="font-size:0"], [style*="display:none"], [style*="display: none"]',
  images: '[id^="postmessage_"] img, .pattl img[zoomfile], .pattl img[file]',
  files: '[id^="attach_"] > a[href*="mod=attachment"], .pattl .attnm a, .pattl a[id^="aid"]',
  poll: '#poll',
  pollParts: 'label[for^="option_"], td em',
  threadNext: '.pgs .pg a.nxt[href*="thread"]',
  currentPage: '.pgs .pg strong',
  closed: '.fico-lock, .modact:contains("关闭")',
  board: '#pt .z a[href*="fid="], #pt .z a[href*="forum-"]',
  noise: '',
}

const tidOf = (href: string): string | null =>
  /(?:[?&]p?tid=|thread-|[?/]tid-)(\d+)/.exec(href.replaceAll('&amp;', '&'))?.[1] ?? null

const boardUrl = (fid: string, query: string) =>
  `forum.php?mod=forumdisplay&fid=${encodeURIComponent(fid)}${query}&page=1`

const desktop: ForumTemplate = {
  selectors: DESKTOP,
  orders: {
    lastReply: fid => boardUrl(fid, ''),
    newest: fid => boardUrl(fid, '&filter=author&orderby=dateline'),
  },
  threadUrl: (tid, page) =>
    `forum.php?mod=viewthread&tid=${encodeURIComponent(tid)}${page > 1 ? `&page=${page}` : ''}`,
  postUrl: (tid, pid) =>
    `forum.php?mod=${pid ? `redirect&goto=findpost&ptid=${tid}&pid=${pid}` : `viewthread&tid=${tid}`}`,
  tidOf,
  pageOf: href => Number(/[?&]page=(\d+)|thread-\d+-(\d+)/.exec(href)?.slice(1).find(Boolean)) || null,
  pidOf: post => /(\d+)$/.exec(attr(post, 'id') ?? '')?.[1] ?? null,
  isFirst: (_post, at) => at === 0,
  notices: /^(本?帖?(待审核|审核中)\S{0,20}|该帖(待审核|审核中)\S{0,20}|无效楼层.{0,20})$/,
  fault: pageError,
}

/** The same numbers and addresses, drawn for phones; a site may answer with desktop pages all the same. */
const touch: ForumTemplate = {
  ...desktop,
  selectors: TOUCH,
  orders: {
    lastReply: fid => boardUrl(fid, '&mobile=2'),
    newest: fid => boardUrl(fid, '&filter=author&orderby=dateline&mobile=2'),
  },
  threadUrl: (tid, page) => `${desktop.threadUrl(tid, page)}&mobile=2`,
}

const isDesktop = ({ html }: ParsedPage) => /id="(threadlisttableid|postlist)"/.test(html)

/** A board's newest threads by its RSS; the threads themselves on their pages. */
function rss(source: SourceConfig): Site {
  const site = forum(source, desktop)
  const base = site.threadUrl('0') ?? source.url
  return {
    ...site,
    listUrls: fid => [new URL(`forum.php?mod=rss&fid=${encodeURIComponent(fid)}`, base).href],
    list(page) {
      const { posts, askAgain = false } = feedItems(page)
      const threads = posts.flatMap(({ url, title, publishedAt }) => {
        const key = tidOf(url)
        return key ? [toRef({ key, url, title: title ?? '', createdAt: publishedAt })] : []
      })
      return toList({ threads, askAgain })
    },
  }
}

const VARIANTS: Record<string, (source: SourceConfig) => Site> = {
  desktop: source => forum(source, desktop),
  rss,
  archiver,
  touch(source) {
    const drawn = { touch: forum(source, touch), desktop: forum({ ...source, selectors: {} }, desktop) }
    const by = (page: ParsedPage) => (isDesktop(page) ? drawn.desktop : drawn.touch)
    return { ...drawn.touch, list: page => by(page).list(page), thread: page => by(page).thread(page) }
  },
  portal,
}
export const discuz = (source: SourceConfig): Site => variantOf(VARIANTS, source)(source)
