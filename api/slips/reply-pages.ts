/** Replies on the pages of others: those due to be read back, and those that moved since they were found. */
import type { Db } from '../db/open.ts'

export interface ReplyToVerify {
  replyId: number
  slipId: number
  entryId: number
  sourceId: string | null
  threadKey: string | null
  postId: number | null
  url: string | null
  account: { platform: string; name: string; platformUid: string | null } | null
  approvedText: string
  repliedAt: number
  attempts: number
  /** Since when the page is due to be read. */
  dueAt: number
}

/** Public replies whose page is due to be read again (design §5). */
export async function repliesToVerify(db: Db, now: number): Promise<ReplyToVerify[]> {
  const rows = await db
    .selectFrom('slip_reply as r')
    .innerJoin('slip_post as e', 'e.id', 'r.entry_id')
    .leftJoin('account as a', 'a.id', 'r.account_id')
    .select(['r.id', 'r.slip_id', 'r.entry_id', 'r.url', 'r.text', 'r.replied_at', 'r.verify_attempts'])
    .select('r.verify_next_at')
    .select(['e.source_id', 'e.thread_key', 'e.post_id', 'a.platform', 'a.name', 'a.platform_uid'])
    .where('r.verify_next_at', '<=', now)
    .orderBy('r.id')
    .execute()
  return rows.map(row => ({
    replyId: row.id,
    slipId: row.slip_id,
    entryId: row.entry_id,
    sourceId: row.source_id,
    threadKey: row.thread_key,
    postId: row.post_id,
    url: row.url,
    account:
      row.name === null
        ? null
        : { platform: row.platform as string, name: row.name, platformUid: row.platform_uid },
    approvedText: row.text,
    repliedAt: row.replied_at,
    attempts: row.verify_attempts,
    dueAt: row.verify_next_at ?? now,
  }))
}

export interface MovedReply {
  replyId: number
  approvedText: string
  /** The floor that it was found as, as last read. */
  page: { text: string; state: string; revision: number; goneAt: number | null }
}

/** Replies whose floor is gone, is back or was rewritten since it was last looked at. */
export async function repliesThatMoved(db: Db): Promise<MovedReply[]> {
  const rows = await db
    .selectFrom('slip_reply as r')
    .innerJoin('post as p', 'p.id', 'r.page_post_id')
    .innerJoin('slip as s', 's.id', 'r.slip_id')
    .select(['r.id', 'r.text as approvedText', 'p.text', 'p.state', 'p.revision', 'p.gone_at as goneAt'])
    .where('s.status', '!=', 'void')
    .where(eb =>
      eb.or([
        eb.and([eb('p.state', '!=', 'visible'), eb('r.page_gone_at', 'is', null)]),
        eb.and([eb('p.state', '=', 'visible'), eb('r.page_gone_at', 'is not', null)]),
        eb('p.revision', '!=', eb.ref('r.page_revision')),
      ]),
    )
    .orderBy('r.id')
    .execute()
  return rows.map(({ id, approvedText, ...page }) => ({ replyId: id, approvedText, page }))
}
