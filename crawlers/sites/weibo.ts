/**
 * 微博 (sites.md §4): m.weibo.cn's JSON where it answers, an RSSHub instance otherwise (`variant: rsshub`). A board's
 * key is `u:UID` for an account or `q:词` for a keyword; with RSSHub the path of its route. A wall is told as such and
 * never passed.
 */
import type { Element } from 'domhandler'
import {
  against,
  listOnly,
  published,
  toCount,
  toList,
  toPost,
  toRef,
  toThread,
  variantOf,
} from '../fields.ts'
import { all, attr, parseMarkup, plainText, query } from '../parse.ts'
import {
  CrawlError,
  type ListRead,
  type ParsedPage,
  type ReadPost,
  type Site,
  type SourceConfig,
} from '../site.ts'
import { wallOf } from '../walls.ts'
import { feedItems } from './feed.ts'

interface Mblog {
  id?: string | number
  mid?: string
  bid?: string
  mblogid?: string
  text?: string
  created_at?: string
  user?: { id?: number | string; screen_name?: string } | null
  reposts_count?: number | string
  comments_count?: number | string
  attitudes_count?: number | string
  isLongText?: boolean
  longText?: { longTextContent?: string }
  longTextContent?: string
  pics?: Record<string, Picture> | Picture[]
  retweeted_status?: Mblog | null
  region_name?: string
}
interface Picture {
  url?: string
  large?: { url?: string }
}
interface Card {
  mblog?: Mblog
  card_group?: Card[]
}
interface Answer {
  ok?: number
  msg?: string
  url?: string
  data?: Mblog & { cards?: Card[]; cardlistInfo?: { since_id?: number | string } }
}

const HOME = 'https://weibo.com/'
const NUMERALS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The number behind the letters of an address: groups of four from the right, each seven digits of the number. */
export function midOf(bid: string): string | null {
  if (!/^[0-9a-zA-Z]{5,12}$/.test(bid)) return null
  const groups: string[] = []
  for (let end = bid.length; end > 0; end -= 4) {
    const value = [...bid.slice(Math.max(0, end - 4), end)].reduce(
      (sum, c) => sum * 62 + NUMERALS.indexOf(c),
      0,
    )
    groups.unshift(String(value).padStart(end > 4 ? 7 : 1, '0'))
  }
  return groups.join('')
}

function parse(page: ParsedPage): Answer {
  const wall = wallOf(page, 'list')
  if (!page.html.trimStart().startsWith('{'))
    throw wall ?? new CrawlError('challenge', page.url, '微博没有给出数据，只有网页：来源受限')
  let answer: Answer
  try {
    answer = JSON.parse(page.html) as Answer
  } catch {
    throw new CrawlError('parse', page.url, '微博接口的 JSON 不完整')
  }
  if (typeof answer !== 'object' || answer === null)
    throw new CrawlError('parse', page.url, '微博接口没有给出内容')
  if (answer.ok === -100) throw new CrawlError('challenge', page.url, '微博要求登录：来源受限')
  if (!answer.data && answer.url) throw new CrawlError('challenge', page.url, '微博要求验证：来源受限')
  if (answer.ok !== 1 && !/没有内容/.test(answer.msg ?? '') && !answer.data)
    throw new CrawlError('parse', page.url, `微博接口：${answer.msg ?? '没有内容'}`)
  return answer
}

const EMOJI = query('span.url-icon img[alt]')
const UNSAID = query('span.url-icon, .expand')

/** HTML of a post as text: emoji by name, no zero-width signs, no 全文 at the end of a cut text. */
function textOf(html: string): string {
  const root = parseMarkup(`<div>${html}</div>`, HOME).children[0] as Element
  for (const image of all(root, EMOJI)) {
    const icon = image.parent as Element
    icon.attribs = {}
    icon.children = parseMarkup(attr(image, 'alt') ?? '', HOME).children
  }
  return plainText(root, UNSAID)
    .replaceAll('\u200b', '')
    .replace(/\s*\.{0,3}全文$/, '')
    .trim()
}

const isCut = (blog: Mblog): boolean =>
  (blog.isLongText === true || />全文<\/a>/.test(blog.text ?? '')) && !blog.longText?.longTextContent

/** Their pictures have whole addresses. */
const whole = against(HOME)

function picturesOf(blog: Mblog): { url: string }[] {
  const pictures = Array.isArray(blog.pics) ? blog.pics : Object.values(blog.pics ?? {})
  const urls = pictures.map(picture => picture?.large?.url ?? picture?.url)
  return urls.flatMap(url => (typeof url === 'string' && whole(url) ? [{ url: whole(url) }] : []))
}

function toReadPost(blog: Mblog, page: ParsedPage): ReadPost | null {
  const key = String(blog.mid ?? blog.id ?? '')
  if (!/^\d{6,}$/.test(key)) return null
  const uid = blog.user?.id === undefined ? null : String(blog.user.id)
  const bid = blog.bid || blog.mblogid || key
  const original = blog.retweeted_status
  const quoted =
    original &&
    `${original.user?.screen_name ? `@${original.user.screen_name}：` : ''}${textOf(original.text ?? '')}`
  return toPost({
    key,
    url: uid ? `https://weibo.com/${uid}/${bid}` : `https://m.weibo.cn/status/${bid}`,
    kind: 'microblog',
    author: { id: uid, name: blog.user?.screen_name ?? null },
    text: textOf(blog.longText?.longTextContent ?? blog.longTextContent ?? blog.text ?? ''),
    quote: quoted || null,
    images: picturesOf(blog),
    ...published(blog.created_at ?? null, page),
    counts: {
      views: null,
      replies: toCount(blog.comments_count),
      reposts: toCount(blog.reposts_count),
      likes: toCount(blog.attitudes_count),
    },
    place: blog.region_name?.replace(/^发布于\s*/, '') || null,
  })
}

const blogsIn = (cards: Card[]): Mblog[] =>
  cards.flatMap(card => [...(card?.mblog ? [card.mblog] : []), ...blogsIn(card?.card_group ?? [])])

/** Whole posts at once; cut ones are opened for the rest. */
function readTimeline(page: ParsedPage): ListRead {
  const { data } = parse(page)
  const blogs = blogsIn(Array.isArray(data?.cards) ? data.cards : [])
  const read = blogs.flatMap(blog => {
    const post = toReadPost(blog, page)
    return post ? [{ blog, post }] : []
  })
  const since = data?.cardlistInfo?.since_id
  const next = new URL(page.url)
  if (since) next.searchParams.set('since_id', String(since))
  const cut = read.filter(({ blog }) => isCut(blog))
  return {
    posts: read.filter(({ blog }) => !isCut(blog)).map(({ post }) => post),
    threads: cut.map(({ post: { key, url, publishedAt } }) =>
      toRef({ key, url, title: '', createdAt: publishedAt }),
    ),
    nextUrl: since ? next.href : null,
  }
}

function mobile(source: SourceConfig): Site {
  const api = against(source.url)
  return {
    source,
    listUrls(key) {
      const [kind, value = ''] = [key.slice(0, 2), key.slice(2)]
      const word = encodeURIComponent(`100103type=61&q=${value}`)
      if (kind === 'q:') return [api(`/api/container/getIndex?containerid=${word}&page_type=searchall`)]
      const uid = encodeURIComponent(kind === 'u:' ? value : key)
      return [api(`/api/container/getIndex?type=uid&value=${uid}&containerid=107603${uid}`)]
    },
    list: readTimeline,
    threadUrl: mid => api(`/statuses/show?id=${encodeURIComponent(mid)}`),
    thread(page) {
      const { data, msg } = parse(page)
      const post = data && toReadPost(data, page)
      if (!post) throw new CrawlError('gone', page.url, msg || '微博不存在或已删除')
      return toThread(post)
    },
  }
}

const BID = /weibo\.(?:com|cn)\/(?:status\/|\d+\/)([0-9A-Za-z]+)/

/** The same posts under the same numbers, by way of a feed gateway. */
const rsshub = (source: SourceConfig): Site =>
  listOnly(source, page => {
    const posts = feedItems(page).posts.map(post => {
      const mid = midOf(BID.exec(post.url)?.[1] ?? '')
      return { ...post, kind: 'microblog' as const, title: null, key: mid ?? post.key }
    })
    return toList({ posts })
  })

export const weibo = (source: SourceConfig): Site => variantOf({ mobile, rsshub }, source)(source)
