import { createHash } from 'node:crypto'
import { isTag } from 'domhandler'
import { against, baseOf, published, toCount, toList, toPost, toRef } from '../fields.ts'
import { all, attr, line, one, query } from '../parse.ts'
import {
  CrawlError,
  type ParsedPage,
  type ReadPost,
  type Site,
  type SourceConfig,
  type ThreadRead,
} from '../site.ts'
import { pageError } from './discuz-errors.ts'

const CONTENT = query('#content')
const LINKS = query('ul li a')
const AUTHOR = query('strong')
const EXACT = query('[title]')
const HEADING = query('h3')
const NAV = query('#nav a')
const PAGER = query('.page a')
const CURRENT = query('.page strong, .page b')
const WITHHELD = /^\*{4} (Hidden|本内容).*\*{4}$/i

const tidOf = (href: string) => /tid-(\d+)/.exec(href)?.[1] ?? null

/**
 * Discuz' plain pages (sites.md §1.9): a tenth of the weight, but neither numbers of floors nor of users, no views, no
 * pictures. Floors are keyed by author and second, so that they keep their keys when others are taken out.
 */
export function archiver(source: SourceConfig): Site {
  const base = baseOf(source)
  const absolute = against(`${base}archiver/`)
  const pageUrl = (tid: string, page: number) =>
    absolute(`?tid-${tid}.html${page > 1 ? `&page=${page}` : ''}`)
  return {
    source,
    listUrls: fid => [absolute(`?fid-${encodeURIComponent(fid)}.html`)],
    threadUrl: (tid, page = 1) => pageUrl(tid, page),
    list(page) {
      const content = contentOf(page, 'list')
      const threads = all(content, LINKS).flatMap(link => {
        const key = tidOf(attr(link, 'href') ?? '')
        const after = link.next && 'data' in link.next ? link.next.data : ''
        const replies = toCount(/\((\d+)\s*篇回复\)/.exec(after)?.[1])
        return key ? [toRef({ key, url: pageUrl(key, 1), title: line(link), replies })] : []
      })
      return toList({ threads, nextUrl: nextOf(page, absolute) })
    },
    thread: page => readThread(page, absolute, tid => `${base}forum.php?mod=viewthread&tid=${tid}`),
  }
}

function contentOf(page: ParsedPage, expected: 'list' | 'thread') {
  const content = one(page.document, CONTENT)
  const fault = content ? null : pageError(page, expected)
  if (fault) throw fault
  if (!content) throw new CrawlError('parse', page.url, '不是归档页')
  return content
}

function nextOf(page: ParsedPage, absolute: (href: string) => string): string | null {
  const current = toCount(line(one(page.document, CURRENT))) ?? 1
  const next = all(page.document, PAGER).find(link => line(link) === String(current + 1))
  return next ? absolute(attr(next, 'href') ?? '') || null : null
}

interface Floor {
  author: string
  raw: string
  exact: string | null
  lines: string[]
}

/** Text stands bare between one `p.author` and the next. */
function floorsIn(page: ParsedPage): Floor[] {
  const floors: Floor[] = []
  for (const node of contentOf(page, 'thread').children) {
    if (isTag(node) && node.name === 'p' && attr(node, 'class') === 'author') {
      const name = line(one(node, AUTHOR))
      const exact = attr(one(node, EXACT), 'title')
      const raw = line(node)
        .replace(name, '')
        .replace(/^\s*发表于\s*/, '')
        .trim()
      floors.push({ author: name, raw, exact, lines: [] })
      continue
    }
    const floor = floors.at(-1)
    if (!floor || (isTag(node) && (node.name === 'h3' || attr(node, 'class') === 'page'))) continue
    const words = line(node)
    if (words) floor.lines.push(words)
  }
  return floors
}

const short = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8)

function readThread(
  page: ParsedPage,
  absolute: (href: string) => string,
  desktopUrl: (tid: string) => string,
): ThreadRead {
  const floors = floorsIn(page)
  const tid = tidOf(page.url)
  if (!floors.length || !tid) throw new CrawlError('parse', page.url, '页面上没有楼层')
  const current = toCount(line(one(page.document, CURRENT))) ?? Number(/page=(\d+)/.exec(page.url)?.[1] ?? 1)
  const title = line(one(page.document, HEADING))
  const seen = new Map<string, number>()
  const posts = floors.map((floor, at): ReadPost => {
    const first = current === 1 && at === 0
    const when = published(floor.raw, page, floor.exact)
    const mark = short(`${floor.author} ${when.publishedAt ?? floor.raw}`)
    const again = seen.get(mark) ?? 0
    seen.set(mark, again + 1)
    const own = floor.lines.filter(words => !WITHHELD.test(words))
    return toPost({
      key: first ? tid : `${tid}#a${mark}${again || ''}`,
      url: desktopUrl(tid),
      kind: first ? 'thread' : 'reply',
      parent: first ? null : tid,
      floor: first ? 1 : null,
      title: first ? title || null : null,
      author: { id: null, name: floor.author || null },
      text: own.join('\n'),
      ...when,
      state: own.length ? 'visible' : 'restricted',
    })
  })
  const board = line(
    all(page.document, NAV)
      .filter(link => /fid-/.test(attr(link, 'href') ?? ''))
      .at(-1) ?? null,
  )
  return { title, board: board || null, posts, page: current, nextUrl: nextOf(page, absolute), closed: false }
}
