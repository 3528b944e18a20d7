/** A page of a board's list: its rows. */
import type { Element } from 'domhandler'
import { linkTo, publishedIn, toCount } from '../fields.ts'
import { all, attr, line, lineWithout, matches, one, type Query } from '../parse.ts'
import { CrawlError, type ListRead, type ParsedPage, type ThreadRef } from '../site.ts'
import type { Forum } from './template.ts'

/** The whole title where the link shows it cut. */
function titleOf(link: Element | null, noise: Query): string {
  const [shown, whole] = [lineWithout(link, noise), attr(link, 'title')?.trim() ?? '']
  const kept = shown.replace(/(\.{2,}|…+)$/, '')
  return whole.length > kept.length && kept && whole.startsWith(kept) ? whole : shown
}

const has = (row: Element, what: Query): boolean => matches(row, what) || one(row, what) !== null

function readRow(row: Element, page: ParsedPage, { s, template, absolute }: Forum): ThreadRef | null {
  const link = one(row, s.rowTitle)
  const url = linkTo(link, absolute)
  const key = url && template.tidOf(url)
  if (!key) return null
  return {
    key,
    url,
    title: titleOf(link, s.noise),
    sticky: has(row, s.rowSticky),
    closed: has(row, s.rowClosed),
    replies: toCount(line(one(row, s.rowReplies))),
    views: toCount(line(one(row, s.rowViews)).replace(/^\//, '')),
    lastReplyAt: publishedIn(one(row, s.rowLastReply), page, s.noise).publishedAt,
    createdAt: publishedIn(one(row, s.rowCreated), page, s.noise).publishedAt,
  }
}

export function readList(page: ParsedPage, board: Forum): ListRead {
  const fault = board.template.fault(page, 'list')
  if (fault) throw fault
  const { s, absolute } = board
  const table = one(page.document, s.list)
  if (!table) throw new CrawlError('parse', page.url, '页面上没有帖子列表')
  // A global sticky stands in every board, a moved row beside the real one: one thread, one reference.
  const threads = new Map<string, ThreadRef>()
  for (const row of all(table, s.row)) {
    const ref = readRow(row, page, board)
    if (ref && (!threads.has(ref.key) || ref.replies !== null)) threads.set(ref.key, ref)
  }
  const nextUrl = linkTo(one(page.document, s.listNext), absolute)
  return { threads: [...threads.values()], posts: [], nextUrl: nextUrl === page.url ? null : nextUrl }
}
