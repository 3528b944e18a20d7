/** Pages that gave nothing although they should have, kept as received until a mended reader makes something of them. */
import type { Db, Trx } from '../db/open.ts'
import type { PreparedPage } from './pages.ts'
import { addBlob } from './store.ts'

/** The same page again is kept once. `threadKey`: of the thread that it belongs to, null for a list. */
export async function addMissedPage(
  trx: Trx,
  sourceId: string,
  { url, at, page, headers }: Pick<PreparedPage, 'url' | 'at' | 'page' | 'headers'>,
  threadKey: string | null,
): Promise<void> {
  for (const blob of [page, headers]) await addBlob(trx, blob, at)
  await trx
    .insertInto('missed_page')
    .values({
      source_id: sourceId,
      url,
      page: page.sha256,
      headers: headers.sha256,
      received_at: at,
      thread_key: threadKey,
    })
    .onConflict(conflict => conflict.columns(['source_id', 'url', 'page']).doNothing())
    .execute()
}

/** A missed page, by the hashes of its files. */
export interface MissedPage {
  url: string
  at: number
  page: string
  headers: string
  threadKey: string | null
}

/** Those of a source in the order in which they were received. */
export async function missedPages(db: Db, sourceId: string): Promise<MissedPage[]> {
  const rows = await db
    .selectFrom('missed_page')
    .selectAll()
    .where('source_id', '=', sourceId)
    .orderBy('received_at')
    .orderBy('url')
    .execute()
  return rows.map(({ url, received_at, page, headers, thread_key }) => ({
    url,
    at: received_at,
    page,
    headers,
    threadKey: thread_key,
  }))
}

/** It has been read: from now on it is a kept page like any other. */
export async function settleMissedPage(
  trx: Trx,
  sourceId: string,
  { url, page }: Pick<MissedPage, 'url' | 'page'>,
): Promise<void> {
  await trx
    .deleteFrom('missed_page')
    .where('source_id', '=', sourceId)
    .where('url', '=', url)
    .where('page', '=', page)
    .execute()
}
