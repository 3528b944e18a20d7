import { discuz } from './discuz.ts'
import { feed } from './feed.ts'
import type { EngineName, FeedSite, Site, SourceConfig } from './site.ts'

type Reader =
  | { kind: 'forum'; make: (source: SourceConfig) => Site }
  | { kind: 'feed'; make: (source: SourceConfig) => FeedSite }

/** Every engine that can read; a name that is missing here is told so by `whyNot`. */
export const READERS: Partial<Record<EngineName, Reader>> = {
  discuz: { kind: 'forum', make: discuz },
  feed: { kind: 'feed', make: feed },
}

export const ENGINES: readonly EngineName[] = [
  'discuz',
  'phpwind',
  'hualongxiang',
  'cz001',
  'article',
  'feed',
  'weixin',
  'weibo',
  'manual',
]

/** Why this source can't be read by the program, in Chinese; null where it can. */
export function whyNot(source: Pick<SourceConfig, 'engine'>): string | null {
  if (source.engine === 'manual') return '由人工录入，不自动采集'
  return READERS[source.engine] ? null : `「${source.engine}」读取程序尚未提供`
}
