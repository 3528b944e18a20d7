/** What a pasted address is, and what its reader makes of it: a list, one thread, and what robots.txt says. */
import { type Detection, detect, type PageRole } from './detect.ts'
import type { Errand } from './errand.ts'
import { parsePage } from './parse.ts'
import { readerOf } from './registry.ts'
import {
  CrawlError,
  type CrawlFault,
  type ListRead,
  type Page,
  type ReadPost,
  type Site,
  type SourceConfig,
  type ThreadRead,
  type ThreadRef,
} from './site.ts'
import { wallOf } from './walls.ts'

export interface Probe {
  /** Where the address led to. */
  url: string
  detection: Detection | null
  /** Boards whose lists robots.txt forbids, by key. */
  forbidden: string[]
  list: { url: string; read: ListRead | null; fault: CrawlFault | null } | null
  thread: { url: string; read: ThreadRead | null; fault: CrawlFault | null } | null
  /** Why the address itself could not be read. */
  fault: CrawlFault | null
}

/** What a source needs before anybody has filled in the rest. */
export const UNFILLED = {
  id: 'probe',
  delaySeconds: 10,
  dailyCeiling: 2000,
  basis: '',
  owner: '',
  retentionDays: 730,
}

const faultOf = (error: unknown, url: string): CrawlFault =>
  error instanceof CrawlError
    ? { kind: error.kind, url: error.url, message: error.message }
    : { kind: 'parse', url, message: `页面无法读取：${(error as Error).message}` }

/** `bbs.example.cn/forum-2-1.html` as people paste it. @throws CrawlError notFound for what is no address of the web. */
export function addressOf(pasted: string): string {
  const text = pasted.trim()
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]+:\d+(\/|$)/.test(text) ? text : `https://${text}`
  const url = URL.canParse(whole) ? new URL(whole) : null
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname || url.username || url.password)
    throw new CrawlError(
      'notFound',
      text.slice(0, 200),
      '请粘贴完整的网址，如 https://bbs.example.cn/forum-2-1.html',
    )
  url.hash = ''
  return url.href
}

export async function probe(pasted: string, errand: Errand): Promise<Probe> {
  const none = { url: pasted, detection: null, forbidden: [], list: null, thread: null }
  let page: Page
  try {
    page = await errand.page(addressOf(pasted))
  } catch (error) {
    return { ...none, fault: faultOf(error, pasted) }
  }
  const parsed = parsePage(page)
  const detection = detect(parsed)
  const found: Probe = { ...none, url: page.url, detection, fault: null }
  if (!detection.engine) {
    const wall = wallOf(parsed, 'list')
    return wall ? { ...found, fault: faultOf(wall, page.url) } : found
  }
  const config = { ...UNFILLED, ...detection.config, engine: detection.engine } as SourceConfig
  let site: Site
  try {
    site = readerOf(detection.engine)?.(config) as Site
  } catch (error) {
    return { ...found, fault: faultOf(error, page.url) }
  }
  found.forbidden = await forbiddenBoards(site, errand, page.receivedAt)
  return { ...found, ...(await readBoth(site, page, detection.role, errand)) }
}

/** Keys of the boards that robots.txt does not let us read. @throws CrawlError where it does not answer. */
export async function forbiddenBoards(site: Site, errand: Errand, now: string): Promise<string[]> {
  const keys: string[] = []
  for (const { key } of site.source.boards)
    for (const url of site.listUrls(key, now))
      if (!keys.includes(key) && !(await errand.robots(url)).allowed(url)) keys.push(key)
  return keys
}

async function readBoth(
  site: Site,
  page: Page,
  role: PageRole | null,
  errand: Errand,
): Promise<Pick<Probe, 'list' | 'thread'>> {
  const readPage = async <T>(url: string, read: (page: Page) => T, known?: Page) => {
    try {
      return { url, read: read(known ?? (await errand.page(url))), fault: null }
    } catch (error) {
      return { url, read: null, fault: faultOf(error, url) }
    }
  }
  const asList = (each: Page) => site.list(parsePage(each))
  const asThread = (each: Page) => site.thread(parsePage(each))
  if (role === 'thread') {
    const thread = await readPage(page.url, asThread, page)
    const [board] = site.source.boards
    const url = board && site.listUrls(board.key, page.receivedAt)[0]
    return { thread, list: url && url !== page.url ? await readPage(url, asList) : null }
  }
  const first = site.source.boards[0]
  const url = role === 'front' ? first && site.listUrls(first.key, page.receivedAt)[0] : page.url
  if (!url) return { list: null, thread: null }
  let list = await readPage(url, asList, url === page.url ? page : undefined)
  // Discuz answers with an empty feed while it fills its cache.
  if (list.read?.askAgain) list = await readPage(url, asList)
  const address = list.read && threadOf(site, list.read)
  return { list, thread: address ? await readPage(address, asThread) : null }
}

/** A thread that shows most: not stuck to the top, with replies where there is one. */
function threadOf(site: Site, { threads }: ListRead): string | null {
  const usual = threads.filter(({ sticky, closed }) => !sticky && !closed)
  const best: ThreadRef | undefined =
    usual.find(({ replies }) => (replies ?? 0) > 0) ?? usual[0] ?? threads[0]
  return best ? site.threadUrl(best.key) : null
}

/** Names of fields that no row or post of the page had, for a person to look at before the source is used. */
export function unreadFields({ list, thread }: Pick<Probe, 'list' | 'thread'>): {
  list: string[]
  thread: string[]
} {
  const rows = list?.read?.threads ?? []
  const posts: ReadPost[] = thread?.read?.posts ?? list?.read?.posts ?? []
  const unless = (isRead: boolean, name: string) => (isRead ? [] : [name])
  return {
    list: rows.length
      ? [
          ...unless(
            rows.some(({ replies }) => replies !== null),
            '回复数',
          ),
          ...unless(
            rows.some(({ views }) => views !== null),
            '浏览数',
          ),
          ...unless(
            rows.some(({ lastReplyAt, createdAt }) => lastReplyAt ?? createdAt),
            '时间',
          ),
        ]
      : [],
    thread: posts.length
      ? [
          ...unless(
            posts.some(({ author }) => author.name !== null),
            '作者',
          ),
          ...unless(
            posts.some(({ publishedAt }) => publishedAt !== null),
            '发布时间',
          ),
          ...unless(
            posts.some(({ text }) => text !== ''),
            '正文',
          ),
        ]
      : [],
  }
}
