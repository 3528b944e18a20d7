import { type DeadlineStep, dueDate, endOfDay, isDay, shanghaiDay, workingDaysBetween } from '../deadline.ts'
import { AppError } from '../errors.ts'
import type { Level } from '../vocabulary.ts'
import { type Act, refuse } from './act.ts'
import type { Actions } from './actions.ts'
import { requireFoundAt } from './actions-intake.ts'
import { type ClockHistory, initialDueAt, longestDay, runClock } from './clock.ts'
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
  /** design §5.1: staff may set it earlier, later only 办公室, with a reason. */
  async changeFoundAt(act, body) {
    const { trx, slip, now, actor, standing, calendar } = act
    if (!body.reason.trim()) throw refuse('请写明更正发现时间的理由。')
    if (
      body.foundAt > slip.found_at &&
      !['office', 'officeHead'].includes(standing.relation) &&
      !actor.roles.includes('office')
    )
      throw new AppError('slip.forbidden', { message: '发现时间改晚只能由市局办公室办理。' })
    const times = activeEntries(act).map(entry => ({
      publishedAt: entry.published_at,
      publishedPrecision: entry.published_precision,
    }))
    requireFoundAt(body.foundAt, now, times)
    await updateSlip(trx, slip.id, { found_at: body.foundAt })
    const clock = clockOf(act)
    if (clock && slip.round === 1) {
      const input = {
        slipId: slip.id,
        round: 1,
        foundAt: body.foundAt,
        level: slip.level as Level,
        orderedAt: clock.due_at,
      }
      await saveClock(
        trx,
        runClock(calendar, input, clock, { at: now, reason: `更正发现时间：${body.reason}`, by: actor.name }),
      )
    }
    return { from: slip.found_at }
  },

  /** S-29: only after an initial response; late is a warning that the approver sees (design §5.4). S-30: day 7. */
  async requestExtension(act, body) {
    const { trx, slip, actor, now, calendar } = act
    const clock = clockOf(act)
    if (!clock || clock.due_at === null || clock.stopped_at !== null) throw refuse('当前没有可延长的时限。')
    if (!isDay(body.untilDay)) throw refuse('延长至的日期不对。')
    if (!body.reason.trim()) throw refuse('请写明延长理由（S-29）。')
    if (endOfDay(body.untilDay) <= clock.due_at) throw refuse('延长至的日期应晚于现在的时限。')
    const initial = act.replies.filter(reply => reply.round === slip.round && reply.kind === 'initial')
    if (!initial.length) throw refuse('确需延长的，应先作出初步回应并说明原因（S-29）。')
    const beyondSeven = body.untilDay > longestDay(calendar, clock.found_at)
    const first = Math.min(...initial.map(reply => reply.replied_at))
    const late = first >= initialDueAt(calendar, clock.found_at)
    const warnings = [
      ...(late ? ['初步回应晚于第 2 个工作日'] : []),
      ...(beyondSeven ? ['超过 7 个工作日，须主要领导批准'] : []),
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
      })
      .execute()
    return { beyondSeven, warnings }
  },

  async grantExtension(act, body) {
    const { trx, calendar, now, actor } = act
    const extension = openExtension(act, body.extensionId)
    if (extension.beyond_seven && !body.reason?.trim())
      throw refuse('批准超过 7 个工作日请写明理由（S-30）。')
    const clock = clockOf(act)
    if (!clock) throw refuse('当前没有可延长的时限。')
    await decide(act, extension.id, 'granted', body.reason ?? null)
    const dueAt = endOfDay(extension.until_day)
    const found = shanghaiDay(clock.found_at)
    const sum = dueDate(calendar, found, workingDaysBetween(calendar, found, extension.until_day))
    const steps: DeadlineStep[] = sum.steps
    const history = [
      ...(JSON.parse(clock.history) as ClockHistory[]),
      { at: now, dueAt, reason: `同意延期：${extension.reason}`, by: actor.name },
    ]
    await saveClock(trx, {
      ...clock,
      due_at: dueAt,
      fixed: 1,
      provisional: sum.provisional ? 1 : 0,
      steps: JSON.stringify(steps),
      history: JSON.stringify(history),
    })
    return { untilDay: extension.until_day }
  },

  async refuseExtension(act, body) {
    const extension = openExtension(act, body.extensionId)
    if (!body.reason.trim()) throw refuse('请写明不同意延期的理由。')
    await decide(act, extension.id, 'refused', body.reason)
    return undefined
  },

  /** S-15, design §5.8: a clock of its own from the new discovery; round 1 stays as it was. */
  async openRound(act, body) {
    const { trx, slip, now, actor, calendar } = act
    if (!body.reason.trim()) throw refuse('请写明再次回应的原因（S-15）。')
    if (body.foundAt > now || body.foundAt < slip.found_at) throw refuse('新情况的发现时间不对。')
    const round = slip.round + 1
    await trx
      .insertInto('slip_round')
      .values({ slip_id: slip.id, round, opened_at: now, reason: body.reason })
      .execute()
    await updateSlip(trx, slip.id, { round, status: 'drafting', review_text_id: null })
    const level = (slip.level === 'major' ? 'complex' : slip.level) as Level
    const input = { slipId: slip.id, round, foundAt: body.foundAt, level, orderedAt: null }
    await saveClock(trx, runClock(calendar, input, null, { at: now, reason: '再次回应', by: actor.name }))
    return { round }
  },
} satisfies Partial<Actions>
