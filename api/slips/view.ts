import type { Precision } from '../../pipeline/post.ts'
import { accountList } from '../accounts/store.ts'
import { readAudit } from '../audit.ts'
import type { Actor } from '../auth.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Db } from '../db/open.ts'
import { type Calendar, dueDate, endOfDay, shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { evidenceOfSlip, type StoredEvidence } from '../evidence/store.ts'
import { maskName, maskPersonal, maskRecord } from '../mask.ts'
import { type Directory, loadDirectory } from '../people/directory.ts'
import { personNames } from '../people/store.ts'
import { unitNames } from '../people/unit-store.ts'
import { copyCounts } from '../posts/copy-store.ts'
import { originalsOf } from '../posts/original-store.ts'
import type { OriginalView } from '../posts/routes.ts'
import { loadSettings } from '../settings/store.ts'
import {
  type ExtensionState,
  type Level,
  type ReportKind,
  SLIP_ACTIONS,
  type SlipAction,
  type SlipState,
  type TextPurpose,
} from '../vocabulary.ts'
import { type ClockHistory, onTime, stepsOf } from './clock.ts'
import { missingParts } from './completeness.ts'
import { leadingGroup } from './group.ts'
import { maySee } from './relations.ts'
import { shadowsOf } from './reminder-points.ts'
import type { ReplyView, SlipDetail, SlipListItem, SlipPostView, TextView } from './routes.ts'
import { allowedActions, waitingFor } from './rules.ts'
import {
  activeEntries,
  type ClockRow,
  factsOf,
  loadSlip,
  type ReplyRow,
  scopeFacts,
  slipRow,
  type WholeSlip,
} from './store.ts'
import { repeatWarnings, warningsOf } from './warnings.ts'

const evidenceView = ({ id, kind, fileName, capturedAt }: StoredEvidence) => ({
  id,
  kind,
  fileName,
  capturedAt,
})

interface Names {
  person(id: number): { id: number; name: string }
  unit(id: number): { id: number; name: string }
}

export function listItem(whole: WholeSlip, names: Names, now: number): SlipListItem {
  const { slip } = whole
  const clock = whole.clocks.find(({ round }) => round === slip.round) ?? null
  const first = whole.clocks.find(({ round }) => round === 1) ?? null
  return {
    id: slip.id,
    number: slip.number,
    status: slip.status as SlipState,
    level: slip.level as Level | null,
    title: maskPersonal(slip.title),
    unit: names.unit(slip.unit_id),
    leadUnit: slip.lead_unit_id === null ? null : names.unit(slip.lead_unit_id),
    foundAt: slip.found_at,
    dueAt: clock?.stopped_at === null ? (clock?.due_at ?? null) : null,
    provisional: clock?.provisional === 1,
    onTime: first ? onTime(first, now) : null,
    posts: activeEntries(whole).length,
    waitingFor: waitingFor(factsOf(whole)),
    version: slip.version,
  }
}

export async function slipNames(db: Db, personIds: readonly number[]): Promise<Names> {
  const [people, units] = [await personNames(db, personIds), await unitNames(db)]
  return {
    person: id => ({ id, name: people.get(id) ?? '' }),
    unit: id => ({ id, name: units.get(id) ?? '' }),
  }
}

function replyView(reply: ReplyRow, accounts: Map<number, string>, evidence: StoredEvidence[]): ReplyView {
  return {
    id: reply.id,
    round: reply.round,
    entryId: reply.entry_id,
    kind: reply.kind as ReplyView['kind'],
    account:
      reply.account_id === null ? null : { id: reply.account_id, name: accounts.get(reply.account_id) ?? '' },
    mode: reply.mode as ReplyView['mode'],
    url: reply.url,
    repliedAt: reply.replied_at,
    text: reply.text,
    noReplyReason: reply.no_reply_reason as ReplyView['noReplyReason'],
    reason: reply.reason,
    verify: reply.verify as ReplyView['verify'],
    verifyDifference: reply.verify_difference,
    verifiedAt: reply.verified_at,
    goneAt: reply.page_gone_at,
    evidence: evidence.filter(({ replyId }) => replyId === reply.id).map(evidenceView),
  }
}

/** Everything of a slip as this person sees it. @throws AppError notFound. */
export async function slipDetail(db: Db, id: number, actor: Actor, now: number): Promise<SlipDetail> {
  if (!maySee(scopeFacts(await slipRow(db, id)), actor)) throw new AppError('slip.forbidden')
  const whole = await loadSlip(db, id)
  const { slip } = whole
  const facts = factsOf(whole)
  const history = await readAudit(db, 'slip', String(id))
  const names = await slipNames(db, [
    slip.created_by,
    ...(slip.judged_by === null ? [] : [slip.judged_by]),
    ...whole.texts.flatMap(text => [
      text.author_id,
      text.saved_by,
      text.approved_by ?? 0,
      text.approved_for ?? 0,
    ]),
    ...whole.extensions.flatMap(each => [each.requested_by, each.decided_by ?? 0]),
    ...whole.tracking.map(({ by_id }) => by_id),
    ...whole.transfers.map(({ by_id }) => by_id),
    ...whole.notes.flatMap(({ by_id, for_id }) => [by_id, for_id ?? 0]),
    ...history.flatMap(({ actorId, forId }) => [actorId ?? 0, forId ?? 0]),
  ])
  const evidence = await evidenceOfSlip(db, id)
  const accounts = new Map((await accountList(db)).map(account => [account.id, account.name]))
  const replies = whole.replies.map(reply => replyView(reply, accounts, evidence))
  const postStates = new Map(
    (
      await db
        .selectFrom('post')
        .select(['id', 'state'])
        .where('id', 'in', [0, ...whole.entries.flatMap(({ post_id }) => post_id ?? [])])
        .execute()
    ).map(post => [post.id, post.state]),
  )
  const copies = await copyCounts(
    db,
    whole.entries.flatMap(({ post_id }) => post_id ?? []),
  )
  const originals = await originalsElsewhere(db, whole)
  const calendar = await loadCalendar(db)
  const counting = { calendar, settings: await loadSettings(db, shanghaiDay(slip.found_at)) }
  const active = activeEntries(whole)
  const postsGone = active.length > 0 && active.every(entry => postStates.get(entry.post_id ?? 0) === 'gone')
  const people = await loadDirectory(db, shanghaiDay(now))
  const unitIds = [slip.lead_unit_id ?? slip.unit_id, ...facts.coUnitIds]
  const group = leadingGroup(people, unitIds)
  const named = (ids: readonly number[]) =>
    ids.map(personId => ({ id: personId, name: people.person(personId)?.name ?? '' }))
  const item = listItem(whole, names, now)
  return {
    ...item,
    // As it was written: whoever edits it would save the stars.
    title: slip.title,
    createdBy: names.person(slip.created_by),
    createdAt: slip.created_at,
    submittedAt: slip.submitted_at,
    foundHow: slip.found_how as SlipDetail['foundHow'],
    phone: slip.phone,
    topic: slip.topic,
    summary: slip.summary,
    demand: slip.demand,
    area: slip.area,
    mediaLevel: slip.media_level as SlipDetail['mediaLevel'],
    proposedLevel: slip.proposed_level as Level | null,
    ground: slip.ground,
    judgedBy: slip.judged_by === null ? null : names.person(slip.judged_by),
    judgedAt: slip.judged_at,
    pendingMajor: facts.pendingMajor,
    coUnits: (JSON.parse(slip.co_units) as number[]).map(names.unit),
    reviewer: named(reviewersOf(people, facts))[0] ?? null,
    group: { head: named(group.head), deputies: named(group.deputies), members: named(group.members) },
    order: slip.order_text,
    serious: slip.serious === 1,
    shadow:
      slip.level === 'major' && slip.judged_at !== null
        ? shadowsOf(counting, {
            foundAt: slip.found_at,
            judgedAt: slip.judged_at,
            serious: slip.serious === 1,
          })
        : null,
    round: slip.round,
    entries: whole.entries.map(
      (entry): SlipPostView => ({
        id: entry.id,
        postId: entry.post_id,
        platform: entry.platform,
        board: entry.board,
        url: entry.url,
        noUrlReason: entry.no_url_reason,
        author: maskName(entry.author),
        title: entry.title === null ? null : maskPersonal(entry.title),
        text: maskPersonal(entry.text),
        publishedAt: entry.published_at,
        publishedPrecision: entry.published_precision as Precision,
        state: entry.post_id === null ? null : (postStates.get(entry.post_id) ?? null),
        detachedAt: entry.detached_at,
        copies: copies.get(entry.post_id ?? 0) ?? 0,
        original: originals.get(entry.post_id ?? 0) ?? null,
        replies: replies.filter(({ entryId }) => entryId === entry.id),
        reply: replies.findLast(({ entryId, round }) => entryId === entry.id && round === slip.round) ?? null,
        evidence: evidence
          .filter(
            each => each.entryId === entry.id || (each.postId !== null && each.postId === entry.post_id),
          )
          .map(evidenceView),
      }),
    ),
    texts: whole.texts.map(
      (text): TextView => ({
        id: text.id,
        round: text.round,
        purpose: text.purpose as TextPurpose,
        number: text.number,
        body: text.body,
        mode: text.mode as TextView['mode'],
        privateReason: text.private_reason as TextView['privateReason'],
        reason: text.reason,
        author: names.person(text.author_id),
        savedBy: names.person(text.saved_by),
        savedAt: text.saved_at,
        hash: text.hash,
        approval:
          text.approved_by !== null && text.approved_at !== null && text.approval_void_at === null
            ? {
                by: names.person(text.approved_by),
                forName: text.approved_for === null ? null : names.person(text.approved_for).name,
                at: text.approved_at,
                opinion: text.opinion ?? '',
              }
            : null,
      }),
    ),
    clocks: whole.clocks.map(clock => ({
      round: clock.round,
      foundAt: clock.found_at,
      dueAt: clock.due_at,
      provisional: clock.provisional === 1,
      steps: stepsOf(clock),
      stoppedAt: clock.stopped_at,
      onTime: onTime(clock, now),
      publicDueAt: publicDueAt(whole, calendar, clock),
      history: JSON.parse(clock.history) as ClockHistory[],
    })),
    extensions: whole.extensions.map(each => ({
      id: each.id,
      requestedBy: names.person(each.requested_by),
      requestedAt: each.requested_at,
      reason: each.reason,
      untilDay: each.until_day,
      beyondSeven: each.beyond_seven === 1,
      state: each.state as ExtensionState,
      decidedBy: each.decided_by === null ? null : names.person(each.decided_by),
      decidedAt: each.decided_at,
      decisionReason: each.decision_reason,
      warning: each.warning,
      lateReason: each.late_reason,
    })),
    tracking: whole.tracking.map(
      ({ id: trackingId, at, by_id, views, replies: count, claims, judgement }) => ({
        id: trackingId,
        at,
        by: names.person(by_id),
        views,
        replies: count,
        claims,
        judgement,
      }),
    ),
    reports: whole.reports.map(({ id: reportId, receiver, kind, sent_at, way, handler, receipt, note }) => ({
      id: reportId,
      kind: kind as ReportKind,
      receiver: receiver as SlipDetail['reports'][number]['receiver'],
      sentAt: sent_at,
      way,
      handler,
      receipt,
      note,
    })),
    rounds: whole.rounds.map(({ round, opened_at, reason, entry_ids }) => ({
      round,
      openedAt: opened_at,
      reason,
      entryIds: entry_ids === null ? null : (JSON.parse(entry_ids) as number[]),
    })),
    transfers: whole.transfers.map(each => ({
      id: each.id,
      at: each.at,
      by: names.person(each.by_id),
      toUnit: names.unit(each.to_unit_id),
      reason: each.reason,
      state: each.state as 'open',
    })),
    notes: whole.notes.map(note => ({
      id: note.id,
      kind: note.kind as 'instruction',
      textId: note.text_id,
      body: note.body,
      by: names.person(note.by_id),
      forName: note.for_id === null ? null : names.person(note.for_id).name,
      at: note.at,
    })),
    result: slip.result,
    finishedAt: slip.finished_at,
    handedOverAt: slip.handed_over_at,
    archivedAt: slip.archived_at,
    archiveNumber: slip.archive_number,
    voidReason: slip.void_reason,
    missing: ['finished', 'filing'].includes(slip.status) ? missingParts(whole, evidence) : [],
    warnings: [
      ...warningsOf(whole, counting, { evidence, postsGone }, now),
      ...repeatWarnings(whole, originals),
      ...(slip.lead_unit_id !== null && !people.officers(slip.lead_unit_id).length
        ? ['主办处室没有在岗专员，由处室负责人办理'] // S-3
        : []),
    ],
    allowed: allowedActions(facts, actor),
    history: history.map(entry => ({
      seq: entry.seq,
      at: entry.at,
      by: entry.actorId === null ? '系统' : names.person(entry.actorId).name,
      forName: entry.forId === null ? null : names.person(entry.forId).name,
      action: entry.action,
      label: SLIP_ACTIONS[entry.action as SlipAction] ?? SYSTEM_ACTS[entry.action] ?? entry.action,
      detail: maskRecord(entry.detail as Record<string, unknown>),
      hash: entry.hash,
    })),
  }
}

/** Of the slip's posts that are copies: what they are copies of, and where else that is handled. */
async function originalsElsewhere(db: Db, whole: WholeSlip): Promise<Map<number, OriginalView>> {
  const found = await originalsOf(
    db,
    whole.entries.flatMap(({ post_id }) => post_id ?? []),
  )
  return new Map(
    [...found].map(([postId, original]) => [
      postId,
      { ...original, slips: original.slips.filter(({ id }) => id !== whole.slip.id) },
    ]),
  )
}

/** What the system does by itself, as the history names it. */
const SYSTEM_ACTS: Record<string, string> = {
  create: '填报',
  verifyReply: '核验回复',
  watchReply: '回看回复',
  recount: '时限重新计算',
}

/** Whom the level asks for (S-12, S-17). */
function reviewersOf(people: Directory, facts: ReturnType<typeof factsOf>): number[] {
  if (facts.level === null || facts.leadUnitId === null) return []
  return facts.level === 'general' ? people.leaders(facts.leadUnitId) : people.withRole('chief')
}

/** The clock that the public sees: from the earliest posting, the same number of working days. */
function publicDueAt(whole: WholeSlip, calendar: Calendar, { round, days }: ClockRow): number | null {
  const times = activeEntries(whole).flatMap(({ published_at }) => published_at ?? [])
  if (round !== 1 || !times.length || days === null) return null
  return endOfDay(dueDate(calendar, shanghaiDay(Math.min(...times)), days).day)
}
