/** Answers that say stop, whatever site gives them (design §3), and pages that are no content on any site. */
import { line, one, query } from './parse.ts'
import { CrawlError, type CrawlErrorKind, type Page, type ParsedPage } from './site.ts'

export function statusError(url: string, status: number): CrawlError | null {
  if (status === 403 || status === 418 || status === 432)
    return new CrawlError('challenge', url, `站点拒绝访问（${status}）`)
  if (status === 429) return new CrawlError('throttled', url, '站点提示访问过快（429）')
  return null
}

const DAY_MS = 86_400_000

/** Until when the answer asks us to wait (Retry-After, seconds or a date), at most a day; 0 where it says nothing. */
export function retryAfter(page: Pick<Page, 'headers'>, now: number): number {
  const said = page.headers['retry-after']
  if (!said) return 0
  const at = /^\d+$/.test(said) ? now + Number(said) * 1000 : Date.parse(said)
  return Number.isNaN(at) ? 0 : Math.min(at, now + DAY_MS)
}

/** Wordings of a program's own message pages, the first that fits. */
export type Wordings = readonly (readonly [RegExp, CrawlErrorKind])[]

/**
 * Why a page of a program gives no posts, or null where it does: `message` is where the program writes what it has to
 * say, `list` and `thread` what their pages have. A message that nobody knows shuts the site for now.
 */
export function faultBy(message: string, list: string, thread: string, wordings: Wordings) {
  const said = query(message)
  const content = { list: query(list), thread: query(thread) }
  return (page: ParsedPage, expected: 'list' | 'thread'): CrawlError | null => {
    if (one(page.document, content[expected])) return null
    const text = line(one(page.document, said))
    const kind = wordings.find(([wording]) => wording.test(text))?.[1]
    if (kind) return new CrawlError(kind, page.url, text.slice(0, 200))
    return wallOf(page, expected) ?? (text ? new CrawlError('closed', page.url, text.slice(0, 200)) : null)
  }
}

/** A page of less than this without content is a wall, not a board. */
const SMALL = 6_000
const THROTTLED = /频繁刷新限制|刷新间隔|访问过于频繁|操作太频繁|请求过于频繁/
/** Names and marks of the usual walls: Discuz' own, 云锁, 阿里云, 宝塔, 创宇盾, 微博 and 微信 risk control. */
const WALLS =
  /_dsign=|页面重载开启|网站防火墙|acw_sc__v2|security_verify_data|security_session_verify|安全验证|人机验证|访问验证|请输入验证码|环境异常|secqaa|\d+ [+-] \d+ = \?|Sina Visitor System|wbBotDetector|passport\.weibo\.com\/sso|mini_original\.js|Just a moment\.\.\.|云锁|创宇盾|antispider/

/** Marks that no page of content carries, whatever its size. */
const SURE = /security_verify_data|security_session_verify|Sina Visitor System|wbBotDetector|acw_sc__v2=/

/** Why a page without the reader's content has none. Null: the page looks like a page, so its layout is not ours. */
export function wallOf(page: ParsedPage, expected: 'list' | 'thread'): CrawlError | null {
  const { url, status, html } = page
  const fail = (kind: CrawlErrorKind, message: string) => new CrawlError(kind, url, message)
  const small = html.length < SMALL
  if (small && THROTTLED.test(html)) return fail('throttled', '站点提示访问过快')
  if (small ? WALLS.test(html) : SURE.test(html)) return fail('challenge', '站点要求验证')
  if (status === 404 || status === 410)
    return fail(expected === 'list' ? 'notFound' : 'gone', `页面不存在（${status}）`)
  if (status === 401) return fail('login', '站点要求登录（401）')
  if (status >= 400) return fail('network', `站点出错（${status}）`)
  return html.trim() === '' ? fail('parse', '页面是空的') : null
}
