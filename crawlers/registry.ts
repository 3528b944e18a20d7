import type { EngineName, Site, SourceConfig } from './site.ts'
import { discuz } from './sites/discuz.ts'
import { feed } from './sites/feed.ts'

/** Every engine that can read; a name that is missing here is told so by `whyNot`. */
export const READERS: Partial<Record<EngineName, (source: SourceConfig) => Site>> = {
  discuz,
  feed,
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
