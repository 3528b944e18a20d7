/** What the dashboard gets of slips. Times are epoch milliseconds. */
import type { Precision } from '../../pipeline/post.ts'
import type { DeadlineStep } from '../deadline.ts'
import type { Named } from '../people/unit-store.ts'
import type { OriginalView } from '../posts/routes.ts'
import type {
  ExtensionState,
  FoundHow,
  Level,
  MediaLevel,
  NoReplyReason,
  PrivateReason,
  ReplyMode,
  ReportKind,
  ReportReceiver,
  SlipAction,
  SlipState,
  TextPurpose,
  VerifyState,
} from '../vocabulary.ts'
import type { Tick } from './checklist.ts'

export interface SlipPostView {
  /** Id of the slip's entry, not of the post. */
  id: number
  postId: number | null
  platform: string
  board: string | null
  url: string | null
  noUrlReason: string | null
  author: string | null
  title: string | null
  text: string
  publishedAt: number | null
  publishedPrecision: Precision
  state: 'visible' | 'gone' | 'restricted' | null
  detachedAt: number | null
  /** Posts elsewhere that say the same or agree with it (S-9); they are no posts of the slip unless joined. */
  copies: number
  /** What it is a copy of (S-9); its slips without this one. null where it is none. */
  original: OriginalView | null
  /** Reply of the current round, or the approved reason for none. */
  reply: ReplyView | null
  /** All that were recorded, of every round, 初步回应 included, in their order. */
  replies: ReplyView[]
  evidence: { id: number; kind: string; fileName: string | null; capturedAt: number }[]
}

export interface TextView {
  id: number
  round: number
  purpose: TextPurpose
  /** Counts up per round and purpose. */
  number: number
  body: string
  mode: ReplyMode
  privateReason: PrivateReason | null
  reason: string | null
  author: Named
  /** Who wrote this version; a leader who corrects is not its author (design §5.10). */
  savedBy: Named
  savedAt: number
  hash: string
  /** 已同意 only while the approval is bound to exactly this text. */
  approval: { by: Named; forName: string | null; at: number; opinion: string } | null
}

export interface ReplyView {
  id: number
  round: number
  entryId: number
  kind: 'reply' | 'initial' | 'none'
  account: Named | null
  mode: ReplyMode
  url: string | null
  /** As the page shows once verified, until then as typed. */
  repliedAt: number
  text: string
  noReplyReason: NoReplyReason | null
  reason: string | null
  verify: VerifyState
  verifyDifference: string | null
  verifiedAt: number | null
  /** Not before this the page is read again to find it; null = no more, or found. */
  nextReadAt: number | null
  /** Once verified, no longer on the page since then; null = it is there. */
  goneAt: number | null
  evidence: { id: number; kind: string; fileName: string | null; capturedAt: number }[]
}

export interface ClockView {
  round: number
  foundAt: number
  dueAt: number | null
  provisional: boolean
  steps: DeadlineStep[]
  stoppedAt: number | null
  /** null while it runs in time. */
  onTime: boolean | null
  /** Posting time's own clock, for comparison. */
  publicDueAt: number | null
  history: { at: number; dueAt: number | null; reason: string; by: string }[]
}

export interface SlipListItem {
  id: number
  number: string | null
  status: SlipState
  level: Level | null
  title: string
  unit: Named
  leadUnit: Named | null
  foundAt: number
  dueAt: number | null
  provisional: boolean
  onTime: boolean | null
  posts: number
  waitingFor: string
  version: number
}

export interface SlipDetail extends SlipListItem {
  createdBy: Named
  createdAt: number
  submittedAt: number | null
  foundHow: FoundHow
  phone: string | null
  topic: string | null
  summary: string
  demand: string | null
  area: string | null
  mediaLevel: MediaLevel
  proposedLevel: Level | null
  ground: string | null
  judgedBy: Named | null
  judgedAt: number | null
  pendingMajor: boolean
  coUnits: Named[]
  /** The reviewer that the level asks for. */
  reviewer: Named | null
  /** 领导小组 of this case (S-2): 组长, 副组长, 成员. */
  group: { head: Named[]; deputies: Named[]; members: Named[] }
  /** 重大: what was ordered, whether it is a serious incident, and the national rule's own clocks. */
  order: string | null
  serious: boolean
  shadow: { reportBy: number; responseBy: number } | null
  round: number
  entries: SlipPostView[]
  texts: TextView[]
  clocks: ClockView[]
  extensions: {
    id: number
    requestedBy: Named
    requestedAt: number
    reason: string
    untilDay: string
    beyondSeven: boolean
    state: ExtensionState
    decidedBy: Named | null
    decidedAt: number | null
    decisionReason: string | null
    warning: string | null
    /** Why the initial response came late. */
    lateReason: string | null
  }[]
  tracking: {
    id: number
    at: number
    by: Named
    views: number | null
    replies: number | null
    claims: string
    judgement: string
  }[]
  reports: {
    id: number
    receiver: ReportReceiver
    kind: ReportKind
    sentAt: number
    way: string
    handler: string
    receipt: string | null
    note: string | null
  }[]
  /** `entryIds`: posts that the round answers; null = all. */
  rounds: { round: number; openedAt: number; reason: string; entryIds: number[] | null }[]
  transfers: {
    id: number
    at: number
    by: Named
    toUnit: Named
    reason: string
    state: 'open' | 'done' | 'refused'
  }[]
  /** 批示 of leaders; 会签 of the leader in charge, bound to a text. */
  notes: {
    id: number
    kind: 'instruction' | 'countersign'
    textId: number | null
    body: string
    by: Named
    forName: string | null
    at: number
  }[]
  result: string | null
  finishedAt: number | null
  handedOverAt: number | null
  archivedAt: number | null
  archiveNumber: string | null
  voidReason: string | null
  /** S-35: what the archive copy still lacks; shown from 待存档 on. */
  missing: string[]
  warnings: string[]
  /** What this person may do now, as rules.ts says; the screen shows these and no others. */
  allowed: SlipAction[]
  history: {
    seq: number
    at: number
    by: string
    forName: string | null
    action: string
    label: string
    detail: Record<string, unknown>
    hash: string
  }[]
}

/** GET /api/slips/similar?url&title -> SimilarSlip[] (S-9: offered as 'link to existing'; whole content only to those it concerns) */
export interface SimilarSlip {
  slipId: number
  number: string | null
  title: string
  status: SlipState
  unit: string
  /** url = same address, title = similar title. */
  because: 'url' | 'title'
}

/** GET /api/slips/:id/checklist — what the posts of the slip tick of requirements §3.1.4; a proposal, never a level. */
export interface ChecklistAnswer {
  ticks: Tick[]
}

/** POST /api/slips/:id/reveal -> RevealedPost[] (S-38: SlipDetail shows posts masked; each reading is logged) */
export interface RevealedPost {
  /** Id of the slip's entry. */
  id: number
  author: string | null
  title: string | null
  text: string
}

/** GET /api/slips/:id/reminders -> SlipReminder[] (S-33: what was told, how far it climbed, who acknowledged it) */
export interface SlipReminder {
  stage: string
  label: string
  sentAt: number
  /** 1 head, 2 leader in charge, 3 办公室主任. */
  rung: number
  acknowledged: { by: Named; at: number }[]
  /** Notice by which this person may acknowledge it; null = he was not asked, or has. */
  noticeId: number | null
}

export interface TaskView {
  slipId: number
  number: string | null
  title: string
  level: Level | null
  status: SlipState
  /** What is asked of this person: 待研判, 待拟稿, 待审核… */
  what: string
  action: SlipAction
  dueAt: number | null
  provisional: boolean
  since: number
  unit: string | null
}
