import { appendAudit } from '../audit.ts'
import { type Actor, holdsRole } from '../auth.ts'
import type { Context } from '../context.ts'
import type { Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { unitById } from '../people/unit-store.ts'
import type { PostForSlip } from '../posts/store.ts'
import { needReason, refuse } from './act.ts'
import { putManual, putPost, requireFoundAt, requireFreePost, slipWithUrl } from './entries.ts'
import type { CreateSlip } from './routes.ts'
import { rowsOf } from './seal.ts'
import { loadSlip } from './store.ts'

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
  if (id !== actor.unitId && !holdsRole(actor, 'office', 'office_head'))
    throw new AppError('slip.forbidden', { message: '只能为本处室填报处理单。' })
  const unit = await unitById(trx, id)
  if (!unit || unit.activeTo !== null) throw refuse('没有这个处室，或它已撤销，请重新选择。')
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
    const posts = await postsFor(trx, body.postIds).catch(async error => {
      // The other click of a double click may have taken them just now.
      const done = await knownSlip(trx, actor, key)
      if (done === null) throw error
      return done
    })
    if (typeof posts === 'number') return posts
    const shown = posts.flatMap(({ shownAt }) => (shownAt === null ? [] : [shownAt]))
    const earliest = shown.length ? Math.min(...shown) : now
    const foundAt = body.foundAt ?? earliest
    if (foundAt > earliest && foundAt <= now && !holdsRole(actor, 'office', 'office_head'))
      throw new AppError('slip.forbidden', {
        message: '发现时间不能晚于线索提示的时间；确需改晚请提请办公室更正。',
      })
    requireFoundAt(foundAt, now, [...posts, ...manual])
    await requireNewAddresses(trx, body)
    const first = posts[0] ?? manual[0]
    const title = body.title ?? first?.title ?? first?.text.slice(0, 40) ?? ''
    const added = await trx
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
      // The same key in another process at the same moment: whoever comes second gets the first one's slip.
      .onConflict(conflict => conflict.columns(['created_by', 'idempotency_key']).doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!added) return (await knownSlip(trx, actor, key)) as number
    const { id } = added
    for (const post of posts) await putPost({ trx, actor, now }, id, post)
    for (const entry of manual) await putManual({ trx, actor, now }, id, entry)
    await appendAudit(trx, {
      caseKind: 'slip',
      caseId: String(id),
      at: now,
      actorId: actor.id,
      forId: null,
      action: 'create',
      detail: { ...body, title, foundAt },
      rows: rowsOf(await loadSlip(trx, id)),
    })
    return id
  })
}

async function postsFor(trx: Trx, ids: readonly number[]): Promise<PostForSlip[]> {
  const posts: PostForSlip[] = []
  for (const id of new Set(ids)) posts.push(await requireFreePost(trx, id))
  return posts
}

/** S-9: an address that an open slip has asks for a reason, and offers that slip. */
async function requireNewAddresses(trx: Trx, body: CreateSlip): Promise<void> {
  if (body.reason?.trim()) return
  for (const { url } of body.manual ?? []) {
    const holder = url ? await slipWithUrl(trx, url) : null
    if (!holder) continue
    const name = holder.number ?? '草稿'
    const error = needReason(`这个网址已在处理单${name}上，请并入该单；确需另立一单请说明原因。`, 'S-9')
    throw new AppError(error.code, { message: error.message, details: { ...error.details, ...holder } })
  }
}
