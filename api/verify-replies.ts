import { cleanText } from '../pipeline/clean.ts'
import type { Context } from './context.ts'
import { visitSources } from './crawl-job.ts'
import { postsOfThread, type ThreadPost } from './posts/store.ts'
import { type ReplyToVerify, repliesToVerify } from './slips/store.ts'
import { recordVerification } from './slips/verification.ts'
import { sourceById, watchThread } from './sources/store.ts'

/** Clocks of board and bureau may differ; an older post under the account is another answer. */
const EARLIER_MS = 60 * 60_000

const compared = (text: string): string => cleanText(text).text.replace(/\s+/g, '')

const isOurs = (post: ThreadPost, { account }: ReplyToVerify): boolean =>
  account !== null &&
  (account.platformUid !== null && post.authorId !== null
    ? post.authorId === account.platformUid
    : post.authorName === account.name)

/** The posting account's floor that fits best: the same text, else its newest since the reply. */
export function findReply(
  posts: readonly ThreadPost[],
  reply: ReplyToVerify,
): { post: ThreadPost; same: boolean } | null {
  const own = posts.filter(post => post.state === 'visible' && isOurs(post, reply))
  const same = own.find(post => compared(post.text) === compared(reply.approvedText))
  if (same) return { post: same, same: true }
  const later = own.filter(
    ({ publishedAt }) => publishedAt === null || publishedAt >= reply.repliedAt - EARLIER_MS,
  )
  const post = later.at(-1)
  return post ? { post, same: false } : null
}

/** design §5: the page is read again through the same crawl, under the same pace, and compared with what was approved. */
export async function verifyReplies(context: Context, signal?: AbortSignal): Promise<void> {
  const { db, now } = context
  for (const reply of await repliesToVerify(db, now())) {
    if (signal?.aborted) return
    const { sourceId, threadKey } = reply
    const source = sourceId ? await sourceById(db, sourceId) : null
    let found: ReturnType<typeof findReply> = null
    if (source && threadKey) {
      await db.transaction().execute(trx => watchThread(trx, source.config.id, threadKey, now()))
      await visitSources(context, [source.config], signal)
      found = findReply(await postsOfThread(db, source.config.id, threadKey), reply)
    }
    await db.transaction().execute(trx =>
      recordVerification(trx, {
        replyId: reply.replyId,
        found: found ? (found.same ? 'verified' : 'different') : null,
        difference: found && !found.same ? found.post.text.slice(0, 2000) : null,
        pageRepliedAt:
          found?.post.publishedPrecision === 'second' || found?.post.publishedPrecision === 'minute'
            ? found.post.publishedAt
            : null,
        at: now(),
      }),
    )
  }
}
