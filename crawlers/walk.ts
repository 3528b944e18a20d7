import type { IsoInstant } from '../pipeline/post.ts'
import type { ListRead, ThreadMemory, ThreadRef } from './site.ts'

const LIST_PAGES = 3
/** However long we were away. */
const MOST_LIST_PAGES = 100
/** Lists that say 半小时前 are this imprecise about the last reply. */
const SLACK_MS = 3_600_000

/** How far the lists of a board were walked down: by list, the newest that its first page shows, and whether it ended. */
export class Walks {
  readonly #lists = new Map<string, { newest: IsoInstant; ended: boolean }>()

  note(list: string, read: ListRead, receivedAt: IsoInstant, ended: boolean): void {
    // A date of tomorrow would hide everything until then.
    const dates = datesOf(read).filter(at => at <= receivedAt)
    const newest = this.#lists.get(list)?.newest ?? dates.sort().at(-1) ?? receivedAt
    this.#lists.set(list, { newest, ended })
  }

  ended(): boolean {
    return [...this.#lists.values()].every(({ ended }) => ended)
  }

  /** A board may have several lists (newest, last reply): it is read as far as the one that is behind. */
  readTo(): IsoInstant | null {
    return [...this.#lists.values()].map(({ newest }) => newest).sort()[0] ?? null
  }
}

/**
 * Whether to go no further down. A known page is no sign that those below it were read: a run may have been stopped in
 * between. The board's bookmark is (`mark`); before there is one, `listPages`. `fresh` = rows that are news.
 */
export function isWalkedDown(
  read: ListRead,
  page: number,
  {
    mark,
    fresh,
    listPages = LIST_PAGES,
  }: { mark: IsoInstant | null; fresh: number; listPages?: number | undefined },
): boolean {
  if (!read.threads.length) return page >= listPages || fresh === 0
  if (mark === null) return page >= listPages
  if (page >= MOST_LIST_PAGES) return true
  const oldest = oldestOf(read)
  return oldest === null ? fresh === 0 : Date.parse(oldest) < Date.parse(mark) - SLACK_MS
}

/** When what a list shows last moved; an old date in a sticky row says nothing. */
const datesOf = ({ threads }: ListRead): IsoInstant[] =>
  threads.flatMap(({ sticky, lastReplyAt, createdAt }) => (sticky ? [] : (lastReplyAt ?? createdAt ?? [])))

export const oldestOf = (read: ListRead): IsoInstant | null => datesOf(read).sort()[0] ?? null

/** New, or grown since (design §3). Views move by our own visits: they are no news. */
export function hasMoved(ref: ThreadRef, memory: ThreadMemory | null): boolean {
  if (!memory) return true
  if (ref.replies !== null && memory.replies !== null && ref.replies !== memory.replies) return true
  return ref.lastReplyAt !== null && memory.lastReplyAt !== null && ref.lastReplyAt > memory.lastReplyAt
}
