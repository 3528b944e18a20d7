/**
 * Heap flags of a process that does nothing but crawl, so that it stays under 300 MB however many pages (design §9).
 * Parsing makes short-lived rubbish, of which a small young generation keeps little. The limit of the old one keeps V8
 * from letting it grow, so much so that it would mark without end what never changes: it may double before it is swept.
 */
export const CRAWL_HEAP = [
  '--max-semi-space-size=8',
  '--max-old-space-size=192',
  '--heap-growing-percent=100',
] as const
