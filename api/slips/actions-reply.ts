import { accountById } from '../accounts/store.ts'
import { shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { attachUploads } from '../evidence/store.ts'
import { watchThread } from '../sources/thread-store.ts'
import { type Act, refuse } from './act.ts'
import type { Actions } from './actions.ts'
import { reportsComplete } from './actions-text.ts'
import type { ActionBody } from './routes.ts'
import { activeEntries, clockOf, type EntryRow, saveClock, type TextRow, updateSlip } from './store.ts'

function approvedText(act: Act): TextRow {
  const text = act.texts.find(({ id }) => id === act.slip.review_text_id)
  if (!text || text.approved_at === null || text.approval_void_at !== null)
    throw refuse('没有有效的审核意见，请先送审（S-12、S-17）。')
  return text
}

function requireEntry(act: Act, entryId: number, kind: string): EntryRow {
  const entry = activeEntries(act).find(({ id }) => id === entryId)
  if (!entry) throw new AppError('notFound')
  const done = act.replies.some(
    reply => reply.entry_id === entryId && reply.round === act.slip.round && reply.kind === kind,
  )
  if (done) throw refuse('这条帖子本轮已登记过。')
  return entry
}

/** S-26: a registered, active real-name account. */
async function requireAccount(act: Act, accountId: number): Promise<void> {
  const account = await accountById(act.trx, accountId)
  const today = shanghaiDay(act.now)
  const active =
    account && account.activeFrom <= today && (account.activeTo === null || today <= account.activeTo)
  if (!account || !active || !account.realName) throw refuse('回复须使用已登记、在用的单位实名账号（S-26）。')
}

function requireReplyTime(act: Act, text: TextRow, repliedAt: number): void {
  if (repliedAt > act.now) throw refuse('回复时间不能晚于现在。')
  // Minutes as people type them: the approval's own minute counts.
  if (repliedAt < (text.approved_at as number) - 60_000)
    throw refuse('回复时间早于审核同意时间，请核对（S-12）。')
}

/** design §5.2: the clock stops when the last of the slip's posts has its answer or its approved reason for none. */
async function afterAnswer(act: Act, kind: string, entryId: number, repliedAt: number): Promise<void> {
  const { trx, slip } = act
  const answered = new Map<number, number>([[entryId, repliedAt]])
  for (const reply of act.replies)
    if (reply.round === slip.round && reply.kind === kind) answered.set(reply.entry_id, reply.replied_at)
  const missing = activeEntries(act).filter(({ id }) => !answered.has(id))
  if (missing.length) return
  if (kind === 'initial') {
    await updateSlip(trx, slip.id, { status: 'drafting', review_text_id: null })
    return
  }
  const all = activeEntries(act).map(({ id }) => answered.get(id) ?? 0)
  if (slip.level !== 'major') await stopClock(act, Math.max(...all))
  await updateSlip(trx, slip.id, { status: 'tracking' })
}

export async function stopClock(act: Act, at: number): Promise<void> {
  const clock = clockOf(act)
  if (!clock) return
  const onTime = clock.due_at === null ? null : at < clock.due_at ? 1 : 0
  await saveClock(act.trx, { ...clock, stopped_at: at, on_time: onTime })
}

async function addReply(
  act: Act,
  text: TextRow,
  input: Pick<ActionBody['recordReply'], 'entryId' | 'mode'> & {
    kind: 'reply' | 'initial' | 'none'
    accountId: number | null
    url: string | null
    repliedAt: number
    noReplyReason: string | null
    reason: string | null
  },
): Promise<number> {
  const { trx, slip, actor, now } = act
  const verifies = input.kind !== 'none' && input.mode === 'public'
  const { id } = await trx
    .insertInto('slip_reply')
    .values({
      slip_id: slip.id,
      entry_id: input.entryId,
      round: slip.round,
      kind: input.kind,
      text_id: text.id,
      account_id: input.accountId,
      mode: input.mode,
      url: input.url,
      replied_at: input.repliedAt,
      text: text.body,
      no_reply_reason: input.noReplyReason,
      reason: input.reason,
      verify: 'unverified',
      verify_difference: null,
      verified_at: null,
      verify_attempts: 0,
      verify_next_at: verifies ? now : null,
      recorded_by: actor.id,
      recorded_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export const replyActions = {
  /** S-13, S-18, S-26, S-27, S-28. */
  async recordReply(act, body) {
    const { trx, slip, actor, now } = act
    const text = approvedText(act)
    if (body.textId !== text.id) throw refuse('登记的文稿不是审核同意的文稿（S-17）。')
    const kind = text.purpose === 'initial' ? 'initial' : 'reply'
    const entry = requireEntry(act, body.entryId, kind)
    if (body.mode !== text.mode) throw refuse('回复方式与审核同意的方式不同，请重新送审（S-28）。')
    await requireAccount(act, body.accountId)
    requireReplyTime(act, text, body.repliedAt)
    const uploads = body.uploads ?? []
    if (body.mode === 'public' && !body.url) throw refuse('请填写回复的网址（S-27）。')
    if (body.url && !/^https?:\/\//.test(body.url)) throw refuse('回复网址应以 http 开头。')
    if (body.mode === 'private' && !uploads.length) throw refuse('单独回复请上传截图作为佐证（S-27、S-28）。')
    const replyId = await addReply(act, text, {
      ...body,
      kind,
      url: body.url ?? null,
      noReplyReason: null,
      reason: body.reason ?? null,
    })
    await attachUploads(trx, { uploads, slipId: slip.id, replyId, personId: actor.id, at: now })
    if (entry.source_id && entry.thread_key) await watchThread(trx, entry.source_id, entry.thread_key, now)
    await afterAnswer(act, kind, entry.id, body.repliedAt)
    return { replyId }
  },

  /** S-36: an approved reason for no answer counts as feedback. */
  async recordNoReply(act, body) {
    const { trx, slip, actor, now } = act
    const text = approvedText(act)
    const entry = requireEntry(act, body.entryId, 'reply')
    if (!body.reason.trim()) throw refuse('请写明不回复的情况（S-36）。')
    const replyId = await addReply(act, text, {
      kind: 'none',
      entryId: entry.id,
      mode: 'none',
      accountId: null,
      url: null,
      repliedAt: now,
      noReplyReason: body.noReplyReason,
      reason: body.reason,
    })
    await attachUploads(trx, {
      uploads: body.uploads ?? [],
      slipId: slip.id,
      replyId,
      personId: actor.id,
      at: now,
    })
    await afterAnswer(act, 'none', entry.id, now)
    return { replyId }
  },

  /** S-22: two reports, each with receiver, time, way, handler; both out = the clock of 重大 stops. */
  async recordReport(act, body) {
    const { trx, slip, actor, now } = act
    if (act.reports.some(({ receiver }) => receiver === body.receiver))
      throw refuse('已登记过向该单位的上报。')
    if (body.sentAt > now) throw refuse('上报时间不能晚于现在。')
    const opinion = approvedText(act)
    if (body.sentAt < (opinion.approved_at as number) - 60_000 && body.way !== '口头')
      throw refuse('上报时间早于审核同意时间，请核对（S-21）。')
    await trx
      .insertInto('slip_report')
      .values({
        slip_id: slip.id,
        receiver: body.receiver,
        sent_at: body.sentAt,
        way: body.way,
        handler: body.handler,
        receipt: body.receipt ?? null,
        note: body.note ?? null,
        recorded_by: actor.id,
      })
      .execute()
    await attachUploads(trx, { uploads: body.uploads ?? [], slipId: slip.id, personId: actor.id, at: now })
    const reports = [...act.reports, { receiver: body.receiver, sent_at: body.sentAt }]
    if (!reportsComplete({ reports: reports as Act['reports'] })) return undefined
    await stopClock(act, Math.max(...reports.map(({ sent_at }) => sent_at)))
    // S-24: the public answer, or the reason for none, follows with its own approval.
    await updateSlip(trx, slip.id, { status: 'drafting', review_text_id: null })
    return undefined
  },
} satisfies Partial<Actions>
