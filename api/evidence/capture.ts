import type { Context } from '../context.ts'
import { CAPTURE_REASONS } from '../vocabulary.ts'
import { findBrowser, screenshot } from './browser.ts'
import { captureDone, captureFailed, type DueCapture, dueCaptures } from './requests.ts'
import { addBlob, addEvidence, putBlob } from './store.ts'

const AT_ONCE = 20

/**
 * Takes the pictures that are asked for, one of a host each time, so that a site is not asked more often than a reader
 * would; without a browser staff upload them (design §5.11). Returns how many were taken.
 */
export async function captureDue(context: Context, signal?: AbortSignal): Promise<number> {
  const due = await dueCaptures(context.db, context.now(), AT_ONCE)
  const browser = due.length ? await findBrowser(context.config) : null
  if (!browser) return 0
  const hosts = new Set<string>()
  let count = 0
  for (const capture of due) {
    const { host } = new URL(capture.url)
    if (signal?.aborted) break
    if (hosts.has(host)) continue
    hosts.add(host)
    if (await take(context, browser, capture, signal)) count++
  }
  return count
}

async function take(
  context: Context,
  browser: string,
  capture: DueCapture,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { db, blobs, config, now, log } = context
  const { reason, url, postId, slipId, replyId } = capture
  try {
    const png = await screenshot(browser, url, { userAgent: config.userAgent, signal })
    const blob = await putBlob(blobs, png, 'image/png')
    const at = now()
    await db.transaction().execute(async trx => {
      await addBlob(trx, blob, at)
      await addEvidence(trx, {
        kind: 'screenshot',
        sha256: blob.sha256,
        postId,
        slipId,
        replyId,
        url,
        fileName: `${CAPTURE_REASONS[reason]}截图-${capture.id}.png`,
        at,
      })
      await captureDone(trx, capture.id)
    })
    return true
  } catch (error) {
    if (signal?.aborted) return false
    log.warn({ err: error, url }, 'screenshot failed')
    await captureFailed(db, capture, now(), (error as Error).message)
    return false
  }
}
