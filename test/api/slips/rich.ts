import { appendAudit } from '../../../api/audit.ts'
import { addBlob, addEvidence, claimThreadEvidence, putBlob } from '../../../api/evidence/store.ts'
import { climbDue } from '../../../api/slips/climb.ts'
import { remindDue } from '../../../api/slips/remind.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { recordVerification } from '../../../api/slips/verification.ts'
import type { TestContext } from '../context.ts'
import { at, INITIAL, OPINION, REPLY, Road } from './road.ts'

/**
 * Cases in which every record of a slip stands: texts corrected and approved by a deputy, replies read back, an
 * extension granted and one refused, reports, rounds, transfers, notes, posts put on and taken off, reminders that were
 * told, climbed and acknowledged, pictures uploaded and taken by the system. Their clock starts on Monday 2019-05-06.
 */
export async function richCases(test: TestContext): Promise<{ road: Road; slips: SlipDetail[] }> {
  const road = await Road.open(test)
  const first = await judged(road, 'general')
  const [answered, reported] = [await extended(road, first), await major(road)]
  const voided = await road.go('officer', await judged(road, 'complex'), 'void', { reason: '非本市事项' })
  const reminded = await told(road, await judged(road, 'general'))
  return { road, slips: [answered, reported, voided, reminded] }
}

async function judged(road: Road, level: string): Promise<SlipDetail> {
  const posts = [await road.flaggedPost(), await road.flaggedPost()]
  let slip = await road.create('ownduty', { postIds: posts, phone: '0519-85681234' })
  slip = await road.go('ownduty', slip, 'edit', { summary: '居民反映异味，已有多人跟帖。', demand: '查处' })
  slip = await road.go('ownduty', slip, 'submit')
  const order = level === 'major' ? { dueAt: road.test.clock.now + 9 * 3_600_000, order: '速报' } : {}
  return road.go('officechief', slip, 'judge', { level, ground: '需核实', leadUnitId: 2, ...order })
}

const seen = ({ texts }: SlipDetail) => ({ textId: texts.at(-1)?.id, textHash: texts.at(-1)?.hash })

/** Initial response, one extension refused and one granted, an answer approved by a deputy, a second round. */
async function extended(road: Road, start: SlipDetail): Promise<SlipDetail> {
  const { context, clock } = road.test
  let slip = await road.go('officer', start, 'detachPost', {
    entryId: start.entries[1]?.id,
    reason: '与本件无关',
  })
  slip = await road.go('leadhead', slip, 'requestTransfer', { toUnitId: 3, reason: '属救援处' })
  slip = await road.go('officer', slip, 'reassign', { leadUnitId: 2, reason: '仍由危化处办理' })
  slip = await road.approved(slip, 'leadstaff', 'incharge', INITIAL)
  slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip))
  slip = await road.go('leadstaff', slip, 'requestExtension', { untilDay: '2019-05-13', reason: '待检测' })
  slip = await road.go('incharge', slip, 'refuseExtension', {
    extensionId: slip.extensions[0]?.id,
    reason: '可以更快',
  })
  slip = await road.go('leadstaff', slip, 'requestExtension', { untilDay: '2019-05-10', reason: '待检测' })
  slip = await road.go('incharge', slip, 'grantExtension', { extensionId: slip.extensions[1]?.id })
  slip = await road.go('netleader', slip, 'instruct', { body: '请抓紧核查' })
  slip = await road.sent(slip, 'leadstaff', REPLY)
  slip = await road.go('incharge', slip, 'saveText', { ...REPLY, body: `${REPLY.body}谢谢关注。` })
  slip = await road.go('actingleader', slip, 'approve', { ...seen(slip), opinion: '同意' })
  clock.now += 60_000
  slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip))
  await context.db.transaction().execute(async trx => {
    const read = { replyId: slip.entries[0]?.reply?.id as number, difference: null, pageRepliedAt: null }
    await recordVerification(trx, { ...read, found: null, page: null, at: clock.now })
    const page = { postId: slip.entries[0]?.postId as number, revision: 1 }
    await recordVerification(trx, { ...read, found: 'verified', page, at: clock.now + 60_000 })
  })
  slip = await road.read('leadstaff', slip.id)
  slip = await road.go('leadstaff', slip, 'addTracking', {
    claims: '无',
    judgement: '平稳',
    views: 9,
    replies: 1,
  })
  await picturesOf(road.test, slip)
  return road.go('officer', slip, 'openRound', { foundAt: clock.now, reason: '网民再次追问' })
}

/** What the system keeps by itself: a picture of the page, and the files of the thread. */
async function picturesOf({ context, clock }: TestContext, slip: SlipDetail): Promise<void> {
  const png = Buffer.from('a picture of the page')
  const blob = await putBlob(context.blobs, png, 'image/png')
  const entry = slip.entries[0] as SlipDetail['entries'][number]
  const { source_id: sourceId, thread_key: threadKey } = await context.db
    .selectFrom('slip_post')
    .select(['source_id', 'thread_key'])
    .where('id', '=', entry.id)
    .executeTakeFirstOrThrow()
  await context.db.transaction().execute(async trx => {
    await addBlob(trx, blob, clock.now)
    const kept = { kind: 'screenshot', sha256: blob.sha256, url: entry.url, at: clock.now } as const
    await addEvidence(trx, { ...kept, slipId: slip.id, postId: entry.postId, fileName: '登记截图.png' })
    await addEvidence(trx, { ...kept, postId: entry.postId, at: clock.now + 1 })
    const thread = { sourceId: sourceId as string, threadKey: threadKey as string }
    await claimThreadEvidence(trx, slip.id, thread, clock.now)
  })
}

/** 重大: opinion countersigned by nobody, both reports with a receipt, level lowered by the chief. */
async function major(road: Road): Promise<SlipDetail> {
  const { clock } = road.test
  let slip = await road.approved(await judged(road, 'major'), 'officer', 'bureauchief', OPINION)
  for (const receiver of ['province', 'propaganda'])
    slip = await road.go('officer', slip, 'recordReport', {
      receiver,
      way: '公文系统',
      handler: '徐静',
      sentAt: clock.now,
    })
  const reportId = slip.reports[0]?.id
  return road.go('officer', slip, 'recordReceipt', { reportId, receipt: '省厅值班室已收' })
}

/** Reminders of the eve and of the day: told, climbed, acknowledged by whoever was told first. */
async function told(road: Road, slip: SlipDetail): Promise<SlipDetail> {
  const { context, clock } = road.test
  for (const time of ['2019-05-07T09:00:00', '2019-05-08T09:00:00', '2019-05-08T11:30:00']) {
    clock.now = at(time)
    await climbDue(context)
    await remindDue(context)
  }
  const notice = await context.db
    .selectFrom('notice_recipient as r')
    .innerJoin('notice as n', 'n.id', 'r.notice_id')
    .innerJoin('person as p', 'p.id', 'r.person_id')
    .select(['n.id', 'p.login'])
    .where('n.slip_id', '=', slip.id)
    .where('n.topic', '=', 'deadline')
    .executeTakeFirstOrThrow()
  await road.test.as(notice.login)('POST', `/api/notices/${notice.id}/read`, { acknowledge: true })
  return road.read('officer', slip.id)
}

/** The chain of that slip as it was written before its entries carried rows: the same acts, hashed anew. */
export async function withoutRows({ context: { db } }: TestContext): Promise<void> {
  const entries = await db.selectFrom('audit_entry').selectAll().orderBy('seq').execute()
  await db.transaction().execute(async trx => {
    await trx.deleteFrom('audit_entry').execute()
    await trx.deleteFrom('audit_root').execute()
    for (const { case_kind, case_id, at: time, actor_id, for_id, action, detail } of entries) {
      if (case_kind === 'upkeep') continue
      const { rows: _, ...rest } = JSON.parse(detail) as Record<string, unknown>
      await appendAudit(trx, {
        caseKind: case_kind as 'slip',
        caseId: case_id,
        at: time,
        actorId: actor_id,
        forId: for_id,
        action,
        detail: rest,
      })
    }
  })
}
