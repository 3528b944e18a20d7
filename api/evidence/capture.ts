import type { Context } from '../context.ts'
import type { Db } from '../db/open.ts'
import { findBrowser, screenshot } from './browser.ts'
import { addBlob, addEvidence, putBlob } from './store.ts'

interface Due {
  replyId: number
  slipId: number
  url: string
}

/** Public replies that were found on their page and have no picture yet (S-27). */
async function dueCaptures(db: Db): Promise<Due[]> {
  const rows = await db
    .selectFrom('slip_reply as r')
    .leftJoin('evidence as e', join => join.onRef('e.reply_id', '=', 'r.id').on('e.kind', '=', 'screenshot'))
    .select(['r.id as replyId', 'r.slip_id as slipId', 'r.url'])
    .where('r.verify', 'in', ['verified', 'different'])
    .where('e.id', 'is', null)
    .limit(10)
    .execute()
  return rows.flatMap(row => (row.url ? [{ ...row, url: row.url }] : []))
}

/** Takes the missing pictures; without a browser staff upload them (design §5.11). */
export async function captureDue(context: Context, signal?: AbortSignal): Promise<number> {
  const { db, blobs, config, now, log } = context
  const due = await dueCaptures(db)
  const browser = due.length ? await findBrowser(config) : null
  if (!browser) return 0
  let count = 0
  for (const { replyId, slipId, url } of due) {
    if (signal?.aborted) break
    try {
      const anchor = new URL(url).hash.slice(1) || undefined
      const png = await screenshot(browser, url, { userAgent: config.userAgent, anchor, signal })
      const blob = await putBlob(blobs, png, 'image/png')
      const at = now()
      await db.transaction().execute(async trx => {
        await addBlob(trx, blob, at)
        await addEvidence(trx, {
          kind: 'screenshot',
          sha256: blob.sha256,
          slipId,
          replyId,
          url,
          fileName: `回复截图-${replyId}.png`,
          at,
        })
      })
      count++
    } catch (error) {
      log.warn({ err: error, url }, 'screenshot failed')
    }
  }
  return count
}
