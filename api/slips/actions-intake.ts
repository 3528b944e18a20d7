import { holdsRole } from '../auth.ts'
import { type Day, shanghaiDay, workingDaysBetween } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { releaseFlag } from '../posts/triage-store.ts'
import { unwatchThread } from '../sources/thread-store.ts'
import { type Act, needReason, refuse } from './act.ts'
import type { Actions } from './actions.ts'
import { putManual, putPost, requireFoundAt, requireFreePost } from './entries.ts'
import { settle } from './settle.ts'
import { activeEntries, clockOf, nextNumber, updateSlip } from './store.ts'

/** Posting times of the slip's posts. */
export const entryTimes = (act: Pick<Act, 'entries'>) =>
  act.entries
    .filter(({ detached_at }) => detached_at === null)
    .map(entry => ({ publishedAt: entry.published_at, publishedPrecision: entry.published_precision }))

/** design §5.1: staff may set 发现时间 earlier, later only 办公室. */
export function requireNotLater(act: Pick<Act, 'actor' | 'slip'>, foundAt: number): void {
  if (foundAt > act.slip.found_at && !holdsRole(act.actor, 'office', 'office_head'))
    throw new AppError('slip.forbidden', {
      message: '发现时间改晚只能由市局办公室办理，请说明理由提请办公室更正。',
    })
}

export const numbered = (prefix: string, number: number, suffix = ''): string =>
  `${prefix}${String(number).padStart(3, '0')}${suffix}`

/** S-7: filled in more than one working day after 发现; found more than one working day after the posting. */
function lateWarnings(act: Act): string[] {
  const { calendar, slip, now } = act
  const found = shanghaiDay(slip.found_at)
  const more = (from: Day, to: Day) => workingDaysBetween(calendar, from, to) > 1
  const posted = entryTimes(act).some(
    ({ publishedAt, publishedPrecision }) =>
      publishedAt !== null &&
      !['month', 'year', null].includes(publishedPrecision) &&
      more(shanghaiDay(publishedAt), found),
  )
  return [
    ...(more(found, shanghaiDay(now)) ? ['发现后超过 1 个工作日才填报'] : []),
    ...(posted ? ['发帖后超过 1 个工作日才发现'] : []),
  ]
}

export const intakeActions = {
  async edit(act, body) {
    const { trx, slip, now } = act
    if (body.foundAt !== undefined) {
      requireNotLater(act, body.foundAt)
      requireFoundAt(body.foundAt, now, entryTimes(act))
    }
    const { title, summary, topic, demand, area, phone, mediaLevel, proposedLevel, foundHow, foundAt } = body
    await updateSlip(trx, slip.id, {
      ...(title !== undefined && { title }),
      ...(summary !== undefined && { summary }),
      ...(topic !== undefined && { topic }),
      ...(demand !== undefined && { demand }),
      ...(area !== undefined && { area }),
      ...(phone !== undefined && { phone }),
      ...(mediaLevel !== undefined && { media_level: mediaLevel }),
      ...(proposedLevel !== undefined && { proposed_level: proposedLevel }),
      ...(foundHow !== undefined && { found_how: foundHow }),
      ...(foundAt !== undefined && { found_at: foundAt }),
    })
    return undefined
  },

  /** S-6: a topic code; S-7: the form's number is given here. */
  async submit(act, body) {
    const { trx, slip, now } = act
    if (!slip.topic) throw refuse('请先选择舆情类别。', { rule: 'S-6' })
    if (!slip.summary.trim()) throw refuse('请先填写舆情概要。', { rule: 'S-7' })
    requireFoundAt(slip.found_at, now, entryTimes(act))
    const warnings = lateWarnings(act)
    if (warnings.length && !body.reason?.trim())
      throw needReason(`${warnings.join('；')}，请说明原因。`, 'S-7', warnings)
    const year = shanghaiDay(now).slice(0, 4)
    const number = slip.number ?? numbered(`YQ〔${year}〕`, await nextNumber(trx, `slip-${year}`), '号')
    await updateSlip(trx, slip.id, { status: 'judging', number, submitted_at: slip.submitted_at ?? now })
    return { number, ...(warnings.length && { warnings }) }
  },

  async sendBack({ trx, slip }, body) {
    if (!body.reason.trim()) throw refuse('请写明要补充什么。')
    await updateSlip(trx, slip.id, {
      status: slip.status === 'filing' ? 'finished' : 'draft',
      pending_judgement: null,
    })
    return undefined
  },

  /** S-9, design §5.7: another post about the same matter, stored or described by hand. */
  async attachPost(act, body) {
    const { trx, slip, now } = act
    if ((body.postId === undefined) === (body.manual === undefined))
      throw refuse('请选择一条帖子，或人工录入一条。')
    const stopped = clockOf(act)?.stopped_at ?? null
    if (body.manual) {
      requireFoundAt(now, now, [body.manual])
      const entryId = await putManual(act, slip.id, body.manual, stopped === null)
      await settle(trx, slip.id)
      return { entryId }
    }
    const post = await requireFreePost(trx, body.postId as number)
    const counts = stopped === null || (post.shownAt !== null && post.shownAt <= stopped)
    const entryId = await putPost(act, slip.id, post, counts)
    await settle(trx, slip.id)
    return { entryId }
  },

  async detachPost(act, body) {
    const { trx, now, actor } = act
    const entry = activeEntries(act).find(({ id }) => id === body.entryId)
    if (!entry) throw new AppError('notFound')
    if (!body.reason.trim()) throw refuse('请写明移出理由。')
    if (act.replies.some(({ entry_id }) => entry_id === entry.id))
      throw refuse('这条帖子已有回复记录，不能移出。')
    await trx
      .updateTable('slip_post')
      .set({ detached_at: now, detach_reason: body.reason })
      .where('id', '=', entry.id)
      .execute()
    if (entry.post_id !== null) await releaseFlag(trx, entry.post_id, actor.id, now)
    if (entry.source_id && entry.thread_key) await unwatchThread(trx, entry.source_id, entry.thread_key)
    await settle(trx, act.slip.id)
    return undefined
  },
} satisfies Partial<Actions>
