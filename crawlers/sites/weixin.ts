/**
 * 微信公众号 (sites.md §5): articles on mp.weixin.qq.com. A board's key is the address of a gateway's feed (wewe-rss,
 * we-mp-rss), relative to the source's, or of one article.
 */
import { against, imagesIn, listAt, published, toList, toPost, toRef, toThread } from '../fields.ts'
import { all, attr, line, one, plainText, query } from '../parse.ts'
import {
  CrawlError,
  type ListRead,
  type ParsedPage,
  type Site,
  type SourceConfig,
  type ThreadRead,
} from '../site.ts'
import { type Wordings, wallOf } from '../walls.ts'
import { feedItems } from './feed.ts'
import { weixinKey } from './weixin-key.ts'

export function weixin(source: SourceConfig): Site {
  const keyOf: KeyOf = address => weixinKey(address, new URL(source.url).host)
  return {
    source,
    listUrls: listAt(source),
    list: page => readList(page, keyOf),
    threadUrl: key => key,
    thread: page => readArticle(page, keyOf),
  }
}
type KeyOf = (address: string) => string | null

/** A gateway's feed gives addresses; what can't be opened by itself is taken as the feed shows it. */
function readList(page: ParsedPage, keyOf: KeyOf): ListRead {
  const own = keyOf(page.url)
  if (own) {
    return toList({ threads: [toRef({ key: own, url: own, title: '' })] })
  }
  const { posts } = feedItems(page)
  const threads = posts.flatMap(({ url, title, publishedAt }) => {
    const key = keyOf(url)
    return key ? [toRef({ key, url: key, title: title ?? '', createdAt: publishedAt })] : []
  })
  return toList({ threads, posts: posts.filter(({ url }) => !keyOf(url)) })
}

// --- an article's page ---

/** In order: risk control before deletion, since both come with status 200 and no body. */
const FAILURES: Wordings = [
  [/wappoc_appmsgcaptcha|环境异常|去验证/, 'challenge'],
  [/访问过于频繁/, 'throttled'],
  [/请在微信客户端打开链接/, 'login'],
  [/(发布者|发送人|作者)删除/, 'gone'],
  [
    /此内容因违规(无法查看|已删除)|此内容发送失败无法查看|账号已被屏蔽|公众号已被封禁|帐号已注销|账号已注销/,
    'gone',
  ],
  [/链接已过期|参数错误|该文章不存在/, 'gone'],
  [/根据作者隐私设置|暂时无法查看/, 'forbidden'],
  [/系统出错/, 'network'],
]

const BODY = query('#js_content')
const META = (name: string) => query(`meta[property="${name}"], meta[name="${name}"]`)
const TITLE = { meta: META('og:title'), shown: query('#activity-name, .rich_media_title') }
const ACCOUNT = query('.wx_follow_nickname || #js_name || .profile_nickname')
const AUTHOR = { meta: META('author'), shown: query('#js_author_name') }
const SUMMARY = META('description')
const IMAGES = query('img[data-src], img[src]')
const UNSAID = query('script, style, mpvoice, .js_ad_link, .weapp_text_link')
const SHARED = query('#js_share_source')

/** Value of a script variable: `var ct = "1733…"`, `create_timestamp: '1733…'`. */
const scriptValue = (html: string, ...names: string[]): string | null => {
  for (const name of names) {
    const found = new RegExp(`\\b${name}\\s*[:=]\\s*(?:htmlDecode\\()?["']?([^"',;)\\s&]{1,200})`).exec(
      html,
    )?.[1]
    if (found) return found
  }
  return null
}

/** `\x0a`, `\n` and entities of texts that stand in attributes and scripts. */
const unescaped = (text: string): string =>
  text
    .replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\n/g, '\n')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&nbsp;/g, ' ')
    .replace(/&amp;/g, '&')
    .trim()

/** Deleted, forbidden and risk-control pages; null where the page is an article of some kind. */
function failure(page: ParsedPage): CrawlError | null {
  const { html, url, document } = page
  const isArticle = /\bitem_show_type\b/.test(html) || one(document, BODY) !== null
  if (isArticle) return null
  const visible = plainText(document, UNSAID).replaceAll('\n', ' ')
  for (const [wording, kind] of FAILURES) {
    const said = wording.exec(visible)?.[0] ?? wording.exec(html)?.[0]
    if (said) return new CrawlError(kind, url, `公众号文章：${sentence(visible, said)}`)
  }
  return wallOf(page, 'thread') ?? new CrawlError('parse', url, '不是公众号文章页')
}

const sentence = (text: string, said: string): string => {
  const at = text.indexOf(said)
  return at < 0 ? '需要验证' : text.slice(Math.max(0, at - 12), at + said.length + 12).trim()
}

/** Pictures of a picture post stand in the script. */
const PICTURES = /cdn_url\s*:\s*(?:JsDecode\()?["']([^"']+)/g

function readArticle(page: ParsedPage, keyOf: KeyOf): ThreadRead {
  const fault = failure(page)
  if (fault) throw fault
  const { document, html } = page
  const meta = (what: typeof SUMMARY) => attr(one(document, what), 'content')?.trim() || null
  const body = one(document, BODY)
  const summary = meta(SUMMARY)
  // Video, audio, picture and short posts keep their words in the description.
  const long = body ? plainText(body, UNSAID) : ''
  const text = long || (summary ? unescaped(summary) : '')
  const pictures = [...html.matchAll(PICTURES)].map(found => unescaped(found[1] as string))
  const shown = body ? imagesIn(all(body, IMAGES), against(page.url)) : []
  const urls = new Set([...shown.map(({ url }) => url), ...pictures.map(against(page.url)).filter(Boolean)])
  if (!text && !urls.size) throw new CrawlError('parse', page.url, '文章没有正文')
  const key = keyOf(page.url) ?? page.url
  const original = attr(one(document, SHARED), 'data-url')
  const title = meta(TITLE.meta) ?? (line(one(document, TITLE.shown)) || null)
  const account =
    line(one(document, ACCOUNT)) || meta(AUTHOR.meta) || line(one(document, AUTHOR.shown)) || null
  const post = toPost({
    key,
    url: key,
    kind: 'article',
    title: title && unescaped(title),
    author: { id: scriptValue(html, 'biz'), name: account },
    text,
    quote: original ? `转载自 ${unescaped(original)}` : null,
    images: [...urls].map(url => ({ url })),
    ...published(scriptValue(html, 'ct', 'create_timestamp', 'ori_create_time', 'create_time'), page),
    place: placeOf(html),
  })
  return toThread(post)
}

function placeOf(html: string): string | null {
  const names = ['countryName', 'provinceName', 'cityName'].map(name => scriptValue(html, name))
  const parts = names.filter((name): name is string => !!name && /\p{Script=Han}/u.test(name))
  return parts.length
    ? [...new Set(parts)].filter((name, at) => at > 0 || name !== '中国').join('') || '中国'
    : null
}
