import { accountById } from '../accounts/store.ts'
import { shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { attachUploads } from '../evidence/store.ts'
import { watchThread } from '../sources/thread-store.ts'
import { ORAL } from '../vocabulary.ts'
import { type Act, needReason, refuse } from './act.ts'
import type { Actions } from './actions.ts'
import { reportsOut } from './progress.ts'
import type { ActionBody } from './routes.ts'
import { settle } from './settle.ts'
import { activeEntries, type EntryRow, type TextRow } from './store.ts'

/** The text under which this step runs; its approval must still hold. */
function textInForce(act: Act): TextRow {
  const text = act.texts.find(({ id }) => id === act.slip.review_text_id)
  if (!text || text.approved_at === null || text.approval_void_at !== null)
    throw refuse('没有有效的审核意见，请先送审。', { rule: 'S-12, S-17' })
  return text
}

/** Each post gets one answer a round: a reply or a reason for none, and one initial response beside it. */
function requireEntry(act: Act, entryId: number, initial: boolean): EntryRow {
  const entry = activeEntries(act).find(({ id }) => id === entryId)
  if (!entry) throw new AppError('notFound')
  const done = act.replies.some(
    ({ entry_id, round, kind }) =>
      entry_id === entryId && round === act.slip.round && (kind === 'initial') === initial,
  )
  if (done) throw refuse('这条帖子本轮已登记过。')
  return entry
}

/** S-26: a registered, active real-name account of that platform; one without certification asks for a reason. */
async function requireAccount(act: Act, entry: EntryRow, body: ActionBody['recordReply']): Promise<void> {
  const account = await accountById(act.trx, body.accountId)
  const today = shanghaiDay(act.now)
  const active =
    account && account.activeFrom <= today && (account.activeTo === null || today <= account.activeTo)
  if (!account || !active || !account.realName)
    throw refuse('回复须使用已登记、在用的单位实名账号。', { rule: 'S-26' })
  if (entry.source_id !== null && ![entry.source_id, entry.platform].includes(account.platform))
    throw refuse(`账号「${account.name}」不是${entry.platform}的账号，请另选。`, { rule: 'S-26' })
  if (!account.certified && !body.reason?.trim())
    throw needReason(`账号「${account.name}」未经平台认证，请说明原因。`, 'S-26')
}

function requireReplyTime(act: Act, text: TextRow, repliedAt: number): void {
  if (repliedAt > act.now) throw refuse('回复时间不能晚于现在。')
  // Minutes as people type them: the approval's own minute counts.
  if (repliedAt < (text.approved_at as number) - 60_000)
    throw refuse('回复时间早于审核同意时间，请核对。', { rule: 'S-12' })
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
    const text = textInForce(act)
    if (body.textId !== text.id) throw refuse('登记的文稿不是审核同意的文稿。', { rule: 'S-17' })
    const kind = text.purpose === 'initial' ? 'initial' : 'reply'
    const entry = requireEntry(act, body.entryId, kind === 'initial')
    if (body.mode !== text.mode) throw refuse('回复方式与审核同意的方式不同，请重新送审。', { rule: 'S-28' })
    await requireAccount(act, entry, body)
    requireReplyTime(act, text, body.repliedAt)
    const uploads = body.uploads ?? []
    if (body.mode === 'public' && !body.url) throw refuse('请填写回复的网址。', { rule: 'S-27' })
    if (body.url && !/^https?:\/\//.test(body.url)) throw refuse('回复网址应以 http 开头。')
    if (body.mode === 'private' && !uploads.length)
      throw refuse('单独回复请上传截图作为佐证。', { rule: 'S-27, S-28' })
    const replyId = await addReply(act, text, {
      ...body,
      kind,
      url: body.url ?? null,
      noReplyReason: null,
      reason: body.reason ?? null,
    })
    await attachUploads(trx, { uploads, slipId: slip.id, replyId, personId: actor.id, at: now })
    if (entry.source_id && entry.thread_key) await watchThread(trx, entry.source_id, entry.thread_key, now)
    await settle(trx, slip.id)
    return { replyId }
  },

  /** S-36: an approved reason for no answer counts as feedback. */
  async recordNoReply(act, body) {
    const { trx, slip, actor, now } = act
    const text = textInForce(act)
    const entry = requireEntry(act, body.entryId, false)
    if (!body.reason.trim()) throw refuse('请写明不回复的情况。', { rule: 'S-36' })
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
    await settle(trx, slip.id)
    return { replyId }
  },

  /**
   * S-22: two first reports, each with receiver, time, way, handler; both out = the clock of 重大 stops. Follow-up and
   * final reports come after them, as often as needed.
   */
  async recordReport(act, body) {
    const { trx, slip, actor, now, standing } = act
    const kind = reportsOut(act) ? (body.kind ?? 'followUp') : 'first'
    if (body.kind !== undefined && body.kind !== kind)
      throw refuse(
        kind === 'first' ? '初报尚未报齐两家，请先登记初报。' : '初报已经报齐，请登记续报或终报。',
        { rule: 'S-22' },
      )
    const same = act.reports.filter(({ receiver }) => receiver === body.receiver)
    if (kind === 'first' && same.length) throw refuse('已登记过向该单位的初报。')
    if (body.sentAt > now) throw refuse('上报时间不能晚于现在。')
    // S-21: before the approval only 主要领导 himself, by word of mouth.
    if (standing.relation === 'chief' && body.way !== ORAL)
      throw refuse(`审核同意前只能登记主要领导本人的${ORAL}报告。`, { rule: 'S-21' })
    if (standing.relation === 'office' && kind === 'first') {
      const opinion = textInForce(act)
      if (body.sentAt < (opinion.approved_at as number) - 60_000)
        throw refuse('上报时间早于审核同意时间，请核对。', { rule: 'S-21' })
    }
    const { id } = await trx
      .insertInto('slip_report')
      .values({
        slip_id: slip.id,
        receiver: body.receiver,
        kind,
        sent_at: body.sentAt,
        way: body.way,
        handler: body.handler,
        receipt: body.receipt?.trim() || null,
        note: body.note ?? null,
        recorded_by: actor.id,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await attachUploads(trx, { uploads: body.uploads ?? [], slipId: slip.id, personId: actor.id, at: now })
    await settle(trx, slip.id)
    return { reportId: id, kind }
  },

  /** S-22, S-35: the receipt comes later; a second one replaces the first, the audit keeps both. */
  async recordReceipt(act, body) {
    const { trx, slip, actor, now } = act
    const report = act.reports.find(({ id }) => id === body.reportId)
    if (!report) throw new AppError('notFound')
    if (!body.receipt.trim()) throw refuse('请写明回执情况。', { rule: 'S-22' })
    await trx
      .updateTable('slip_report')
      .set({ receipt: body.receipt.trim() })
      .where('id', '=', report.id)
      .execute()
    await attachUploads(trx, { uploads: body.uploads ?? [], slipId: slip.id, personId: actor.id, at: now })
    return { receiver: report.receiver, was: report.receipt }
  },
} satisfies Partial<Actions>
