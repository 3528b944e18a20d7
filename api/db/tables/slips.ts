import type { Generated } from 'kysely'

/** 《舆情信息报告处理单》; `version` counts acts and equals the newest seq of its audit chain. */
export interface SlipTable {
  id: Generated<number>
  /** Given on submission. */
  number: string | null
  idempotency_key: string | null
  status: string
  level: string | null
  title: string
  unit_id: number
  lead_unit_id: number | null
  /** JSON [unit id]. */
  co_units: string
  created_by: number
  created_at: number
  submitted_at: number | null
  /** 发现时间, epoch ms: start of the clock (design §5.1). */
  found_at: number
  found_how: string
  phone: string | null
  topic: string | null
  summary: string
  demand: string | null
  area: string | null
  media_level: string
  proposed_level: string | null
  ground: string | null
  judged_by: number | null
  judged_at: number | null
  /** JSON of a 重大 judgement that waits for 办公室主任; null = none. */
  pending_judgement: string | null
  round: number
  /** Text under review, or approved and waiting to be posted. */
  review_text_id: number | null
  result: string | null
  finished_at: number | null
  handed_over_at: number | null
  archived_at: number | null
  archive_number: string | null
  void_reason: string | null
  /** 重大: a serious incident, for which the public hears within the shorter time. */
  serious: Generated<number>
  /** 重大: what the superior ordered, as 办公室 noted it. */
  order_text: string | null
  version: number
}

/** A post on a slip, as it was when put there; post_id null = entered by hand. */
export interface SlipPostTable {
  id: Generated<number>
  slip_id: number
  post_id: number | null
  source_id: string | null
  thread_key: string | null
  platform: string
  board: string | null
  url: string | null
  no_url_reason: string | null
  author: string | null
  title: string | null
  text: string
  published_at: number | null
  published_precision: string | null
  attached_by: number
  attached_at: number
  /** 0 = found and put here after the round's clock had stopped: needs its answer, but makes nobody late. */
  counts: number
  detached_at: number | null
  detach_reason: string | null
}

/** One version of a text; its approval is bound to `hash` and never moves to another row. */
export interface SlipTextTable {
  id: Generated<number>
  slip_id: number
  round: number
  purpose: string
  number: number
  body: string
  mode: string
  private_reason: string | null
  reason: string | null
  /** Drafter: a leader who corrects while reviewing does not become one (design §5.10). */
  author_id: number
  saved_by: number
  saved_at: number
  hash: string
  approved_by: number | null
  approved_for: number | null
  approved_at: number | null
  opinion: string | null
  approval_void_at: number | null
}

export interface SlipReplyTable {
  id: Generated<number>
  slip_id: number
  entry_id: number
  round: number
  kind: string
  text_id: number
  account_id: number | null
  mode: string
  url: string | null
  replied_at: number
  text: string
  no_reply_reason: string | null
  reason: string | null
  verify: string
  verify_difference: string | null
  verified_at: number | null
  verify_attempts: number
  verify_next_at: number | null
  /** Floor of the page that it was found as, with the revision that was compared. */
  page_post_id: Generated<number | null>
  page_revision: Generated<number | null>
  /** Since when that floor is no longer seen; null = it is there. */
  page_gone_at: Generated<number | null>
  recorded_by: number
  recorded_at: number
}

export interface SlipClockTable {
  slip_id: number
  round: number
  found_at: number
  due_at: number | null
  /** Working days of the level; null = as ordered. */
  days: number | null
  provisional: number
  /** JSON DeadlineStep[]. */
  steps: string
  calendar_version: string
  /** Set by an extension or an order: not recomputed from the calendar. */
  fixed: number
  stopped_at: number | null
  on_time: number | null
  /** JSON [{at, dueAt, reason, by}]. */
  history: string
  /** When reminders are to be looked at next; 0 = at once, null = none are left. */
  remind_at: number | null
  /** Counts returns of the text: each arms the reminders anew. */
  armed: number
  /** Reminders whose moment lies before are not sent any more. */
  armed_at: number | null
}

/** A reminder that was sent; it climbs until somebody acknowledges it. */
export interface SlipReminderTable {
  id: Generated<number>
  /** Key of its notice. */
  key: string
  slip_id: number
  round: number
  stage: string
  sent_at: number
  /** How far it has climbed. */
  rung: number
  climb_at: number | null
}

/** 批示 of a leader, 会签 of the leader in charge. */
export interface SlipNoteTable {
  id: Generated<number>
  slip_id: number
  kind: string
  /** Text that was countersigned. */
  text_id: number | null
  body: string
  by_id: number
  for_id: number | null
  at: number
}

export interface SlipExtensionTable {
  id: Generated<number>
  slip_id: number
  round: number
  requested_by: number
  requested_at: number
  reason: string
  until_day: string
  beyond_seven: number
  state: string
  decided_by: number | null
  decided_at: number | null
  decision_reason: string | null
  warning: string | null
  /** Why the initial response came late (design §5.4). */
  late_reason: string | null
}

export interface SlipTrackingTable {
  id: Generated<number>
  slip_id: number
  round: number
  at: number
  by_id: number
  views: number | null
  replies: number | null
  claims: string
  judgement: string
}

export interface SlipReportTable {
  id: Generated<number>
  slip_id: number
  receiver: string
  /** 'first' | 'followUp' | 'final'. */
  kind: string
  sent_at: number
  way: string
  handler: string
  receipt: string | null
  note: string | null
  recorded_by: number
}

export interface SlipRoundTable {
  slip_id: number
  round: number
  opened_at: number
  reason: string
  /** JSON [slip_post.id] that this round answers; null = all. */
  entry_ids: string | null
}

export interface SlipTransferTable {
  id: Generated<number>
  slip_id: number
  at: number
  by_id: number
  to_unit_id: number
  reason: string
  state: string
}

/** Last number given in a series: 处理单 and archive numbers of a year. */
export interface NumberSeriesTable {
  series: string
  last: number
}

export interface SlipTables {
  number_series: NumberSeriesTable
  slip: SlipTable
  slip_post: SlipPostTable
  slip_text: SlipTextTable
  slip_reply: SlipReplyTable
  slip_clock: SlipClockTable
  slip_extension: SlipExtensionTable
  slip_tracking: SlipTrackingTable
  slip_report: SlipReportTable
  slip_round: SlipRoundTable
  slip_transfer: SlipTransferTable
  slip_reminder: SlipReminderTable
  slip_note: SlipNoteTable
}
