/** Records of a slip as its page shows them: posts, texts, replies, clocks and what was done. */
import type { Precision } from '../../pipeline/post.ts'
import type { AuditEntry } from '../audit.ts'
import { type Calendar, dueDate, endOfDay, shanghaiDay } from '../deadline.ts'
import type { StoredEvidence } from '../evidence/store.ts'
import { maskName, maskPersonal, maskRecord } from '../mask.ts'
import type { OriginalView } from '../posts/routes.ts'
import {
  type ExtensionState,
  type ReportKind,
  SLIP_ACTIONS,
  type SlipAction,
  type TextPurpose,
} from '../vocabulary.ts'
import { type ClockHistory, onTime, stepsOf } from './clock.ts'
import type { Names } from './list-item.ts'
import type { ReplyView, SlipDetail, SlipPostView, TextView } from './routes.ts'
import {
  activeEntries,
  type ClockRow,
  type EntryRow,
  type ExtensionRow,
  type ReplyRow,
  type ReportRow,
  type RoundRow,
  type TextRow,
  type WholeSlip,
} from './store.ts'

type Part<
  Name extends
    | 'clocks'
    | 'extensions'
    | 'tracking'
    | 'reports'
    | 'rounds'
    | 'transfers'
    | 'notes'
    | 'history',
> = SlipDetail[Name][number]

const evidenceView = ({ id, kind, fileName, capturedAt }: StoredEvidence) => ({
  id,
  kind,
  fileName,
  capturedAt,
})

export function replyView(
  reply: ReplyRow,
  accounts: Map<number, string>,
  evidence: StoredEvidence[],
): ReplyView {
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
    nextReadAt: reply.verify_next_at,
    goneAt: reply.page_gone_at,
    evidence: evidence.filter(({ replyId }) => replyId === reply.id).map(evidenceView),
  }
}

/** What an entry is shown with. */
interface Beside {
  replies: ReplyView[]
  evidence: StoredEvidence[]
  /** Of posts, by id. */
  postStates: ReadonlyMap<number, SlipPostView['state']>
  copies: ReadonlyMap<number, number>
  originals: ReadonlyMap<number, OriginalView>
  round: number
}

export function entryView(
  entry: EntryRow,
  { replies, evidence, postStates, copies, originals, round: current }: Beside,
): SlipPostView {
  return {
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
    reply: replies.findLast(({ entryId, round }) => entryId === entry.id && round === current) ?? null,
    evidence: evidence
      .filter(each => each.entryId === entry.id || (each.postId !== null && each.postId === entry.post_id))
      .map(evidenceView),
  }
}

export const textView = (text: TextRow, names: Names): TextView => ({
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
})

export const clockView = (
  clock: ClockRow,
  whole: WholeSlip,
  calendar: Calendar,
  now: number,
): Part<'clocks'> => ({
  round: clock.round,
  foundAt: clock.found_at,
  dueAt: clock.due_at,
  provisional: clock.provisional === 1,
  steps: stepsOf(clock),
  stoppedAt: clock.stopped_at,
  onTime: onTime(clock, now),
  publicDueAt: publicDueAt(whole, calendar, clock),
  history: JSON.parse(clock.history) as ClockHistory[],
})

/** The clock that the public sees: from the earliest posting, the same number of working days. */
function publicDueAt(whole: WholeSlip, calendar: Calendar, { round, days }: ClockRow): number | null {
  const times = activeEntries(whole).flatMap(({ published_at }) => published_at ?? [])
  if (round !== 1 || !times.length || days === null) return null
  return endOfDay(dueDate(calendar, shanghaiDay(Math.min(...times)), days).day)
}

export const extensionView = (each: ExtensionRow, names: Names): Part<'extensions'> => ({
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
})

export const trackingView = (
  { id, at, by_id, views, replies: count, claims, judgement }: WholeSlip['tracking'][number],
  names: Names,
): Part<'tracking'> => ({
  id,
  at,
  by: names.person(by_id),
  views,
  replies: count,
  claims,
  judgement,
})

export const reportView = ({
  id,
  receiver,
  kind,
  sent_at,
  way,
  handler,
  receipt,
  note,
}: ReportRow): Part<'reports'> => ({
  id,
  kind: kind as ReportKind,
  receiver: receiver as SlipDetail['reports'][number]['receiver'],
  sentAt: sent_at,
  way,
  handler,
  receipt,
  note,
})

export const roundView = ({ round, opened_at, reason, entry_ids }: RoundRow): Part<'rounds'> => ({
  round,
  openedAt: opened_at,
  reason,
  entryIds: entry_ids === null ? null : (JSON.parse(entry_ids) as number[]),
})

export const transferView = (each: WholeSlip['transfers'][number], names: Names): Part<'transfers'> => ({
  id: each.id,
  at: each.at,
  by: names.person(each.by_id),
  toUnit: names.unit(each.to_unit_id),
  reason: each.reason,
  state: each.state as 'open',
})

export const noteView = (note: WholeSlip['notes'][number], names: Names): Part<'notes'> => ({
  id: note.id,
  kind: note.kind as 'instruction',
  textId: note.text_id,
  body: note.body,
  by: names.person(note.by_id),
  forName: note.for_id === null ? null : names.person(note.for_id).name,
  at: note.at,
})

/** What the system does by itself, as the history names it. */
const SYSTEM_ACTS: Record<string, string> = {
  create: '填报',
  verifyReply: '核验回复',
  watchReply: '回看回复',
  recount: '时限重新计算',
}

export const historyView = (entry: AuditEntry, names: Names): Part<'history'> => ({
  seq: entry.seq,
  at: entry.at,
  by: entry.actorId === null ? '系统' : names.person(entry.actorId).name,
  forName: entry.forId === null ? null : names.person(entry.forId).name,
  action: entry.action,
  label: SLIP_ACTIONS[entry.action as SlipAction] ?? SYSTEM_ACTS[entry.action] ?? entry.action,
  detail: maskRecord(entry.detail as Record<string, unknown>),
  hash: entry.hash,
})
