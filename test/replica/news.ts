/** A 中国常州网-like place (sites.md §3): articles on pages of 2021, and the app's JSON with the comments under them. */
import type { ServerResponse } from 'node:http'
import type { SourceConfig } from '../../crawlers/site.ts'
import { paddedTime } from './forums/skin.ts'
import { NO_COUNTS, sendText, shown, startHost, type Truth } from './host.ts'
import { type NewsOptions, type NewsSite, newsSite } from './news-site.ts'
import { type Article, htmlOf, Newsroom, textOf } from './newsroom.ts'

const COLUMNS = [
  { id: 1, name: '常州新闻' },
  { id: 3, name: '社会民生' },
]
const ROWS = 20
const ROBOTS = 'User-agent: *\nDisallow: /admin/\nDisallow: /index.php?c=User\nDisallow: /api/user/\n'

const page = (title: string, body: string): string =>
  `<html><head><meta charset="utf-8"><title>${title} - 常州网</title></head><body><div id="ui_head_menu"><a href="/">首页</a><a href="/index.php?c=Web&m=lists&id=1">新闻</a></div>${body}<div class="footer">常州网 版权所有</div></body></html>`

const webUrl = ({ id }: Article) => `/index.php?c=Web&m=detail&id=${id}`

function listPage(room: Newsroom, column: number, current: number): string {
  const all = room.newest(column).filter(({ state }) => state === 'visible')
  const rows = all.slice((current - 1) * ROWS, current * ROWS)
  const items = rows.map(
    article =>
      `<li><a href="${webUrl(article).replaceAll('&', '&amp;')}" title="${article.title}">${article.title.slice(0, 16)}...</a><span>${paddedTime(article.at, 'minute')}</span></li>`,
  )
  const more = all.length > current * ROWS
  const next = more
    ? `<div class="page"><a class="next" href="/index.php?c=Web&amp;m=lists&amp;id=${column}&amp;page=${current + 1}">下一页</a></div>`
    : ''
  return page('新闻列表', `<ul class="newslist">${items.join('')}</ul>${next}`)
}

const articlePage = (article: Article): string =>
  page(
    article.title,
    `<h1 id="detail_title">${article.title}</h1><div id="detail_meta"><span>浏览 ${article.views}</span><span>来源：${article.source}</span><span>${paddedTime(article.at, 'minute')}</span></div><div id="detail_content">${htmlOf(article)}</div>`,
  )

const appList = (room: Newsroom, column: number) => ({
  code: 0,
  thread_list: room
    .newest(column)
    .filter(({ state }) => state === 'visible')
    .map(article => ({
      pid: String(article.id),
      subject: article.title,
      dateline: paddedTime(article.at, 'minute'),
      comment_counts: String(article.comments.length),
      support_counts: String(article.likes),
      hits: String(article.views),
    })),
})

const appDetail = (article: Article, origin: string) => ({
  pid: String(article.id),
  subject: article.title,
  origin: article.source,
  message: htmlOf(article),
  dateline: paddedTime(article.at, 'minute'),
  share_url: new URL(webUrl(article), origin).href,
  hits: String(article.views),
  support_counts: String(article.likes),
  comment_counts: String(article.comments.length),
  comment_list: article.comments.map(({ id, author, at, text, likes }) => ({
    cid: String(id),
    authorid: String(author.uid),
    author: author.name,
    message: text,
    dateline: paddedTime(at, 'minute'),
    support_counts: String(likes),
  })),
})

/** web: articles alone. app: with the comments under them. */
export async function startNews(options: NewsOptions & { variant: 'web' | 'app' }): Promise<NewsSite> {
  const { now, variant, seed = 1, articles = 60, id = `news-${variant}` } = options
  const room = new Newsroom(
    seed,
    COLUMNS.map(column => column.id),
    ['常州日报', '常州晚报', '常州网'],
  )
  room.fill(articles, now())
  const json = (response: ServerResponse, value: unknown) =>
    sendText(response, JSON.stringify(value), { type: 'application/json' })
  const host = await startHost({
    now,
    robots: ROBOTS,
    answer(_request, response, url) {
      const number = (name: string) => Number(url.searchParams.get(name) ?? 1)
      const find = (wanted: number) =>
        room.articles.find(each => each.id === wanted && each.state === 'visible')
      if (url.pathname === '/api/thread/list.php') return json(response, appList(room, number('fid')))
      if (url.pathname === '/api/thread/detail.php') {
        const article = find(number('pid'))
        return json(response, article ? appDetail(article, host.url) : { code: 1, msg: '帖子不存在或已删除' })
      }
      if (url.searchParams.get('m') === 'lists')
        return sendText(response, listPage(room, number('id'), number('page')))
      const article = url.searchParams.get('m') === 'detail' ? find(number('id')) : undefined
      if (article) return sendText(response, articlePage(article))
      return sendText(response, page('404', '<h1>页面不存在</h1>'), { status: 404 })
    },
  })
  const boards = COLUMNS.map(column => ({
    key: variant === 'app' ? String(column.id) : `index.php?c=Web&m=lists&id=${column.id}`,
    name: column.name,
  }))
  return newsSite(host, room, options, {
    source: { id, name: options.name ?? '中国常州网（模拟）', engine: 'cz001', variant, boards },
    truthOf,
    nonPosts: ['帖子不存在', '页面不存在', '版权所有', '下一页'],
  })
}

function truthOf(article: Article, { id, url, variant }: SourceConfig): Truth[] {
  if (article.state !== 'visible') return []
  const isApp = variant === 'app'
  const board = COLUMNS.find(column => column.id === article.column)?.name ?? null
  const key = isApp ? String(article.id) : new URL(webUrl(article), url).href
  const common = { source: id, board, place: null, quote: null, floor: null, state: 'visible' as const }
  const first: Truth = {
    ...common,
    key,
    kind: 'article',
    parent: null,
    title: article.title,
    author: { id: null, name: article.source },
    text: textOf(article),
    images: article.image ? [{ url: new URL(article.image, url).href }] : [],
    ...shown(article.at, 'minute'),
    counts: isApp
      ? { ...NO_COUNTS, views: article.views, replies: article.comments.length, likes: article.likes }
      : NO_COUNTS,
  }
  const comments = article.comments.map(
    ({ id: cid, author, at, text, likes }): Truth => ({
      ...common,
      key: `${key}#${cid}`,
      kind: 'reply',
      parent: key,
      title: null,
      author: { id: String(author.uid), name: author.name },
      text,
      images: [],
      ...shown(at, 'minute'),
      counts: { ...NO_COUNTS, likes },
    }),
  )
  return isApp ? [first, ...comments] : [first]
}
