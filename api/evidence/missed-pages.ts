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

/** Takes them off with their files' rows, where nothing else rests on them. Returns the hashes of files that nobody needs. */
export async function dropMissedPages(
  trx: Trx,
  sourceId: string,
  pages: readonly MissedPage[],
): Promise<string[]> {
  for (const page of pages) await settleMissedPage(trx, sourceId, page)
  const hashes = [...new Set(pages.flatMap(({ page, headers }) => [page, headers]))]
  if (!hashes.length) return []
  const rows = await trx
    .deleteFrom('blob')
    .where('sha256', 'in', hashes)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('evidence').select('id').whereRef('evidence.sha256', '=', 'blob.sha256'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('missed_page').select('url').whereRef('missed_page.page', '=', 'blob.sha256'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('missed_page').select('url').whereRef('missed_page.headers', '=', 'blob.sha256')),
      ),
    )
    .returning('sha256')
    .execute()
  return rows.map(({ sha256 }) => sha256)
}
