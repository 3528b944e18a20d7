import { shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { attachUploads, evidenceOfSlip } from '../evidence/store.ts'
import { postForSlip } from '../posts/store.ts'
import { releaseFlag } from '../posts/triage-store.ts'
import { unwatchThread } from '../sources/thread-store.ts'
import { type Act, refuse } from './act.ts'
import type { Actions } from './actions.ts'
import { numbered } from './actions-intake.ts'
import { missingParts, withoutProof } from './completeness.ts'
import { unanswered } from './progress.ts'
import { activeEntries, nextNumber, updateSlip } from './store.ts'

async function stopWatching(act: Act): Promise<void> {
  for (const { source_id, thread_key } of activeEntries(act))
    if (source_id && thread_key) await unwatchThread(act.trx, source_id, thread_key)
}

async function allGone(act: Act): Promise<boolean> {
  for (const { post_id } of activeEntries(act)) {
    const post = post_id === null ? null : await postForSlip(act.trx, post_id)
    if (post?.state !== 'gone') return false
  }
  return true
}

export const archiveActions = {
  async addTracking({ trx, slip, actor, now }, body) {
    if (!body.judgement.trim()) throw refuse('请写明研判情况。', { rule: 'S-15' })
    await trx
      .insertInto('slip_tracking')
      .values({
        slip_id: slip.id,
        round: slip.round,
        at: now,
        by_id: actor.id,
        views: body.views ?? null,
        replies: body.replies ?? null,
        claims: body.claims,
        judgement: body.judgement,
      })
      .execute()
    return undefined
  },

  async setResult({ trx, slip }, body) {
    if (!body.result.trim()) throw refuse('请写明落实情况。', { rule: 'S-25' })
    await updateSlip(trx, slip.id, { result: body.result })
    return undefined
  },

  /** S-25: 反馈 and 落实 both; S-15: tracking first, by the level. */
  async finish(act, body) {
    const { trx, slip, now } = act
    const result = body.result?.trim() || slip.result
    if (!result) throw refuse('请写明落实情况后再办结。', { rule: 'S-25' })
    const missing = unanswered(act).length
    if (missing) throw refuse(`还有 ${missing} 条帖子没有回复或不回复理由。`, { rule: 'S-25' })
    const evidence = await evidenceOfSlip(trx, slip.id)
    if (withoutProof(act, evidence).length)
      throw refuse('有回复待佐证：请上传回复截图，或等系统回看页面核验后再办结。', { rule: 'S-27' })
    const tracked = act.tracking.some(({ round }) => round === slip.round)
    const replied = act.replies.some(({ kind }) => kind === 'reply')
    if (!tracked && !(await allGone(act))) {
      if (slip.level === 'general' && replied)
        throw refuse('一般性舆情回复后须登记跟踪情况再办结。', { rule: 'S-15' })
      if (!body.reason?.trim())
        throw refuse('尚未登记跟踪情况，请说明原因。', { needsReason: true, rule: 'S-15' })
    }
    await updateSlip(trx, slip.id, { status: 'finished', result, finished_at: now })
    await stopWatching(act)
    return undefined
  },

  async handOver({ trx, slip, now }) {
    await updateSlip(trx, slip.id, { status: 'filing', handed_over_at: now })
    return undefined
  },

  /** S-27, S-35: pictures that were missing: of the post, of the reply. */
  async addEvidence(act, body) {
    const { trx, slip, actor, now } = act
    const { entryId, replyId, uploads = [] } = body
    if (!uploads.length) throw refuse('请选择要上传的图片。')
    if (entryId !== undefined && !act.entries.some(({ id }) => id === entryId)) throw new AppError('notFound')
    if (replyId !== undefined && !act.replies.some(({ id }) => id === replyId)) throw new AppError('notFound')
    const target = { slipId: slip.id, entryId: entryId ?? null, replyId: replyId ?? null }
    await attachUploads(trx, { uploads, ...target, personId: actor.id, at: now })
    return undefined
  },

  /** S-34: archive number; S-35: what the level asks for must be there. */
  async archive(act) {
    const { trx, slip, now } = act
    const missing = missingParts(act, await evidenceOfSlip(trx, slip.id))
    if (missing.length) throw refuse(`不能存档，还缺：${missing.join('、')}。`, { missing, rule: 'S-35' })
    const year = shanghaiDay(now).slice(0, 4)
    const archiveNumber = numbered(`YQ${year}-`, await nextNumber(trx, `archive-${year}`))
    await updateSlip(trx, slip.id, { status: 'archived', archived_at: now, archive_number: archiveNumber })
    return { archiveNumber }
  },

  /** S-36: nothing is deleted; 作废 with a reason, and the posts lie open again. */
  async void(act, body) {
    const { trx, slip, actor, now } = act
    if (!body.reason.trim()) throw refuse('请写明作废理由。', { rule: 'S-36' })
    await updateSlip(trx, slip.id, { status: 'void', void_reason: body.reason })
    for (const { post_id } of activeEntries(act))
      if (post_id !== null) await releaseFlag(trx, post_id, actor.id, now)
    await stopWatching(act)
    return undefined
  },
} satisfies Partial<Actions>
