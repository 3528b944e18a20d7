import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { inTurn } from '../db/open.ts'
import { sourceList } from '../sources/store.ts'
import { dropMissedPages, missedPages } from './missed-pages.ts'
import { surplusOf } from './missed-rules.ts'

const BATCH = 100

/**
 * Lets go of pages of which nothing was read, source by source; what a case or another page rests on stays. Rows go first:
 * killed in between, a file is left that nobody names, never a name without its file. Returns how many pages went.
 */
export async function pruneMissedPages({ db, blobs, now }: Context, signal?: AbortSignal): Promise<number> {
  let gone = 0
  for (const { config } of await sourceList(db)) {
    const surplus = surplusOf(await missedPages(db, config.id), config.retentionDays, now())
    for (let from = 0; from < surplus.length && !signal?.aborted; from += BATCH) {
      const pages = surplus.slice(from, from + BATCH)
      const files = await inTurn(db, async trx => {
        await appendAudit(trx, {
          caseKind: 'source',
          caseId: config.id,
          at: now(),
          actorId: null,
          forId: null,
          action: 'prune',
          detail: { pages: pages.length },
        })
        return dropMissedPages(trx, config.id, pages)
      })
      for (const sha256 of files) await blobs.drop(sha256)
      gone += pages.length
    }
  }
  return gone
}
