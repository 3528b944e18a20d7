import type { CrawlError, CrawlFault, RoundOutcome } from './site.ts'

/** What a round came to so far: sums of pages, threads and posts, and the first of what went wrong. */
export class Tally {
  pages = 0
  unchanged = 0
  listed = 0
  read = 0
  missed = 0
  posts = 0
  fresh = 0
  error: CrawlError | null = null
  threadError: CrawlError | null = null
  /** Something on the way was not read: the bookmark stays. */
  isPartial = false

  sums(): Pick<
    RoundOutcome,
    | 'pages'
    | 'unchanged'
    | 'listed'
    | 'threadsRead'
    | 'threadsMissed'
    | 'posts'
    | 'postsNew'
    | 'error'
    | 'threadError'
  > {
    return {
      pages: this.pages,
      unchanged: this.unchanged,
      listed: this.listed,
      threadsRead: this.read,
      threadsMissed: this.missed,
      posts: this.posts,
      postsNew: this.fresh,
      error: this.error && faultOf(this.error),
      threadError: this.threadError && faultOf(this.threadError),
    }
  }
}

export const faultOf = ({ kind, url, message }: CrawlError): CrawlFault => ({ kind, url, message })
