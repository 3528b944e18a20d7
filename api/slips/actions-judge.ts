import { holdsRole } from '../auth.ts'
import { shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { loadDirectory } from '../people/directory.ts'
import { unitById } from '../people/unit-store.ts'
import type { Level } from '../vocabulary.ts'
import { type Act, countingFrom, refuse } from './act.ts'
import type { Actions } from './actions.ts'
import { onTime, runClock } from './clock.ts'
import { unanswered } from './progress.ts'
import type { ActionBody } from './routes.ts'
import { LEVEL_RANK } from './rules.ts'
import { lapseExtensions, settle } from './settle.ts'
import { clockOf, saveClock, updateSlip, voidApprovals } from './store.ts'

async function requireUnits(act: Act, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    const unit = await unitById(act.trx, id)
    if (!unit || unit.activeTo !== null) throw refuse('没有这个处室，或它已撤销，请重新选择。')
  }
}

/** S-3: a unit without a 专员 has its head; one with neither can't be given a slip. */
async function requireLead(act: Act, unitId: number): Promise<void> {
  await requireUnits(act, [unitId])
  const people = await loadDirectory(act.trx, shanghaiDay(act.now))
  if (!people.officers(unitId).length && !people.heads(unitId).length)
    throw refuse('这个处室没有在岗的舆情专员和负责人，请先指定。', { rule: 'S-3' })
}

async function startClock(act: Act, level: Level, orderedAt: number | null, reason: string): Promise<void> {
  const { slip, now, actor, trx } = act
  const before = clockOf(act)
  const foundAt = before?.found_at ?? slip.found_at
  const clock = runClock(
    countingFrom(act, foundAt),
    { slipId: slip.id, round: slip.round, foundAt, level, orderedAt },
    before,
    { at: now, reason, by: actor.name },
  )
  await saveClock(trx, clock)
}

/** S-23: 重大 runs to the instant of the superior's order. */
function requireOrder(body: Pick<Judgement, 'level' | 'dueAt'>, foundAt: number): void {
  if (body.level === 'major' && (body.dueAt === undefined || body.dueAt <= foundAt))
    throw refuse('重大舆情请按上级要求填写答复时限，须晚于发现时间。', { rule: 'S-23' })
}

type Judgement = ActionBody['judge']

/** S-10, S-11: level with its ground, responsible unit, deadline. */
async function applyJudgement(act: Act, judgement: Judgement, judgedBy: number): Promise<void> {
  const { trx, slip, now } = act
  await updateSlip(trx, slip.id, {
    status: 'drafting',
    level: judgement.level,
    ground: judgement.ground,
    lead_unit_id: judgement.leadUnitId,
    co_units: JSON.stringify(judgement.coUnitIds ?? []),
    judged_by: judgedBy,
    judged_at: now,
    pending_judgement: null,
    serious: judgement.serious ? 1 : 0,
    order_text: judgement.order?.trim() || null,
  })
  await startClock(act, judgement.level, judgement.dueAt ?? null, '研判定级')
}

async function requireJudgement(act: Act, body: Judgement): Promise<void> {
  if (!body.ground.trim()) throw refuse('请写明研判依据。', { rule: 'S-11' })
  requireOrder(body, act.slip.found_at)
  await requireLead(act, body.leadUnitId)
  await requireUnits(act, body.coUnitIds ?? [])
}

export const judgeActions = {
  /** design §5.14: 重大 waits for 办公室主任 unless he judges himself. */
  async judge(act, body) {
    await requireJudgement(act, body)
    if (body.level === 'major' && !holdsRole(act.actor, 'office_head')) {
      const pending = JSON.stringify({ ...body, judgedBy: act.actor.id })
      await updateSlip(act.trx, act.slip.id, { pending_judgement: pending })
      return { pending: true }
    }
    await applyJudgement(act, body, act.actor.id)
    return undefined
  },

  async confirmJudgement(act, body) {
    const pending = JSON.parse(act.slip.pending_judgement as string) as Judgement & { judgedBy: number }
    if (body.agree) await applyJudgement(act, pending, pending.judgedBy)
    else {
      if (!body.reason?.trim()) throw refuse('不同意定为重大，请写明理由。')
      await updateSlip(act.trx, act.slip.id, { pending_judgement: null })
    }
    return undefined
  },

  /** S-8: the unit asks, 办公室 decides; the clock does not restart. */
  async requestTransfer(act, body) {
    const { trx, slip, actor, now } = act
    if (!body.reason.trim()) throw refuse('请写明转办理由。', { rule: 'S-8' })
    await requireUnits(act, [body.toUnitId])
    await trx
      .insertInto('slip_transfer')
      .values({
        slip_id: slip.id,
        at: now,
        by_id: actor.id,
        to_unit_id: body.toUnitId,
        reason: body.reason,
        state: 'open',
      })
      .execute()
    return undefined
  },

  async reassign(act, body) {
    const { trx, slip, now } = act
    if (!body.reason.trim()) throw refuse('请写明改派理由。', { rule: 'S-8' })
    await requireLead(act, body.leadUnitId)
    await requireUnits(act, body.coUnitIds ?? [])
    const moved = body.leadUnitId !== slip.lead_unit_id
    // Another leader reviews now: what the former one approved approves nothing (S-12).
    const reopens = moved && ['reviewing', 'replying'].includes(slip.status)
    if (reopens) await voidApprovals(trx, slip.id, slip.round, now)
    await updateSlip(trx, slip.id, {
      lead_unit_id: body.leadUnitId,
      co_units: JSON.stringify(body.coUnitIds ?? []),
      ...(reopens && { status: 'drafting', review_text_id: null }),
    })
    // The same unit again: the request for transfer is declined.
    await trx
      .updateTable('slip_transfer')
      .set({ state: moved ? 'done' : 'refused' })
      .where('slip_id', '=', slip.id)
      .where('state', '=', 'open')
      .execute()
    return { from: slip.lead_unit_id }
  },

  /** S-32: recomputed from the original day 0; approvals of a lower rank become void; lowering late is 主要领导's. */
  async changeLevel(act, body) {
    const { trx, slip, now, actor } = act
    const from = slip.level as Level
    if (body.level === from) throw refuse('等级没有变化。')
    if (!body.ground.trim()) throw refuse('请写明调整等级的理由。', { rule: 'S-32' })
    const clock = clockOf(act)
    const isChief = holdsRole(actor, 'chief')
    const late = clock !== null && onTime(clock, now) === false
    const lowers = LEVEL_RANK[body.level] < LEVEL_RANK[from]
    if (lowers && late && !isChief)
      throw new AppError('slip.forbidden', {
        message: '已超期的舆情只能由主要领导降级。',
        details: { rule: 'S-32' },
      })
    if ([body.level, from].includes('major') && !holdsRole(actor, 'office_head', 'chief'))
      throw new AppError('slip.forbidden', { message: '定为重大、由重大降级须由办公室主任办理。' })
    requireOrder(body, slip.found_at)
    await lapseExtensions(trx, slip.id)
    await updateSlip(trx, slip.id, {
      level: body.level,
      ground: body.ground,
      serious: body.serious ? 1 : 0,
      order_text: body.order?.trim() || null,
    })
    const answered = unanswered(act).length === 0 && body.level !== 'major'
    // What was answered keeps its verdict (requirements.md 4.3.11).
    if (!answered) await startClock(act, body.level, body.dueAt ?? null, `等级调整：${body.ground}`)
    if (!answered && !lowers) await voidApprovals(trx, slip.id, slip.round, now)
    const opinion = act.texts.find(({ id }) => id === slip.review_text_id)?.purpose === 'opinion'
    if (!answered && (!lowers || opinion || slip.status === 'reporting'))
      await updateSlip(trx, slip.id, { status: 'drafting', review_text_id: null })
    await settle(trx, slip.id)
    return { from }
  },
} satisfies Partial<Actions>
