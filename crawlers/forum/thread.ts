/** A page of a thread: its floors. */
import { linkTo, NO_COUNTS, toCount } from '../fields.ts'
import { all, attr, line, lineWithout, one, query } from '../parse.ts'
import { CrawlError, type ParsedPage, type ReadPost, type ThreadRead } from '../site.ts'
import { readPost, type Thread } from './floor.ts'
import type { Forum } from './template.ts'

const CANONICAL = query('link[rel="canonical"]')

export function readThread(page: ParsedPage, board: Forum): ThreadRead {
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
