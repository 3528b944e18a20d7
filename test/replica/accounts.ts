/** 公众号 (sites.md §5): article pages, and a gateway's feeds as wewe-rss and we-mp-rss give them, quirks included. */
import type { ServerResponse } from 'node:http'
import type { SourceConfig } from '../../crawlers/site.ts'
import { NO_COUNTS, sendText, shown, startHost, type Truth } from './host.ts'
import { type NewsOptions, type NewsSite, newsSite } from './news-site.ts'
import { type Article, htmlOf, Newsroom, textOf } from './newsroom.ts'

const ACCOUNTS = ['龙城发布站', '湖塘生活圈', '常州应急小课堂']
const ROBOTS = 'User-agent: *\nDisallow: /mp/profile_ext\nDisallow: /dash/\n'
/** Each board is one feed of the gateway; the articles of an account stand in one of them. */
const FEEDS = [
  { key: 'feeds/MP_1.rss', name: '龙城发布站' },
  { key: 'rss/MP_2', name: '湖塘生活圈' },
  { key: 'feed/MP_3.json', name: '常州应急小课堂' },
]

const path = ({ id }: Article): string => `/s/Replica_${id}`
const biz = ({ column }: Article): string => `MzA4MDAwMDAw${column}==`
const account = ({ column }: Article): string => ACCOUNTS[column] as string

const articlePage = (article: Article): string =>
  `<!DOCTYPE html><html><head><meta charset="utf-8"><meta property="og:title" content="${article.title}"><meta name="author" content="小编"><meta name="description" content="${article.paragraphs[0]}">
<script>window.item_show_type = '0';</script></head><body id="activity-detail">
<h1 class="rich_media_title" id="activity-name"> ${article.title} </h1><div id="meta_content"><a class="wx_follow_nickname">${account(article)}</a><em id="publish_time"></em></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0;"><section>${htmlOf(article, image => `<img class="rich_pages" data-src="${image}" src="data:image/gif;base64,R0lGOD">`)}</section></div>
<script>var biz = "${biz(article)}";var ct = "${article.at / 1000}";window.ip_wording = { countryName: '中国', provinceName: '江苏', cityName: '' };</script></body></html>`

const GONE = {
  deleted: '该内容已被发布者删除',
  violation: '此内容因违规无法查看',
} as const
const gonePage = (state: keyof typeof GONE): string =>
  `<html><head><title>微信公众平台</title></head><body><div class="weui-msg"><p class="weui-msg__title warn">${GONE[state]}</p></div></body></html>`

const CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'

/** wewe-rss: full text may have failed. */
const weweRss = (articles: Article[], link: (article: Article) => string): string =>
  `<?xml version="1.0" encoding="utf-8"?><rss version="2.0" ${CONTENT}><channel><title>${ACCOUNTS[0]}</title>${articles
    .map(
      article =>
        `<item><title>${article.title}</title><link>${link(article)}</link><guid isPermaLink="true">${link(article)}</guid><pubDate>${new Date(article.at).toUTCString()}</pubDate><content:encoded>获取全文失败，请重试~</content:encoded></item>`,
    )
    .join('')}</channel></rss>`

/** we-mp-rss, older builds: an `id` of its own, dates without offset, CDATA marks escaped. */
const oldRss = (articles: Article[], link: (article: Article) => string): string =>
  `<?xml version="1.0" encoding="utf-8"?><rss version="2.0" ${CONTENT}><channel><title>${ACCOUNTS[1]}</title>${articles
    .map(
      article =>
        `<item><id>${article.id}</id><title>${article.title}</title><description>简介</description><link>${link(article)}</link><guid>${link(article)}</guid><pubDate>${new Date(article.at + 8 * 3_600_000).toUTCString().replace(' GMT', '')}</pubDate><content:encoded>&lt;![CDATA[&lt;p&gt;简介&lt;/p&gt;]]&gt;</content:encoded></item>`,
    )
    .join('')}</channel></rss>`

/** we-mp-rss, JSON that is no JSON Feed. */
const gatewayJson = (articles: Article[], link: (article: Article) => string) => ({
  name: ACCOUNTS[2],
  items: articles.map(article => ({
    id: String(article.id),
    title: article.title,
    description: '',
    link: link(article),
    updated: new Date(article.at).toISOString(),
    content: '',
    channel_name: ACCOUNTS[2],
  })),
})

export async function startAccounts(options: NewsOptions): Promise<NewsSite> {
  const { now, seed = 1, articles = 45, id = 'accounts' } = options
  const room = new Newsroom(seed, [0, 1, 2], ACCOUNTS)
  room.fill(articles, now())
  for (const [at, state] of [
    [3, 'deleted'],
    [4, 'violation'],
  ] as const) {
    const article = room.articles[at]
    if (article) article.state = state
  }
  function feed(response: ServerResponse, column: number): void {
    const link = (article: Article) => new URL(path(article), host.url).href
    const own = room.newest(column)
    if (column === 2) sendText(response, JSON.stringify(gatewayJson(own, link)), { type: 'application/json' })
    else sendText(response, (column ? oldRss : weweRss)(own, link), { type: 'application/xml' })
  }
  const host = await startHost({
    now,
    robots: ROBOTS,
    answer(_request, response, url) {
      const column = FEEDS.findIndex(({ key }) => url.pathname === `/${key}`)
      if (column >= 0) return feed(response, column)
      const article = room.articles.find(each => path(each) === url.pathname)
      if (!article) return sendText(response, gonePage('deleted'))
      return sendText(response, article.state === 'visible' ? articlePage(article) : gonePage(article.state))
    },
  })
  return newsSite(host, room, options, {
    source: { id, name: options.name ?? '微信公众号（模拟）', engine: 'weixin', boards: FEEDS },
    truthOf: (article, source) => [truthOf(article, source)],
    nonPosts: [...Object.values(GONE), '获取全文失败', '简介', 'CDATA', '微信公众平台'],
  })
}

function truthOf(article: Article, { id, url }: SourceConfig): Truth {
  const isShown = article.state === 'visible'
  return {
    source: id,
    key: new URL(path(article), url).href,
    kind: 'article',
    parent: null,
    floor: null,
    board: account(article),
    title: article.title,
    author: isShown ? { id: biz(article), name: account(article) } : { id: null, name: null },
    text: isShown ? textOf(article) : '',
    quote: null,
    images: isShown && article.image ? [{ url: new URL(article.image, url).href }] : [],
    ...(isShown ? shown(article.at, 'second') : { publishedAt: null, publishedPrecision: null }),
    counts: NO_COUNTS,
    place: isShown ? '江苏' : null,
    state: isShown ? 'visible' : 'gone',
  }
}
