import { appendAudit } from '../audit.ts'
import type { Actor } from '../auth.ts'
import type { Context } from '../context.ts'
import type { Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { attachUploads } from '../evidence/store.ts'
import { unitById } from '../people/store.ts'
import { type PostForSlip, postForSlip } from '../posts/store.ts'
import { refuse } from './act.ts'
import { putPost, requireFoundAt } from './actions-intake.ts'
import type { CreateSlip } from './routes.ts'
import { addEntry } from './store.ts'

const OFFICE = ['office', 'office_head']

async function knownSlip(trx: Trx, actor: Actor, key: string): Promise<number | null> {
  const row = await trx
    .selectFrom('slip')
    .select('id')
    .where('created_by', '=', actor.id)
    .where('idempotency_key', '=', key)
    .executeTakeFirst()
  return row?.id ?? null
}

async function requireUnit(trx: Trx, actor: Actor, unitId: number | undefined): Promise<number> {
  const id = unitId ?? actor.unitId
  if (id === null) throw refuse('请选择填报处室。')
  if (id !== actor.unitId && !actor.roles.some(role => OFFICE.includes(role)))
    throw new AppError('slip.forbidden', { message: '只能为本处室填报处理单。' })
  if (!(await unitById(trx, id))) throw refuse('没有这个处室。')
  return id
}

/** A draft from stored posts, from a post entered by hand, or both; the same key gives the same slip. Returns its id. */
export async function createSlip(
  context: Context,
  actor: Actor,
  body: CreateSlip,
  key: string,
): Promise<number> {
  const now = context.now()
  return context.db.transaction().execute(async trx => {
    const known = await knownSlip(trx, actor, key)
    if (known !== null) return known
    const manual = body.manual ?? []
    if (!body.postIds.length && !manual.length) throw refuse('请选择帖子，或人工录入一条。')
    const posts = await postsFor(trx, body.postIds)
    for (const entry of manual)
      if (!entry.url && !entry.noUrlReason?.trim()) throw refuse('没有网址的请写明原因（如截图、来电）。')
    const shown = posts.flatMap(({ shownAt }) => (shownAt === null ? [] : [shownAt]))
    const foundAt = body.foundAt ?? (shown.length ? Math.min(...shown) : now)
    requireFoundAt(foundAt, now, [...posts, ...manual])
    const first = posts[0] ?? manual[0]
    const title = body.title ?? first?.title ?? first?.text.slice(0, 40) ?? ''
    const { id } = await trx
      .insertInto('slip')
      .values({
        number: null,
        idempotency_key: key,
        status: 'draft',
        level: null,
        title,
        unit_id: await requireUnit(trx, actor, body.unitId),
        lead_unit_id: null,
        co_units: '[]',
        created_by: actor.id,
        created_at: now,
        submitted_at: null,
        found_at: foundAt,
        found_how: body.foundHow,
        phone: body.phone ?? null,
        topic: body.topic ?? posts[0]?.topics[0] ?? null,
        summary: body.summary ?? first?.text.slice(0, 300) ?? '',
        demand: body.demand ?? null,
        area: body.area ?? null,
        media_level: body.mediaLevel ?? 'none',
        proposed_level: body.proposedLevel ?? null,
        ground: null,
        judged_by: null,
        judged_at: null,
        pending_judgement: null,
        round: 1,
        review_text_id: null,
        result: null,
        finished_at: null,
        handed_over_at: null,
        archived_at: null,
        archive_number: null,
        void_reason: null,
        version: 1,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const post of posts) await putPost({ trx, actor, now }, id, post)
    for (const { uploads, ...entry } of manual) {
      await addEntry(
        trx,
        id,
        {
          ...entry,
          postId: null,
          sourceId: null,
          threadKey: null,
          board: entry.board ?? null,
          url: entry.url ?? null,
          noUrlReason: entry.noUrlReason ?? null,
          author: entry.author ?? null,
        },
        actor.id,
        now,
      )
      await attachUploads(trx, { uploads, slipId: id, personId: actor.id, at: now })
    }
    await appendAudit(trx, {
      caseKind: 'slip',
      caseId: String(id),
      at: now,
      actorId: actor.id,
      forId: null,
      action: 'create',
      detail: { ...body, title, foundAt },
    })
    return id
  })
}

async function postsFor(trx: Trx, ids: readonly number[]): Promise<PostForSlip[]> {
  const posts: PostForSlip[] = []
  for (const id of new Set(ids)) {
    const post = await postForSlip(trx, id)
    if (!post) throw new AppError('notFound')
    if (post.flagState === 'slip') throw new AppError('post.handled')
    posts.push(post)
  }
  return posts
}
