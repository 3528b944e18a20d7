import { baseOf } from '../fields.ts'
import type { Site, SourceConfig } from '../site.ts'
import { articles } from './article.ts'

/** Portal articles of Discuz! X (sites.md §1.15): a board's key is the channel's catid, or the address of a page of links. */
export const portal = (source: SourceConfig): Site => {
  const base = baseOf(source)
  return articles(source, {
    selectors: {
      row: '#ct dl.bbda, .bm_c li || a[href]',
      rowTitle: 'dt a[href*="aid="], dt a[href*="article-"] || a[href*="aid="], a[href*="article-"]',
      rowDate: '.xg1',
      listNext: '.pg a.nxt',
      title: 'h1.ph',
      info: '.h p.xg1 || p.xg1',
      body: '#article_content || div.d > table',
    },
    listUrls: key => [new URL(/^\d+$/.test(key) ? `portal.php?mod=list&catid=${key}` : key, base).href],
    keyOf(url) {
      const aid = /[?&]aid=(\d+)|article-(\d+)-/.exec(`${url.pathname}${url.search}`)?.slice(1).find(Boolean)
      return aid ? new URL(`portal.php?mod=view&aid=${aid}`, base).href : null
    },
  })
}
