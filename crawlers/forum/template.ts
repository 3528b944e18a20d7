/** What differs between forum programs: selectors, and a few words of their own (addresses, numbers, message pages). */
import type { Element } from 'domhandler'
import type { Query } from '../parse.ts'
import type { CrawlError, ListOrder, ParsedPage } from '../site.ts'

export interface ForumSelectors {
  /** Must be on a list page. */
  list: string
  row: string
  rowTitle: string
  rowCreated: string
  rowReplies: string
  rowViews: string
  rowLastReply: string
  /** Matches the row itself or something in it. */
  rowSticky: string
  rowClosed: string
  listNext: string
  /** Floors, in order. */
  posts: string
  title: string
  views: string
  replies: string
  body: string
  time: string
  author: string
  /** Where the name stands when it is no link. */
  anonymous: string
  floor: string
  /** Says that a text is there but not shown. */
  withheld: string
  quote: string
  /** Inside the body, but not said by the poster. */
  skip: string
  images: string
  files: string
  /** The poll of a post; in it the words of each option, each followed by its votes in brackets. */
  poll: string
  pollParts: string
  threadNext: string
  currentPage: string
  closed: string
  /** The board's name. */
  board: string
  /** What stands inside a title or time beside it. */
  noise: string
}
export type Compiled = Record<keyof ForumSelectors, Query>

export interface ForumTemplate {
  selectors: ForumSelectors
  orders: Partial<Record<ListOrder, (boardKey: string) => string>>
  threadUrl(key: string, page: number): string
  /** A post as people open it; `pid` null = the thread's first. */
  postUrl(tid: string, pid: string | null): string
  tidOf(href: string): string | null
  /** Number of the page in an address. */
  pageOf(href: string): number | null
  /** Key of a floor inside its thread; null where it has none of its own. */
  pidOf(post: Element): string | null
  /** Whether a floor on page 1 opens the thread. */
  isFirst(post: Element, at: number): boolean
  /** Whole lines of a body that are the program's words. */
  notices: RegExp
  /** How a quote begins where the name stands in its first line. */
  quotedBy?: RegExp
  /** Why this page gives no posts, or null where it does. */
  fault(page: ParsedPage, expected: 'list' | 'thread'): CrawlError | null
}

/** A template as one source uses it. */
export interface Forum {
  template: ForumTemplate
  s: Compiled
  absolute(href: string): string
}
