import { createHash } from 'node:crypto'
import { against, published, toCount, toList, toPost, toRef } from '../fields.ts'
import { CrawlError, type ParsedPage, type ReadPost, type Site, type SourceConfig } from '../site.ts'
import { wallOf } from '../walls.ts'
import { readHtml } from './feed-item.ts'

type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** First of these fields that holds something. */
const text = (item: Fields, ...names: string[]): string | null => {
  const found = names
    .map(name => item[name])
    .find(value => (typeof value === 'string' && value) || typeof value === 'number')
  return found === undefined ? null : String(found)
}

function parse(page: ParsedPage): Fields {
  let answer: unknown
  try {
    answer = JSON.parse(page.html)
  } catch {
    throw wallOf(page, 'list') ?? new CrawlError('parse', page.url, '接口没有给出 JSON')
  }
  if (!isFields(answer)) throw new CrawlError('parse', page.url, '接口没有给出内容')
  return isFields(answer.data) ? answer.data : answer
}

/**
 * The app's JSON (sites.md §3.1): a list by channel number, an article with the comments under it. Private to the
 * paper: the source stays off until its owner has agreed.
 */
export function app(source: SourceConfig): Site {
  const api = against(source.url)
  return {
    source,
    listUrls: fid => [api(`/api/thread/list.php?fid=${encodeURIComponent(fid)}`)],
    threadUrl: pid => api(`/api/thread/detail.php?pid=${encodeURIComponent(pid)}&source=android`),
    list(page) {
      const { thread_list: rows } = parse(page)
      if (!Array.isArray(rows)) throw new CrawlError('parse', page.url, '接口没有给出列表')
      const threads = rows.filter(isFields).flatMap(row => {
        const key = text(row, 'pid', 'tid')
        if (!key) return []
        const { publishedAt } = published(text(row, 'dateline', 'time_past'), page)
        return toRef({
          key,
          url: api(`/api/thread/detail.php?pid=${key}&source=android`),
          title: text(row, 'subject') ?? '',
          replies: toCount(row.comment_counts),
          views: toCount(row.hits),
          createdAt: publishedAt,
        })
      })
      return toList({ threads })
    },
    thread: page => readDetail(page),
  }
}

function readDetail(page: ParsedPage) {
  const detail = parse(page)
  const key = new URL(page.url).searchParams.get('pid') ?? text(detail, 'pid')
  if (!key) throw new CrawlError('parse', page.url, '读不出文章编号')
  const body = text(detail, 'message')
  const title = text(detail, 'subject')
  if (!body && !title) {
    const said = text(detail, 'msg', 'message', 'error') ?? '接口没有给出文章'
    throw new CrawlError(/不存在|删除/.test(said) ? 'gone' : 'parse', page.url, said)
  }
  const url = against(page.url)(text(detail, 'share_url') ?? page.url) || page.url
  const comments = Array.isArray(detail.comment_list) ? detail.comment_list.filter(isFields) : []
  const article = toPost({
    key,
    url,
    kind: 'article',
    title,
    author: { id: null, name: text(detail, 'origin', 'author') },
    ...readHtml(body ?? '', url),
    ...published(text(detail, 'dateline', 'time_past'), page),
    counts: {
      views: toCount(detail.hits),
      replies: toCount(detail.comment_counts) ?? comments.length,
      reposts: null,
      likes: toCount(detail.support_counts),
    },
  })
  const replies = comments.flatMap(comment => toReply(comment, article, page) ?? [])
  return {
    title: title ?? '',
    board: null,
    posts: [article, ...replies],
    page: 1,
    nextUrl: null,
    closed: false,
  }
}

/** A comment without number is known by who said what when. */
function toReply(comment: Fields, article: ReadPost, page: ParsedPage): ReadPost | null {
  const said = text(comment, 'message', 'content', 'comment')
  if (!said) return null
  const name = text(comment, 'author', 'username', 'nickname')
  const raw = text(comment, 'dateline', 'time_past', 'time')
  const mark = createHash('sha256').update(`${name} ${said}`).digest('hex').slice(0, 12)
  return toPost({
    key: `${article.key}#${text(comment, 'cid', 'comment_id', 'pid', 'id') ?? `h${mark}`}`,
    url: article.url,
    kind: 'reply',
    parent: article.key,
    author: { id: text(comment, 'authorid', 'uid'), name },
    text: readHtml(said, article.url).text,
    ...published(raw, page),
    counts: { views: null, replies: null, reposts: null, likes: toCount(comment.support_counts) },
  })
}
