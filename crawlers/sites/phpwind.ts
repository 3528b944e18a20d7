/** PHPWind 9 (discuz-live.md §5) and 8.7 (sites.md §2.1): every answer has status 200, errors are told in words only. */
import { variantOf } from '../fields.ts'
import type { ForumSelectors, ForumTemplate } from '../forum/template.ts'
import { forum } from '../forum.ts'
import { attr } from '../parse.ts'
import type { Site, SourceConfig } from '../site.ts'
import { faultBy, type Wordings } from '../walls.ts'

const NINE: ForumSelectors = {
  list: '.thread_posts_list, table#J_posts_list',
  row: 'tr:has(td.subject)',
  rowTitle: 'p.title a.st[href*="read.php"], p.title a.st[href*="/read-"], p.title a.st[href^="read-"]',
  rowCreated: 'p.info span',
  rowReplies: 'td.num em',
  rowViews: 'td.num span ~ span em',
  rowLastReply: 'p.info span ~ span',
  rowSticky: '[class*="icon_headtopic"]',
  rowClosed: '.icon_lock',
  listNext: '.pages a.pages_next || .pages strong + a',
  posts: '#J_posts_list .J_read_floor || .J_read_floor',
  title: '#J_post_title',
  views: '.post_num .hits em || .post_num li em',
  replies: '#topicRepliesNum || .post_num .replies em',
  body: '.editor_content',
  time: '.floor_top_tips span.fl',
  author: '.floor_info .name a[data-uid], .floor_info .name a',
  anonymous: '.floor_info .name',
  floor: '.floor_top_tips .lou',
  withheld: '.content_hidden, .content_sell, .inside_logs:contains("审核")',
  quote: 'blockquote',
  skip: 'blockquote, .edit_log, .inside_title, .content_hidden, .content_sell, .J_attach_img_wrap, .read_attach_list',
  images: '.editor_content img, .read_attach_pic .big_img img',
  files: 'a.J_post_attachs',
  poll: '',
  pollParts: '',
  threadNext: '.pages a.pages_next || .pages strong + a',
  currentPage: '.pages strong',
  closed: '.icon_lock, .floor_honor [title*="锁定"], .floor_honor [title*="关闭"]',
  board: '.bread_crumb a[href*="fid="], .bread_crumb a[href*="thread-"]',
  noise: '#J_post_title a, a.return, .J_img_info, sup',
}

export const EIGHT: ForumSelectors = {
  list: '#threadlist || #ajaxtable',
  row: 'tr.tr3',
  rowTitle:
    'a.subject_t || a[id^="a_ajax_"] || td.subject a[href*="read.php"], td.subject a[href*="read-htm"]',
  rowCreated: 'td.author p',
  rowReplies: 'td.num em',
  rowViews: 'td.num span',
  rowLastReply: 'td.author ~ td.author p a',
  rowSticky: 'img[src*="headtopic"]',
  rowClosed: 'img[src*="topiclock"], img[title*="锁定"]',
  listNext: '.pages a.pages_next || .pages b + a',
  posts: '[id^="readfloor_"]',
  title: '#subject_tpc',
  views: '.readNum li em || .readTop li .b',
  replies: '#topicRepliesNum || .readTop li ~ li .b',
  body: '.tpc_content [id^="read_"]:not([id^="read_Att"]) || [id^="read_"]:not([id^="read_Att"])',
  time: '.tipTop span[title], .tiptop span[title] || .tipTop, .tiptop',
  author: '.readName a, .r_name a',
  anonymous: '.readName, .r_name',
  floor: '.tipTop a.s2, .tiptop .fl a',
  withheld: '.quoteTips, .f_one:contains("屏蔽")',
  quote: 'blockquote',
  skip: 'blockquote, h6.quote, .quoteTips, .sigline, .tips, [id^="read_Att"], [style*="display:none"]',
  images: '[id^="read_"] img, [id^="read_Att"] img',
  files: '[id^="att_"] a[href*="job.php"], [id^="read_Att"] a[href*="job.php"]',
  poll: '',
  pollParts: '',
  threadNext: '.pages a.pages_next || .pages b + a',
  currentPage: '.pages b',
  closed: 'img[src*="topiclock"]',
  board: '#breadCrumb a[href*="fid"]',
  noise: 'a.return',
}

/** The first that fits. Waiting for the moderators looks like gone to a guest. */
const MESSAGES: Wordings = [
  [/版块不存在|版块已关闭|没有找到.{0,4}版块/, 'notFound'],
  [/(已被|不存在或已被)删除|帖子不存在|没有通过审核|管理员审核|读取数据错误/, 'gone'],
  [/没有登录|请先登录|需要登录|只允许注册会员/, 'login'],
  [/没有.{0,12}权限|已被关闭|管理员屏蔽|加密版块/, 'forbidden'],
  [/(刷新|操作|访问)(过快|太快|频繁|过于频繁)/, 'throttled'],
  [/站点(已)?关闭|维护/, 'closed'],
]
export const phpwindFault = faultBy(
  '#J_html_error, .error_wrap || #pw_content .f_one, .wind_message, .tips_error',
  `${NINE.list}, #threadlist`,
  '.J_read_floor, [id^="readfloor_"], #read_tpc',
  MESSAGES,
)

export const nine: ForumTemplate = {
  selectors: NINE,
  orders: {
    lastReply: fid => `index.php?m=bbs&c=thread&fid=${encodeURIComponent(fid)}&page=1`,
    newest: fid => `index.php?m=bbs&c=thread&fid=${encodeURIComponent(fid)}&orderby=postdate&page=1`,
  },
  threadUrl: (tid, page) => `read.php?tid=${encodeURIComponent(tid)}${page > 1 ? `&page=${page}` : ''}`,
  postUrl: (tid, pid) => `read.php?tid=${tid}${pid ? `#read_${pid}` : ''}`,
  tidOf: href => /[?&]tid=(\d+)|\bread(?:-htm-tid)?-(\d+)/.exec(href)?.slice(1).find(Boolean) ?? null,
  pageOf: href =>
    Number(/[?&]page=(\d+)|-page-(\d+)|\bread-\d+-(\d+)/.exec(href)?.slice(1).find(Boolean)) || null,
  // The opening post has no number of its own.
  pidOf: post => /_([1-9]\d*)$/.exec(attr(post, 'id') ?? '')?.[1] ?? null,
  isFirst: post => /_(0|tpc)$/.test(attr(post, 'id') ?? ''),
  notices:
    /^(\[?本部分内容设定了.{2,40}|此(帖售价|段为出售).{2,40}|对不起[!！]您没有登录.*|用户被禁言.{0,20}|该(帖|主题)已?被(管理员)?屏蔽.{0,10}|该主题自动屏蔽.{0,5}|该帖需要审核.*|需要管理员审核.*)$/,
  quotedBy: /^(引用)?\s*[^\s:：]{1,30}\s*[:：]\s*/,
  fault: phpwindFault,
}

export const eight: ForumTemplate = {
  ...nine,
  selectors: EIGHT,
  orders: {
    lastReply: fid => `thread.php?fid=${encodeURIComponent(fid)}&page=1`,
    newest: fid => `thread.php?fid=${encodeURIComponent(fid)}&orderway=postdate&asc=DESC&page=1`,
  },
  // Who said it stands in a line of its own.
  quotedBy: /^引用\s*[:：]\s*/,
  postUrl: (tid, pid) => (pid ? `job.php?action=topost&tid=${tid}&pid=${pid}` : `read.php?tid=${tid}`),
}

const VARIANTS = { '9': nine, '8.7': eight }

export const phpwind = (source: SourceConfig): Site => forum(source, variantOf(VARIANTS, source))
