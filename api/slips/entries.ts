/** Posts on a slip: stored ones and those entered by hand, each on one slip only (S-9). */
import type { Actor } from '../auth.ts'
import type { Trx } from '../db/open.ts'
import { shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { attachUploads } from '../evidence/store.ts'
import { type PostForSlip, postForSlip } from '../posts/store.ts'
import { takeFlag } from '../posts/triage-store.ts'
import { watchThread } from '../sources/thread-store.ts'
import { refuse } from './act.ts'
import type { ManualPost } from './routes.ts'
import { addEntry } from './store.ts'

interface Putting {
  trx: Trx
  actor: Actor
  now: number
}

/** What a slip's discovery is compared with: only `publishedAt` at its precision is known of a post. */
export interface PostTime {
  publishedAt: number | null
  publishedPrecision: string | null
}

const HOUR_MS = 3_600_000
/** How much earlier than the page's words a discovery may seem: pages cut off seconds, or name the hour alone. */
const GRACE_MS: Record<string, number> = { second: 60_000, minute: 60_000, hour: HOUR_MS }
/** How many characters of a Shanghai day a coarse posting time vouches for. */
const DAY_PART: Record<string, number> = { day: 10, month: 7, year: 4 }

/** S-7: never later than now, never earlier than the posting, compared at its precision (design §5.6). */
export function requireFoundAt(foundAt: number, now: number, posts: readonly PostTime[]): void {
  if (foundAt > now) throw refuse('发现时间不能晚于现在。')
  for (const { publishedAt, publishedPrecision } of posts) {
    if (publishedAt === null || publishedPrecision === null) continue
    const grace = GRACE_MS[publishedPrecision]
    const part = DAY_PART[publishedPrecision] ?? 10
    const early =
      grace === undefined
        ? shanghaiDay(foundAt).slice(0, part) < shanghaiDay(publishedAt).slice(0, part)
        : foundAt < publishedAt - grace
    if (early) throw refuse('发现时间早于发帖时间，请核对。', { rule: 'S-7' })
  }
}

/** @throws AppError notFound, post.handled (with the slip that has it). */
export async function requireFreePost(trx: Trx, postId: number): Promise<PostForSlip> {
  const post = await postForSlip(trx, postId)
  if (!post) throw new AppError('notFound')
  const holder = await slipHolding(trx, postId)
  if (holder) throw new AppError('post.handled', { details: { ...holder } })
  return post
}

interface Holder {
  slipId: number
  number: string | null
}

async function slipHolding(trx: Trx, postId: number): Promise<Holder | null> {
  const row = await livingEntries(trx).where('e.post_id', '=', postId).executeTakeFirst()
  return row ?? null
}

const livingEntries = (trx: Trx) =>
  trx
    .selectFrom('slip_post as e')
    .innerJoin('slip', 'slip.id', 'e.slip_id')
    .select(['slip.id as slipId', 'slip.number'])
    .where('e.detached_at', 'is', null)
    .where('slip.status', '!=', 'void')

/** S-9: the same address on a slip that is still open; manual entries can't be matched by post id. */
export async function slipWithUrl(trx: Trx, url: string): Promise<Holder | null> {
  const row = await livingEntries(trx)
    .where('slip.status', '!=', 'archived')
    .where('e.url', '=', url)
    .executeTakeFirst()
  return row ?? null
}

/** Copies a stored post onto a slip, takes its flag and has its thread watched. Returns the entry's id. */
export async function putPost(
  { trx, actor, now }: Putting,
  slipId: number,
  post: PostForSlip,
  counts = true,
): Promise<number> {
  const threadKey = post.kind === 'thread' || post.kind === 'reply' ? (post.parentKey ?? post.key) : null
  const entryId = await addEntry(
    trx,
    slipId,
    {
      postId: post.id,
      sourceId: post.sourceId,
      threadKey,
      platform: post.sourceName,
      board: post.board,
      url: post.url,
      noUrlReason: null,
      author: post.authorName,
      title: post.title,
      text: post.text,
      publishedAt: post.publishedAt,
      publishedPrecision: post.publishedPrecision,
      counts,
    },
    actor.id,
    now,
  )
  await takeFlag(trx, post.id, slipId, actor.id, now)
  if (threadKey) await watchThread(trx, post.sourceId, threadKey, now)
  return entryId
}

/** Puts a post that staff describe: a pasted link, a text, pictures. Returns the entry's id. */
export async function putManual(
  { trx, actor, now }: Putting,
  slipId: number,
  { uploads, ...post }: ManualPost,
  counts = true,
): Promise<number> {
  if (!post.url && !post.noUrlReason?.trim()) throw refuse('没有网址的请写明原因（如截图、来电）。')
  const entryId = await addEntry(
    trx,
    slipId,
    {
      ...post,
      postId: null,
      sourceId: null,
      threadKey: null,
      board: post.board ?? null,
      url: post.url ?? null,
      noUrlReason: post.noUrlReason ?? null,
      author: post.author ?? null,
      counts,
    },
    actor.id,
    now,
  )
  await attachUploads(trx, { uploads, slipId, entryId, personId: actor.id, at: now })
  return entryId
}
