/** A host that tells its news by RSS, Atom and JSON Feed, and answers "unchanged" to who asks by ETag. */
import { createHash } from 'node:crypto'
import type { SourceConfig } from '../../crawlers/site.ts'
import { NO_COUNTS, sendText, shown, startHost, type Truth } from './host.ts'
import { type NewsOptions, type NewsSite, newsSite } from './news-site.ts'
import { type Article, htmlOf, Newsroom, textOf } from './newsroom.ts'
import { escapeHtml } from './pages.ts'

const ROBOTS = 'User-agent: *\nDisallow: /private/\n'
const FEEDS = [
  { key: 'rss.xml', name: '街道公告' },
  { key: 'atom.xml', name: '社区动态' },
  { key: 'feed.json', name: '微博转载' },
]
const NEWEST = 40

type Link = (article: Article) => string
const idOf = ({ id }: Article): string => `tag:replica,2026:${id}`

const rss = (articles: Article[], link: Link): string =>
  `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>街道公告</title>${articles
    .map(
      article =>
        `<item><title>${escapeHtml(article.title)}</title><link>${link(article)}</link><guid isPermaLink="false">${idOf(article)}</guid><dc:creator>${article.source}</dc:creator><pubDate>${new Date(article.at).toUTCString()}</pubDate><description>摘要</description><content:encoded><![CDATA[${htmlOf(article)}]]></content:encoded></item>`,
    )
    .join('')}</channel></rss>`

const atom = (articles: Article[], link: Link): string =>
  `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>社区动态</title><id>urn:replica</id>${articles
    .map(
      article =>
        `<entry><title type="html">${escapeHtml(escapeHtml(article.title))}</title><link rel="alternate" href="${link(article)}"/><id>${idOf(article)}</id><author><name>${article.source}</name></author><published>${new Date(article.at).toISOString()}</published><updated>${new Date(article.at + 60_000).toISOString()}</updated><content type="html">${escapeHtml(htmlOf(article))}</content></entry>`,
    )
    .join('')}</feed>`

const json = (articles: Article[], link: Link): string =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: '微博转载',
    items: articles.map(article => ({
      id: idOf(article),
      url: link(article),
      title: article.title,
      content_html: htmlOf(article),
      date_published: new Date(article.at).toISOString(),
      authors: [{ name: article.source }],
    })),
  })

const FORMS = [
  { type: 'application/rss+xml', draw: rss },
  { type: 'application/atom+xml', draw: atom },
  { type: 'application/feed+json', draw: json },
]

export async function startFeeds(options: NewsOptions): Promise<NewsSite> {
  const { now, seed = 1, articles = 45, id = 'feeds' } = options
  const room = new Newsroom(seed, [0, 1, 2], ['新北区三井街道', '武进区湖塘镇', '网友'])
  room.fill(articles, now())
  const host = await startHost({
    now,
    robots: ROBOTS,
    answer(request, response, url) {
      const at = FEEDS.findIndex(({ key }) => url.pathname === `/${key}`)
      const form = FORMS[at]
      if (!form) return sendText(response, '<h1>404</h1>', { status: 404 })
      const link: Link = article => `${host.url}news/${article.id}.html`
      const text = form.draw(room.newest(at).slice(0, NEWEST), link)
      const etag = `"${createHash('md5').update(text).digest('hex')}"`
      response.setHeader('etag', etag)
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end()
      return sendText(response, text, { type: form.type })
    },
  })
  return newsSite(host, room, options, {
    source: { id, name: options.name ?? '订阅源（模拟）', engine: 'feed', boards: FEEDS },
    truthOf: (article, source) => [truthOf(article, source)],
    nonPosts: ['摘要', 'CDATA', '<p>'],
  })
}

const truthOf = (article: Article, { id, url }: SourceConfig): Truth => ({
  source: id,
  key: idOf(article),
  kind: 'article',
  parent: null,
  floor: null,
  board: FEEDS[article.column]?.name ?? null,
  title: article.title,
  author: { id: null, name: article.source },
  text: textOf(article),
  quote: null,
  images: article.image ? [{ url: new URL(article.image, url).href }] : [],
  ...shown(article.at, 'second'),
  counts: NO_COUNTS,
  place: null,
  state: 'visible',
})
