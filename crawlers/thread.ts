/** What is remembered of a thread, and what is handed over of one that can't be read. Pure. */
import { toPost } from './fields.ts'
import type { EngineName, Page, ReadPost, Site, ThreadMemory, ThreadRef } from './site.ts'

const FORUMS: readonly EngineName[] = ['discuz', 'phpwind', 'hualongxiang']
export const isForum = (engine: EngineName): boolean => FORUMS.includes(engine)

/** As the list showed it, or the page where that is known no better (`replies`). */
export const memoryOf = (
  ref: ThreadRef | null,
  read: Pick<ThreadMemory, 'replies' | 'lastPage' | 'readAt'>,
): ThreadMemory => ({ ...read, lastReplyAt: ref?.lastReplyAt ?? null })

/** Its first floor gets the state, never the page's words as a text. */
export function stateOf(
  site: Site,
  key: string,
  ref: ThreadRef | null,
  state: 'gone' | 'restricted',
  page: Page,
): { post: ReadPost; memory: ThreadMemory } {
  const hasFloors = isForum(site.source.engine)
  return {
    post: toPost({
      key,
      url: site.threadUrl(key) ?? page.url,
      kind: hasFloors ? 'thread' : 'article',
      floor: hasFloors ? 1 : null,
      title: ref?.title || null,
      state,
    }),
    memory: memoryOf(ref, { replies: ref?.replies ?? null, lastPage: 1, readAt: page.receivedAt }),
  }
}
