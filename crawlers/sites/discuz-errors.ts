import { line, one, query } from '../parse.ts'
import { CrawlError, type CrawlErrorKind, type ParsedPage } from '../site.ts'

/** Wording of the message page -> kind (sites.md §1.7, discuz-live.md §2); the first that fits. */
const MESSAGES: [RegExp, CrawlErrorKind][] = [
  [/主题不存在|已被删除|正在被审核/, 'gone'],
  [/版块不存在|Specified forum not found/, 'notFound'],
  [/需要(先)?\s*登录|尚未登录/, 'login'],
  [/没有权限|阅读权限高于|密码版块/, 'forbidden'],
  [/秒内只能|每分钟最多|刷新(过快|间隔|限制)|速度过快/, 'throttled'],
  [/站点(暂时)?关闭|维护|升级/, 'closed'],
]

const MESSAGE = query('#messagetext')
const CONTENT = { list: query('#threadlisttableid'), thread: query('#postlist') }
/** A page of less than this without content is a wall, not a board. */
const SMALL = 4_000
const WALLS =
  /_dsign=|页面重载开启|网站防火墙|acw_sc__v2|security_verify_data|安全验证|人机验证|访问验证|secqaa|\d+ [+-] \d+ = \?/

/** Why this page gives no posts, or null where it does. */
export function pageError(page: ParsedPage, expected: 'list' | 'thread'): CrawlError | null {
  const { url, status, html, document } = page
  const fail = (kind: CrawlErrorKind, message: string) => new CrawlError(kind, url, message)
  const message = one(document, MESSAGE)
  if (message) {
    const text = line(message)
    const kind = MESSAGES.find(([wording]) => wording.test(text))?.[1] ?? 'closed'
    return fail(kind, text.slice(0, 200))
  }
  if (one(document, CONTENT[expected])) return null
  if (html.length < SMALL && /频繁刷新限制|刷新间隔/.test(html)) return fail('throttled', '站点提示访问过快')
  if (html.length < SMALL && WALLS.test(html)) return fail('challenge', '站点要求验证')
  if (status === 404) return fail(expected === 'list' ? 'notFound' : 'gone', '页面不存在（404）')
  if (status >= 500) return fail('network', `站点出错（${status}）`)
  if (/Specified forum not found/.test(html)) return fail('notFound', '版块不存在')
  return null
}
