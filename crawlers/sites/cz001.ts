/**
 * 中国常州网 (sites.md §3): articles of the layouts 2015-2021 and, by the general rules, of what came after (`web`); the
 * paper's pages (`epaper`); the app's JSON with the comments under articles (`app`).
 */
import { variantOf } from '../fields.ts'
import type { Site, SourceConfig } from '../site.ts'
import { articles, canonical, looksLikeArticle } from './article.ts'
import { app } from './cz001-app.ts'
import { epaper } from './cz001-epaper.ts'

const SELECTORS = {
  title: 'h1#detail_title || h1.dtitle || #title p strong || header h1 || h1.title || .title',
  info: '.dinfo || #detail_meta || .info || header em || .source',
  body: '#zoom, #Zoom || #detail_content || .contentbox || .articleMain || #contentwarp || .info_detail || .content',
}

/** `content_N.htm`, the portal's `m=detail&id=N`, the phone's `detail.php?pid=N`. */
const ARTICLE =
  /content_\d+\.s?html?|[?&]m=detail\b.*[?&]id=\d+|[?&]id=\d+.*[?&]m=detail\b|detail\.php\?.*pid=\d+/

const web = (source: SourceConfig): Site =>
  articles(source, {
    selectors: SELECTORS,
    keyOf(url) {
      const known = ARTICLE.test(`${url.pathname}${url.search}`)
      return looksLikeArticle(url, new URL(source.url)) || (known && sameHouse(url, source))
        ? canonical(url)
        : null
    },
  })

/** The paper keeps its topics on hosts of their own (`news.`, `zt12.`). */
const sameHouse = (url: URL, source: SourceConfig): boolean =>
  url.hostname === new URL(source.url).hostname || url.hostname.endsWith('.cz001.com.cn')

export const cz001 = (source: SourceConfig): Site => variantOf({ web, epaper, app }, source)(source)
