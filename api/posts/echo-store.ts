import type { Analysis } from '../../pipeline/post.ts'
import type { Db } from '../db/open.ts'
import type { Unanalysed } from './analysis-store.ts'
import { isEcho } from './rules.ts'

interface Candidate {
  post: Unanalysed
  analysis: Analysis
}

interface Opener {
  postId: number
  copyOf: number | null
}

const nameOf = (sourceId: string, key: string | null): string => JSON.stringify([sourceId, key])

/**
 * For flagged replies of a batch: which earlier post each one echoes, the flagged first floor of its thread or what that
 * is a copy of. `originalOf` answers for the posts of the batch, whose stored analyses are of the past.
 */
export async function echoes(
  db: Db,
  posts: readonly Candidate[],
  originalOf: (postId: number) => number | null,
): Promise<(candidate: Candidate) => number | null> {
  const replies = posts.filter(({ post, analysis }) => analysis.flagged && isEcho(post, analysis))
  if (!replies.length) return () => null
  const stored = await storedOpeners(db, replies)
  const inBatch = new Map(posts.map(each => [nameOf(each.post.sourceId, each.post.key), each]))
  const openerOf = ({ sourceId, parentKey }: Unanalysed): Opener | undefined => {
    const name = nameOf(sourceId, parentKey)
    const fresh = inBatch.get(name)
    if (!fresh) return stored.get(name)
    const { postId } = fresh.post
    return fresh.analysis.flagged ? { postId, copyOf: originalOf(postId) } : undefined
  }
  const asked = new Set(replies)
  return candidate => {
    const opener = asked.has(candidate) ? openerOf(candidate.post) : undefined
    return opener && opener.postId < candidate.post.postId ? (opener.copyOf ?? opener.postId) : null
  }
}

async function storedOpeners(db: Db, replies: readonly Candidate[]): Promise<Map<string, Opener>> {
  const bySource = Map.groupBy(replies, ({ post }) => post.sourceId)
  const rows = await db
    .selectFrom('post')
    .innerJoin('analysis', 'analysis.post_id', 'post.id')
    .select(['post.id', 'post.source_id', 'post.key', 'analysis.copy_of'])
    .where('analysis.flagged', '=', 1)
    .where(eb =>
      eb.or(
        [...bySource].map(([sourceId, own]) =>
          eb('post.source_id', '=', sourceId).and('post.key', 'in', [
            ...new Set(own.flatMap(({ post }) => post.parentKey ?? [])),
          ]),
        ),
      ),
    )
    .execute()
  return new Map(
    rows.map(({ id, source_id, key, copy_of }) => [nameOf(source_id, key), { postId: id, copyOf: copy_of }]),
  )
}
