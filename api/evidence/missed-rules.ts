/** Which pages of which nothing was read are let go again: a layout that nobody mends must not fill the disk. Pure. */
const DAY_MS = 86_400_000

/** Newest of one address: a later page of a thread shows what the one before did, a list that is read on and on little new. */
export const MOST_OF_ADDRESS = 50
/** Newest of one source: a day and more of the usual ceiling. */
export const MOST_OF_SOURCE = 2_000

interface Received {
  url: string
  /** Epoch ms. */
  at: number
}

/**
 * Those of one source that go: beyond the newest of their address or of the source, or older than the source is kept.
 * What came within the last day stays in any case. `pages`: as they were received.
 */
export function surplusOf<Page extends Received>(
  pages: readonly Page[],
  retentionDays: number,
  now: number,
): Page[] {
  const ofAddress = new Map<string, number>()
  let stay = 0
  return pages.toReversed().filter(({ url, at }) => {
    const same = ofAddress.get(url) ?? 0
    const fits = same < MOST_OF_ADDRESS && stay < MOST_OF_SOURCE && now - at < retentionDays * DAY_MS
    if (!fits && now - at >= DAY_MS) return true
    ofAddress.set(url, same + 1)
    stay++
    return false
  })
}
