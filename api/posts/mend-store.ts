import type { Precision, RawPost } from '../../pipeline/post.ts'
import type { Db, Trx } from '../db/open.ts'
import { isFiner, textHash, withoutNul } from './rules.ts'
import { recordPosts } from './store.ts'

/**
 * What a mended reader makes of a kept page, against what stands. added: a post that was overlooked. text: its words
 * were read wrongly. fields: author or time was missing. unsure: it differs, but a later reading stands; left alone.
 */
export interface Difference {
  what: 'added' | 'text' | 'fields' | 'unsure'
  source: string
  key: string
  url: string
  before: string | null
  after: string | null
}

/** @throws where there is none of that key. */
export async function postIdOf(db: Db, source: string, key: string): Promise<number> {
  const row = await db
    .selectFrom('post')
    .select('id')
    .where('source_id', '=', source)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  return row.id
}

/**
 * One post of a kept page, read anew. A revision that was made from this very page is corrected in place: the author
 * changed nothing, so it is no edit. Words that no revision has are an edit that the old reader overlooked. Doing it
 * again changes nothing; pages must come in the order in which they were received.
 */
export async function mendPost(trx: Trx, post: RawPost): Promise<Difference | null> {
  const { source, key, url } = post
  const row = await trx
    .selectFrom('post')
    .select(['id', 'revision', 'state', 'text_hash', 'author_name', 'published_precision', 'poll'])
    .where('source_id', '=', source)
    .where('key', '=', key)
    .executeTakeFirst()
  const differs = (what: Difference['what'], before: string | null, after: string | null) =>
    ({ what, source, key, url, before, after }) as const
  if (!row) {
    await recordPosts(trx, [post])
    return differs('added', null, post.text)
  }
  if (post.state !== 'visible') return null
  const seenAt = Date.parse(post.seenAt)
  const filled = {
    ...(row.author_name === null &&
      post.author.name !== null && { author_id: post.author.id, author_name: post.author.name }),
    ...(isFiner(post.publishedPrecision, row.published_precision as Precision) && {
      published_at: post.publishedAt === null ? null : Date.parse(post.publishedAt),
      published_precision: post.publishedPrecision,
      published_raw: post.publishedRaw,
    }),
    ...(row.poll === null && post.poll && { poll: JSON.stringify(post.poll) }),
  }
  if (Object.keys(filled).length) await trx.updateTable('post').set(filled).where('id', '=', row.id).execute()
  const revisions = await trx
    .selectFrom('post_revision')
    .select(['revision', 'seen_at', 'text', 'text_hash'])
    .where('post_id', '=', row.id)
    .where('seen_at', '<=', seenAt)
    .orderBy('revision', 'desc')
    .execute()
  const [base] = revisions
  const hash = textHash(post)
  // Nothing was read so early: what stands now is of a later page.
  if (!base) return row.text_hash === hash ? null : differs('unsure', null, post.text)
  if (base.text_hash === hash)
    return Object.keys(filled).length ? differs('fields', null, Object.keys(filled).join(' ')) : null
  const isNewest = base.revision === row.revision
  if (base.seen_at !== seenAt && !isNewest) return differs('unsure', base.text, post.text)
  const title = post.title === null ? null : withoutNul(post.title)
  const quote = post.quote === null ? null : withoutNul(post.quote)
  const words = { title, text: withoutNul(post.text), quote, text_hash: hash }
  const revision = base.seen_at === seenAt ? base.revision : base.revision + 1
  if (revision === base.revision)
    await trx
      .updateTable('post_revision')
      .set(words)
      .where('post_id', '=', row.id)
      .where('revision', '=', revision)
      .execute()
  else
    await trx
      .insertInto('post_revision')
      .values({ post_id: row.id, revision, seen_at: seenAt, ...words })
      .execute()
  if (isNewest)
    await trx
      .updateTable('post')
      .set({ ...words, images: JSON.stringify(post.images), revision, to_analyse: 1 })
      .where('id', '=', row.id)
      .execute()
  return differs('text', base.text, post.text)
}
