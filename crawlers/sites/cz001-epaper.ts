import { against, toList, toRef } from '../fields.ts'
import { all, attr, line, query } from '../parse.ts'
import { CrawlError, type ListRead, type ParsedPage, type Site, type SourceConfig } from '../site.ts'
import { wallOf } from '../walls.ts'
import { articles, canonical } from './article.ts'

const LINKS = query('a[href], area[href]')
const SHANGHAI_MS = 8 * 3_600_000
/** A day's paper has at most so many pages. */
const PAGES = 24

/**
 * A paper's pages by the Founder product (sites.md §3.2). A board's key is the paper's folder (`czrbpaper`); each page
 * links to the next and to its articles, whose addresses are taken from there, never built.
 */
export function epaper(source: SourceConfig): Site {
  const site = articles(
    { listPages: PAGES, ...source },
    {
      selectors: {
        title:
          '.main-article-alltitle .main-article-title || .main-article-alltitle || tr[valign="top"] strong || h1, h2',
        body: 'founder-content || #ozoom || .article-content || .main-article-content',
      },
      listUrls: (paper, now) => [
        new URL(`/${paper}/pc/layout/${dayPath(now)}/node_A01.html`, source.url).href,
      ],
      keyOf: url => (/content_\d+/.test(url.pathname) ? canonical(url) : null),
    },
  )
  return { ...site, list: readPage }
}

/** Today in Shanghai as the address writes it: `202503/07`. */
const dayPath = (now: string): string => {
  const day = new Date(Date.parse(now) + SHANGHAI_MS).toISOString()
  return `${day.slice(0, 4)}${day.slice(5, 7)}/${day.slice(8, 10)}`
}

function readPage(page: ParsedPage): ListRead {
  // No paper today, or not yet.
  if (page.status === 404) return toList({})
  const nodes: string[] = []
  const threads = new Map<string, ListRead['threads'][number]>()
  for (const link of all(page.document, LINKS)) {
    const href = against(page.url)(attr(link, 'href') ?? '')
    if (!href) continue
    const url = new URL(href)
    if (/node_\w+\.html?$/.test(url.pathname) && !nodes.includes(url.href)) nodes.push(url.href)
    if (!/content_\d+\.html?$/.test(url.pathname)) continue
    const key = canonical(url)
    const title = line(link) || threads.get(key)?.title || ''
    threads.set(key, toRef({ key, url: key, title }))
  }
  if (!threads.size && !nodes.length)
    throw wallOf(page, 'list') ?? new CrawlError('parse', page.url, '不是数字报版面')
  const here = nodes.indexOf(page.url)
  return {
    threads: [...threads.values()],
    posts: [],
    nextUrl: (here < 0 ? nodes[0] : nodes[here + 1]) ?? null,
  }
}
