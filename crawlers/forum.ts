/**
 * Reading boards of any forum program: a list of rows, pages of floors. What differs between programs is data
 * (selectors) and a few words of their own (addresses, numbers, message pages), given as a ForumTemplate.
 */
import { against, baseOf, selectorsOf } from './fields.ts'
import { readList } from './forum/list.ts'
import type { Forum, ForumTemplate } from './forum/template.ts'
import { readThread } from './forum/thread.ts'
import type { Site, SourceConfig } from './site.ts'

/** @throws Error in Chinese where the source's selectors are wrong. */
export function forum(source: SourceConfig, template: ForumTemplate): Site {
  const absolute = against(baseOf(source))
  const board: Forum = { template, s: selectorsOf(template.selectors, source), absolute }
  return {
    source,
    listUrls: key =>
      (source.orders ?? ['lastReply']).flatMap(order => template.orders[order]?.(key) ?? []).map(absolute),
    list: page => readList(page, board),
    threadUrl: (key, page = 1) => absolute(template.threadUrl(key, page)),
    thread: page => readThread(page, board),
  }
}
