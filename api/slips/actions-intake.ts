import { shanghaiDay, workingDaysBetween } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { unitById } from '../people/store.ts'
import { type PostForSlip, postForSlip } from '../posts/store.ts'
import { releaseFlag, takeFlag } from '../posts/triage-store.ts'
import { unwatchThread, watchThread } from '../sources/thread-store.ts'
import type { Level } from '../vocabulary.ts'
import { type Act, refuse } from './act.ts'
import type { Actions } from './actions.ts'
import { onTime, runClock } from './clock.ts'
import type { ActionBody } from './routes.ts'
import { LEVEL_RANK } from './rules.ts'
import {
  activeEntries,
  addEntry,
  clockOf,
  nextNumber,
  saveClock,
  updateSlip,
  voidApprovals,
} from './store.ts'

/** S-7: never later than now, never earlier than the posting, compared at its precision. */
export function requireFoundAt(
  foundAt: number,
  now: number,
  posts: { publishedAt: number | null; publishedPrecision: string | null }[],
): void {
  if (foundAt > now) throw refuse('发现时间不能晚于现在。')
  const coarse = (precision: string | null) => !['second', 'minute', 'hour'].includes(precision ?? '')
  for (const { publishedAt, publishedPrecision } of posts) {
    if (publishedAt === null || publishedPrecision === null) continue
    // A minute of grace: pages cut seconds off.
    const early = coarse(publishedPrecision)
      ? shanghaiDay(foundAt) < shanghaiDay(publishedAt) && publishedPrecision === 'day'
      : foundAt < publishedAt - 3_600_000 * (publishedPrecision === 'hour' ? 1 : 1 / 60)
    if (early) throw refuse('发现时间早于发帖时间，请核对（S-7）。')
  }
}

const entryTimes = (act: Act) =>
  activeEntries(act).map(entry => ({
    publishedAt: entry.published_at,
    publishedPrecision: entry.published_precision,
  }))

async function requireUnits(act: Act, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    const unit = await unitById(act.trx, id)
    if (!unit || unit.activeTo !== null) throw refuse('没有这个处室，或它已撤销，请重新选择。')
  }
}

async function startClock(act: Act, level: Level, orderedAt: number | null, reason: string): Promise<void> {
  const { slip, now, actor, calendar, trx } = act
  const before = clockOf(act)
  const foundAt = before?.found_at ?? slip.found_at
  const clock = runClock(
    calendar,
    { slipId: slip.id, round: slip.round, foundAt, level, orderedAt },
    before,
    { at: now, reason, by: actor.name },
  )
  await saveClock(trx, clock)
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
  })
  await startClock(act, judgement.level, judgement.dueAt ?? null, '研判定级')
}

async function requireJudgement(act: Act, body: Judgement): Promise<void> {
  if (!body.ground.trim()) throw refuse('请写明研判依据（S-11）。')
  if (body.level === 'major' && (body.dueAt === undefined || body.dueAt <= act.slip.found_at))
    throw refuse('重大舆情请按上级要求填写答复时限（S-23）。')
  await requireUnits(act, [body.leadUnitId, ...(body.coUnitIds ?? [])])
}

/** Copies a stored post onto a slip, takes its flag and has its thread watched. */
export async function putPost(
  act: Pick<Act, 'trx' | 'actor' | 'now'>,
  slipId: number,
  post: PostForSlip,
): Promise<number> {
  const { trx, actor, now } = act
  const threadKey = post.kind === 'thread' || post.kind === 'reply' ? (post.parentKey ?? post.key) : null
  const entryId = await addEntry(
    trx,
    slipId,
    {
      postId: post.id,
      sourceId: post.sourceId,
      threadKey,
      platform: post.sourceName,
      board: post.board,
      url: post.url,
      noUrlReason: null,
      author: post.authorName,
      title: post.title,
      text: post.text,
      publishedAt: post.publishedAt,
      publishedPrecision: post.publishedPrecision,
    },
    actor.id,
    now,
  )
  await takeFlag(trx, post.id, slipId, actor.id, now)
  if (threadKey) await watchThread(trx, post.sourceId, threadKey, now)
  return entryId
}

export const intakeActions = {
  async edit({ trx, slip, now, ...act }, body) {
    if (body.foundAt !== undefined) requireFoundAt(body.foundAt, now, entryTimes({ trx, slip, now, ...act }))
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
    if (!slip.topic) throw refuse('请先选择舆情类别（S-6）。')
    if (!slip.summary.trim()) throw refuse('请先填写舆情概要（S-7）。')
    requireFoundAt(slip.found_at, now, entryTimes(act))
    const lag = workingDaysBetween(act.calendar, shanghaiDay(slip.found_at), shanghaiDay(now))
    if (lag > 1 && !body.reason?.trim())
      throw refuse('发现后超过 1 个工作日才填报，请说明原因（S-7）。', { needsReason: true })
    const year = shanghaiDay(now).slice(0, 4)
    const number = slip.number ?? (await nextNumber(trx, 'number', `YQ〔${year}〕`, '号'))
    await updateSlip(trx, slip.id, { status: 'judging', number, submitted_at: slip.submitted_at ?? now })
    return { number }
  },

  async sendBack({ trx, slip }, body) {
    if (!body.reason.trim()) throw refuse('请写明要补充什么。')
    await updateSlip(trx, slip.id, { status: 'draft', pending_judgement: null })
    return undefined
  },

  /** design §5.14: 重大 waits for 办公室主任 unless he judges himself. */
  async judge(act, body) {
    await requireJudgement(act, body)
    if (body.level === 'major' && act.standing.relation === 'office' && !holdsOfficeHead(act)) {
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
    if (!body.reason.trim()) throw refuse('请写明转办理由（S-8）。')
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
    if (!body.reason.trim()) throw refuse('请写明改派理由（S-8）。')
    await requireUnits(act, [body.leadUnitId, ...(body.coUnitIds ?? [])])
    // Another leader reviews now: what the former one approved approves nothing (S-12).
    const moved = body.leadUnitId !== slip.lead_unit_id
    const reopens = moved && ['reviewing', 'replying'].includes(slip.status)
    if (reopens) await voidApprovals(trx, slip.id, slip.round, now)
    await updateSlip(trx, slip.id, {
      lead_unit_id: body.leadUnitId,
      co_units: JSON.stringify(body.coUnitIds ?? []),
      ...(reopens && { status: 'drafting', review_text_id: null }),
    })
    await trx
      .updateTable('slip_transfer')
      .set({ state: 'done' })
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
    if (!body.ground.trim()) throw refuse('请写明调整等级的理由（S-32）。')
    const clock = clockOf(act)
    const lowers = LEVEL_RANK[body.level] < LEVEL_RANK[from]
    const isChief = [actor, ...actor.deputyFor].some(({ roles }) => roles.includes('chief'))
    if (lowers && clock && onTime(clock, now) === false && !isChief)
      throw new AppError('slip.forbidden', { message: '已超期的舆情只能由主要领导降级（S-32）。' })
    if (body.level === 'major' && !holdsOfficeHead(act) && !isChief)
      throw new AppError('slip.forbidden', { message: '定为重大须由办公室主任办理。' })
    if (body.level === 'major' && body.dueAt === undefined)
      throw refuse('重大舆情请按上级要求填写答复时限（S-23）。')
    await startClock(act, body.level, body.dueAt ?? null, `等级调整：${body.ground}`)
    const answered = clock?.stopped_at !== null && clock !== null
    if (!answered) await voidApprovals(trx, slip.id, slip.round, now)
    await updateSlip(trx, slip.id, {
      level: body.level,
      ground: body.ground,
      ...(!answered && { status: 'drafting', review_text_id: null }),
    })
    return { from }
  },

  async attachPost(act, body) {
    const post = await postForSlip(act.trx, body.postId)
    if (!post) throw new AppError('notFound')
    if (activeEntries(act).some(entry => entry.post_id === post.id)) throw refuse('这条帖子已在本处理单上。')
    const entryId = await putPost(act, act.slip.id, post)
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
    return undefined
  },
} satisfies Partial<Actions>

const holdsOfficeHead = ({ actor }: Act): boolean =>
  [actor, ...actor.deputyFor].some(({ roles }) => roles.includes('office_head'))
