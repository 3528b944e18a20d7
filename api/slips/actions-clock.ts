import { endOfDay, isDay, isWorkday } from '../deadline.ts'
import { AppError } from '../errors.ts'
import type { Level } from '../vocabulary.ts'
import { type Act, countingFrom, needReason, refuse } from './act.ts'
import type { Actions } from './actions.ts'
import { entryTimes, requireNotLater } from './actions-intake.ts'
import { extendedTo, initialDueAt, longestDay, runClock } from './clock.ts'
import { requireFoundAt } from './entries.ts'
import { activeEntries, clockOf, type ExtensionRow, saveClock, updateSlip } from './store.ts'

function openExtension({ extensions }: Act, id: number): ExtensionRow {
  const found = extensions.find(each => each.id === id && each.state === 'open')
  if (!found) throw new AppError('notFound')
  return found
}

const decide = (act: Act, id: number, state: 'granted' | 'refused', reason: string | null) =>
  act.trx
    .updateTable('slip_extension')
    .set({ state, decided_by: act.actor.id, decided_at: act.now, decision_reason: reason })
    .where('id', '=', id)
    .execute()

export const clockActions = {
  /** design §5.1, with a reason; the clock of the first round runs from there. */
  async changeFoundAt(act, body) {
    const { trx, slip, now, actor } = act
    if (!body.reason.trim()) throw refuse('请写明更正发现时间的理由。')
    if (body.foundAt === slip.found_at) throw refuse('发现时间没有变化。')
    requireNotLater(act, body.foundAt)
    requireFoundAt(body.foundAt, now, entryTimes(act))
    await updateSlip(trx, slip.id, { found_at: body.foundAt })
    const clock = act.clocks.find(({ round }) => round === 1)
    if (clock) {
      const input = {
        slipId: slip.id,
        round: 1,
        foundAt: body.foundAt,
        level: slip.level as Level,
        orderedAt: clock.due_at,
        until: extendedTo(clock),
      }
      const change = { at: now, reason: `更正发现时间：${body.reason}`, by: actor.name }
      await saveClock(trx, runClock(countingFrom(act, input.foundAt), input, clock, change))
    }
    return { from: slip.found_at }
  },

  /**
   * S-29: only after an initial response; late is a warning with a reason that the approver sees (design §5.4). S-30:
   * past day 7 only where it is asked of 主要领导 in so many words.
   */
  async requestExtension(act, body) {
    const { trx, slip, actor, now, calendar } = act
    const clock = clockOf(act)
    if (!clock || clock.due_at === null || clock.stopped_at !== null) throw refuse('当前没有可延长的时限。')
    if (!isDay(body.untilDay)) throw refuse('延长至的日期不对。')
    if (!isWorkday(calendar, body.untilDay)) throw refuse('延长至的日期不是工作日，请另选一天。')
    if (!body.reason.trim()) throw refuse('请写明延长理由。', { rule: 'S-29' })
    if (endOfDay(body.untilDay) <= clock.due_at) throw refuse('延长至的日期应晚于现在的时限。')
    const initial = act.replies.filter(reply => reply.round === slip.round && reply.kind === 'initial')
    if (!initial.length) throw refuse('确需延长的，应先作出初步回应并说明原因。', { rule: 'S-29' })
    const counting = countingFrom(act, clock.found_at)
    const { initial: initialDays, longest } = counting.settings['sentiment.days']
    const lastDay = longestDay(counting, clock.found_at)
    const beyondSeven = body.untilDay > lastDay
    if (beyondSeven && !body.beyondSeven)
      throw refuse(`答复时限原则上不得超过 ${longest} 个工作日；确需更长的，请注明提请主要领导批准。`, {
        longestDay: lastDay,
        rule: 'S-30',
      })
    const late = Math.min(...initial.map(each => each.replied_at)) >= initialDueAt(counting, clock.found_at)
    const lateReason = body.lateReason?.trim() || null
    if (late && !lateReason) throw needReason(`初步回应晚于第 ${initialDays} 个工作日，请说明原因。`, 'S-29')
    const warnings = [
      ...(late ? [`初步回应晚于第 ${initialDays} 个工作日`] : []),
      ...(now >= clock.due_at ? ['原时限已过才申请'] : []),
      ...(beyondSeven ? [`超过 ${longest} 个工作日，须主要领导批准`] : []),
    ]
    await trx
      .insertInto('slip_extension')
      .values({
        slip_id: slip.id,
        round: slip.round,
        requested_by: actor.id,
        requested_at: now,
        reason: body.reason,
        until_day: body.untilDay,
        beyond_seven: beyondSeven ? 1 : 0,
        state: 'open',
        decided_by: null,
        decided_at: null,
        decision_reason: null,
        warning: warnings.join('；') || null,
        late_reason: late ? lateReason : null,
      })
      .execute()
    return { beyondSeven, warnings }
  },

  async grantExtension(act, body) {
    const { trx, now, actor } = act
    const extension = openExtension(act, body.extensionId)
    if (extension.beyond_seven && !body.reason?.trim())
      throw refuse('批准超过 7 个工作日请写明理由。', { rule: 'S-30' })
    const clock = clockOf(act)
    if (!clock) throw refuse('当前没有可延长的时限。')
    await decide(act, extension.id, 'granted', body.reason ?? null)
    const input = {
      slipId: clock.slip_id,
      round: clock.round,
      foundAt: clock.found_at,
      level: act.slip.level as Level,
      orderedAt: null,
      until: extension.until_day,
    }
    const change = { at: now, reason: `同意延期：${extension.reason}`, by: actor.name }
    await saveClock(trx, runClock(countingFrom(act, input.foundAt), input, clock, change))
    return { untilDay: extension.until_day }
  },

  async refuseExtension(act, body) {
    const extension = openExtension(act, body.extensionId)
    if (!body.reason.trim()) throw refuse('请写明不同意延期的理由。')
    await decide(act, extension.id, 'refused', body.reason)
    return undefined
  },

  /**
   * S-15, design §5.8: a clock of its own from the new discovery, for the posts that it names; round 1 stays as it was.
   * 重大 runs to what the superior orders anew.
   */
  async openRound(act, body) {
    const { trx, slip, now, actor } = act
    if (!body.reason.trim()) throw refuse('请写明再次回应的原因。', { rule: 'S-15' })
    if (body.foundAt > now || body.foundAt < slip.found_at) throw refuse('新情况的发现时间不对。')
    const level = slip.level as Level
    if (level === 'major' && (body.dueAt === undefined || body.dueAt <= body.foundAt))
      throw refuse('重大舆情请按上级要求填写再次回应的时限。', { rule: 'S-23' })
    const known = activeEntries(act).map(({ id }) => id)
    const entryIds = body.entryIds ?? known
    if (!entryIds.length || entryIds.some(id => !known.includes(id))) throw refuse('请选择要再次回应的帖子。')
    const round = slip.round + 1
    await trx
      .insertInto('slip_round')
      .values({
        slip_id: slip.id,
        round,
        opened_at: now,
        reason: body.reason,
        entry_ids: JSON.stringify(entryIds),
      })
      .execute()
    await updateSlip(trx, slip.id, { round, status: 'drafting', review_text_id: null })
    const input = { slipId: slip.id, round, foundAt: body.foundAt, level, orderedAt: body.dueAt ?? null }
    await saveClock(
      trx,
      runClock(countingFrom(act, input.foundAt), input, null, {
        at: now,
        reason: '再次回应',
        by: actor.name,
      }),
    )
    return { round }
  },
} satisfies Partial<Actions>
