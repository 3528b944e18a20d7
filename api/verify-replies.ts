import { whyNot } from '../crawlers/registry.ts'
import { cleanText } from '../pipeline/clean.ts'
import type { Context } from './context.ts'
import { postsOfThread, type ThreadPost } from './posts/store.ts'
import { type ReplyToVerify, repliesThatMoved, repliesToVerify } from './slips/reply-pages.ts'
import { recordPage, recordVerification } from './slips/verification.ts'
import { sourceById } from './sources/store.ts'
import { threadStanding, watchThread } from './sources/thread-store.ts'

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

/** A page that could not be read for so long counts as read in vain. */
const PATIENCE_MS = 10 * 60_000

/**
 * design §5: the page is read again by the crawl itself, in its turn and pace, and compared with what was approved.
 * A reply whose page is not yet read waits; one that no crawl reads counts as not found.
 */
export async function verifyReplies(context: Context, signal?: AbortSignal): Promise<void> {
  for (const reply of await repliesToVerify(context.db, context.now())) {
    if (signal?.aborted) return
    const posts = await postsReadBack(context, reply)
    if (posts !== 'waiting') await record(context, reply, findReply(posts, reply))
  }
  await watchReplies(context, signal)
}

/** Once found, a reply is watched with its thread: taken away, put back or rewritten later is noticed. */
async function watchReplies({ db, now }: Context, signal?: AbortSignal): Promise<void> {
  for (const { replyId, approvedText, page } of await repliesThatMoved(db)) {
    if (signal?.aborted) return
    const same = compared(page.text) === compared(approvedText)
    const state = page.state !== 'visible' ? 'gone' : same ? 'verified' : 'different'
    await db.transaction().execute(trx =>
      recordPage(trx, {
        replyId,
        state,
        difference: state === 'different' ? page.text.slice(0, 2000) : null,
        revision: page.revision,
        goneAt: state === 'gone' ? page.goneAt : null,
        at: now(),
      }),
    )
  }
}

/** What the page showed since the reply was due; asks for it to be read where it was not. */
async function postsReadBack(context: Context, reply: ReplyToVerify): Promise<ThreadPost[] | 'waiting'> {
  const { db, now } = context
  const { sourceId, threadKey, dueAt } = reply
  const source = sourceId ? await sourceById(db, sourceId) : null
  if (!sourceId || !threadKey || !source?.enabled || whyNot(source.config)) return []
  const standing = await threadStanding(db, sourceId, threadKey)
  if ((standing?.readAt ?? 0) >= dueAt) return postsOfThread(db, sourceId, threadKey)
  if (now() > dueAt + PATIENCE_MS) return []
  await db.transaction().execute(trx => watchThread(trx, sourceId, threadKey, now(), { asked: true }))
  return 'waiting'
}

async function record(
  { db, now }: Context,
  reply: ReplyToVerify,
  found: ReturnType<typeof findReply>,
): Promise<void> {
  const isTimed = found && ['second', 'minute'].includes(found.post.publishedPrecision ?? '')
  await db.transaction().execute(trx =>
    recordVerification(trx, {
      replyId: reply.replyId,
      found: found ? (found.same ? 'verified' : 'different') : null,
      difference: found && !found.same ? found.post.text.slice(0, 2000) : null,
      pageRepliedAt: isTimed ? found.post.publishedAt : null,
      page: found && { postId: found.post.id, revision: found.post.revision },
      at: now(),
    }),
  )
}
