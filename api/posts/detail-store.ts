import type { Analysis } from '../../pipeline/post.ts'
import { canonical } from '../audit.ts'
import type { Db } from '../db/open.ts'
import { maskRecord } from '../mask.ts'
import { originalsOf } from './original-store.ts'
import type { PostDetail } from './routes.ts'
import { itemQuery, postItems, toItem } from './view-store.ts'

type WholePost = Omit<PostDetail, 'mayReveal'>

/** S-38: the post as everyone reads it. Masking keeps lengths, so that what is marked stays marked. */
export function maskPost(post: WholePost): WholePost {
  const { author, title, text, quote, attachments, poll, revisions, analysis } = post
  const words = { author, title, text, quote, attachments, poll, revisions, analysis }
  const shown = maskRecord(words)
  const masked = post.authorId !== null || canonical(shown) !== canonical(words)
  return { ...post, ...shown, authorId: null, masked }
}

/** Everything about one post, as it was written; null where there is none. */
export async function postDetail(db: Db, id: number): Promise<WholePost | null> {
  const row = await itemQuery(db).where('p.id', '=', id).executeTakeFirst()
  if (!row) return null
  const [revisions, counts, analysis, slips, copies, evidence] = [
    await db.selectFrom('post_revision').selectAll().where('post_id', '=', id).orderBy('revision').execute(),
    await db.selectFrom('post_count').selectAll().where('post_id', '=', id).orderBy('seen_at').execute(),
    await db.selectFrom('analysis').selectAll().where('post_id', '=', id).executeTakeFirst(),
    await db
      .selectFrom('slip_post')
      .innerJoin('slip', 'slip.id', 'slip_post.slip_id')
      .select(['slip.id', 'slip.number', 'slip.status'])
      .where('slip_post.post_id', '=', id)
      .where('slip_post.detached_at', 'is', null)
      .orderBy('slip.id')
      .execute(),
    await db
      .selectFrom('analysis')
      .select('post_id')
      .where('copy_of', '=', row.copy_of ?? id)
      .where('post_id', '!=', id)
      .orderBy('post_id')
      .execute(),
    await db
      .selectFrom('evidence')
      .select(['id', 'kind', 'url', 'captured_at', 'file_name'])
      .where('post_id', '=', id)
      .orderBy('id')
      .execute(),
  ]
  const original = (await originalsOf(db, [id])).get(id) ?? null
  const own = new Set(slips.map(each => each.id))
  const threadKey = row.parent_key ?? row.key
  const thread = await db
    .selectFrom('post')
    .select('id')
    .where('source_id', '=', row.source_id)
    .where(eb => eb.or([eb('key', '=', threadKey), eb('parent_key', '=', threadKey)]))
    .orderBy('floor')
    .orderBy('id')
    .limit(200)
    .execute()
  const copyIds = [...(analysis?.copy_of ? [analysis.copy_of] : []), ...copies.map(({ post_id }) => post_id)]
  return {
    ...toItem(row, ''),
    masked: false,
    author: row.author_name,
    title: row.title,
    text: row.text,
    quote: row.quote,
    images: JSON.parse(row.images) as { url: string }[],
    attachments: JSON.parse(row.attachments ?? '[]') as PostDetail['attachments'],
    poll: row.poll ? (JSON.parse(row.poll) as PostDetail['poll']) : null,
    authorId: row.author_id,
    publishedRaw: row.published_raw,
    thread: await postItems(
      db,
      thread.map(each => each.id),
    ),
    revisions: revisions.map(({ revision, seen_at, title, text }) => ({
      revision,
      seenAt: seen_at,
      title,
      text,
    })),
    counts: counts.map(({ seen_at, post_id: _, ...rest }) => ({ seenAt: seen_at, ...rest })),
    analysis: analysis
      ? {
          version: analysis.version,
          analysedAt: analysis.analysed_at,
          score: analysis.score,
          gates: {
            topic: analysis.gate_topic,
            actionable: analysis.gate_actionable,
            local: analysis.gate_local,
          },
          reasons: JSON.parse(analysis.reasons) as Analysis['reasons'],
          places: JSON.parse(analysis.places) as Analysis['places'],
          local: analysis.local === 1,
          sentiment: JSON.parse(analysis.sentiment ?? 'null') as Analysis['sentiment'],
          severityGrounds: JSON.parse(analysis.severity_grounds) as Analysis['severityGrounds'],
        }
      : null,
    original: original && { ...original, slips: original.slips.filter(each => !own.has(each.id)) },
    copiesOf: await postItems(db, copyIds),
    evidence: evidence.map(({ id: evidenceId, kind, url, captured_at, file_name }) => ({
      id: evidenceId,
      kind,
      url,
      capturedAt: captured_at,
      fileName: file_name,
    })),
    slips,
  }
}
