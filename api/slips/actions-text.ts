import { approvalHash } from '../approval.ts'
import { shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { blanksOf } from '../replies/rules.ts'
import type { Level, TextPurpose } from '../vocabulary.ts'
import { type Act, countingFrom, refuse } from './act.ts'
import type { Actions } from './actions.ts'
import { reportedUp } from './progress.ts'
import { pointsOf, rearmedAt } from './reminder-points.ts'
import type { ActionBody } from './routes.ts'
import { settle } from './settle.ts'
import { clockOf, saveClock, type TextRow, updateSlip, voidApprovals } from './store.ts'

/** A blank of a template that nobody filled in never leaves the desk. */
function requireFilled(body: string): void {
  const blanks = blanksOf(body)
  if (blanks.length)
    throw refuse(`文稿还有 ${blanks.length} 处空白没有填写：${blanks.join('、')}。`, { blanks })
}

const textsOf = ({ texts, slip }: Act, purpose: string): TextRow[] =>
  texts.filter(text => text.round === slip.round && text.purpose === purpose)

function requireText(act: Act, body: ActionBody['saveText']): void {
  const { level } = act.slip
  if (!body.body.trim()) throw refuse('文稿不能为空。')
  if (body.purpose === 'opinion' && level !== 'major') throw refuse('只有重大舆情需要处理意见。')
  if (level === 'major' && !reportedUp(act) && body.purpose !== 'opinion')
    throw refuse('重大舆情先拟处理意见并上报，再拟回复。', { rule: 'S-20, S-22' })
  if (body.purpose === 'initial' && level === 'major')
    throw refuse('重大舆情按上级要求办理，不适用初步回应。')
  // S-28: a private answer needs its reason code.
  if (body.mode === 'private' && !body.privateReason)
    throw refuse('单独回复请选择不公开的理由。', { rule: 'S-28' })
  if (body.purpose === 'none' && body.mode !== 'none') throw refuse('不回复理由的方式应为「不回复」。')
  if (body.purpose !== 'none' && body.mode === 'none') throw refuse('请选择公开跟帖或论坛短信。')
  if (body.privateReason === 'other' && !body.reason?.trim())
    throw refuse('理由为「其他」时请写明。', { rule: 'S-28' })
}

function requireLatest(act: Act, textId: number): TextRow {
  const text = act.texts.find(({ id }) => id === textId)
  if (!text || text.round !== act.slip.round) throw new AppError('notFound')
  if (textsOf(act, text.purpose).at(-1)?.id !== text.id)
    throw new AppError('slip.stale', { message: '这份文稿已有新的版本，请刷新后核对。' })
  return text
}

async function rearm(act: Act): Promise<void> {
  const { trx, slip, now } = act
  const clock = clockOf(act)
  if (!clock || clock.stopped_at !== null) return
  const points = pointsOf(countingFrom(act, clock.found_at), {
    level: slip.level as Level,
    round: clock.round,
    foundAt: clock.found_at,
    judgedAt: slip.judged_at ?? clock.found_at,
    dueAt: clock.due_at,
    stoppedAt: null,
    serious: slip.serious === 1,
    reportsOut: reportedUp(act),
    answered: false,
  })
  const armed_at = rearmedAt(points, now)
  await saveClock(trx, { ...clock, armed: clock.armed + 1, armed_at, remind_at: 0 })
}

/** The text under review, exactly as the leader saw it. */
export function requireSeen(act: Act, body: { textId: number; textHash: string }): TextRow {
  if (body.textId !== act.slip.review_text_id)
    throw new AppError('slip.stale', { message: '送审的文稿已更换，请刷新后重新审阅。' })
  const text = requireLatest(act, body.textId)
  if (text.hash !== body.textHash)
    throw new AppError('slip.stale', { message: '文稿内容与您看到的不同，请刷新后重新审阅。' })
  return text
}

/** by switch, as of today. */
const needsCountersign = ({ slip, settingsOn, now }: Act): boolean =>
  slip.level === 'complex' && settingsOn(shanghaiDay(now))['sentiment.countersign']

export const textActions = {
  /** Every save is a version (S-16). Once in review or approved, a changed character voids the approval (S-17). */
  async saveText(act, body) {
    const { trx, slip, actor, now, standing } = act
    requireText(act, body)
    const under = act.texts.find(({ id }) => id === slip.review_text_id)
    const corrects = standing.relation === 'reviewer'
    if (corrects && under && body.purpose !== under.purpose) throw refuse('审核时只能修改送审的文稿。')
    if (corrects) requireFilled(body.body)
    const earlier = textsOf(act, body.purpose)
    const hash = approvalHash({
      purpose: body.purpose,
      body: body.body,
      mode: body.mode,
      privateReason: body.privateReason ?? null,
      reason: body.reason ?? null,
    })
    if (earlier.at(-1)?.hash === hash) throw refuse('文稿没有变化。')
    const { id } = await trx
      .insertInto('slip_text')
      .values({
        slip_id: slip.id,
        round: slip.round,
        purpose: body.purpose,
        number: earlier.length + 1,
        body: body.body,
        mode: body.mode,
        private_reason: body.privateReason ?? null,
        reason: body.reason ?? null,
        // design §5.10: who corrects while reviewing is not the drafter.
        author_id: corrects && under ? under.author_id : actor.id,
        saved_by: actor.id,
        saved_at: now,
        hash,
        approved_by: null,
        approved_for: null,
        approved_at: null,
        opinion: null,
        approval_void_at: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    if (corrects) await updateSlip(trx, slip.id, { review_text_id: id })
    else {
      await voidApprovals(trx, slip.id, slip.round, now, body.purpose)
      await updateSlip(trx, slip.id, { status: 'drafting', review_text_id: null })
    }
    return { textId: id, hash }
  },

  async sendForReview(act, body) {
    const { trx, slip } = act
    const text = requireLatest(act, body.textId)
    requireFilled(text.body)
    // Approved already (the other posts got another answer meanwhile): nothing to review again.
    if (text.approved_at !== null && text.approval_void_at === null) {
      await updateSlip(trx, slip.id, { status: 'replying', review_text_id: text.id })
      await settle(trx, slip.id)
      return { approved: true }
    }
    const unitWrote = textsOf(act, text.purpose).some(
      ({ author_id }) => act.drafterUnits.get(author_id) === slip.lead_unit_id,
    )
    // S-16: 较大、复杂性 starts from the unit's draft; 办公室 may edit it.
    if (slip.level === 'complex' && text.purpose === 'reply' && !unitWrote)
      throw refuse('较大、复杂性舆情须由主办处室拟定初稿。', { rule: 'S-16' })
    await updateSlip(trx, slip.id, { status: 'reviewing', review_text_id: text.id })
    return undefined
  },

  async withdraw({ trx, slip }) {
    await updateSlip(trx, slip.id, { status: 'drafting', review_text_id: null })
    return undefined
  },

  /** S-12, S-17, S-21: bound to exactly the text that the approver saw. */
  async approve(act, body) {
    const { trx, slip, actor, standing, now } = act
    const text = requireSeen(act, body)
    const countersigned = act.notes.some(({ kind, text_id }) => kind === 'countersign' && text_id === text.id)
    if (needsCountersign(act) && !countersigned)
      throw refuse('较大、复杂性的文稿须先经分管领导会签（办理规则开关）。')
    await trx
      .updateTable('slip_text')
      .set({
        approved_by: actor.id,
        approved_for: standing.forId,
        approved_at: now,
        opinion: body.opinion,
        // A version approved before, voided since by another level or leader, holds again.
        approval_void_at: null,
      })
      .where('id', '=', text.id)
      .execute()
    const opinion = (text.purpose as TextPurpose) === 'opinion'
    await updateSlip(trx, slip.id, { status: opinion ? 'reporting' : 'replying' })
    // 主要领导 may have reported by word of mouth before (S-21).
    await settle(trx, slip.id)
    return { hash: text.hash }
  },

  /** The clock keeps running; the reminder that had come last comes again, for whoever has the text now. */
  async return(act, body) {
    const { trx, slip } = act
    if (!body.reason.trim()) throw refuse('请写明退回修改的意见。')
    await updateSlip(trx, slip.id, { status: 'drafting', review_text_id: null })
    await rearm(act)
    return undefined
  },
} satisfies Partial<Actions>
