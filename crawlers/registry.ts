import type { EngineName, Site, SourceConfig } from './site.ts'
import { article } from './sites/article.ts'
import { cz001 } from './sites/cz001.ts'
import { discuz } from './sites/discuz.ts'
import { feed } from './sites/feed.ts'
import { hualongxiang } from './sites/hualongxiang.ts'
import { phpwind } from './sites/phpwind.ts'
import { weibo } from './sites/weibo.ts'
import { weixin } from './sites/weixin.ts'

/** Makes a site of a source. @throws Error in Chinese where variant or selectors are wrong. */
export type Reader = (source: SourceConfig) => Site

/** Every engine that reads by itself; what is not here is entered by hand. */
export const READERS: Record<Exclude<EngineName, 'manual'>, Reader> = {
  discuz,
  phpwind,
  hualongxiang,
  cz001,
  article,
  feed,
  weixin,
  weibo,
}

export const readerOf = (engine: EngineName): Reader | null => (engine === 'manual' ? null : READERS[engine])

export const ENGINES: readonly EngineName[] = [
  ...(Object.keys(READERS) as (keyof typeof READERS)[]),
  'manual',
]

/** Why this source can't be read by the program, in Chinese; null where it can. */
export function whyNot(source: Pick<SourceConfig, 'engine'>): string | null {
  if (source.engine === 'manual') return '由人工录入，不自动采集'
  return Object.hasOwn(READERS, source.engine) ? null : `「${source.engine}」不是认识的引擎`
}

/** The same with the configuration tried: a wrong variant or selector is told here, before anything is read. */
export function siteProblem(source: SourceConfig): string | null {
  const reason = whyNot(source)
  if (reason) return reason
  try {
    readerOf(source.engine)?.(source)
    return null
  } catch (error) {
    return `信源配置有误：${(error as Error).message}`
  }
}
