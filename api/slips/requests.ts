/** What the dashboard sends for slips. Times are epoch milliseconds. */
import type { Precision } from '../../pipeline/post.ts'
import type {
  ChecklistRow,
  FoundHow,
  Level,
  MediaLevel,
  NoReplyReason,
  PrivateReason,
  ReplyMode,
  ReportKind,
  ReportReceiver,
  TextPurpose,
} from '../vocabulary.ts'

export interface CreateSlip {
  /** Stored posts to put on it. */
  postIds: number[]
  /** Posts described by hand. */
  manual?: ManualPost[]
  foundHow: FoundHow
  /** Default: when the flag was shown, else now. */
  foundAt?: number
  title?: string
  summary?: string
  topic?: string
  demand?: string
  area?: string
  phone?: string
  mediaLevel?: MediaLevel
  proposedLevel?: Level
  /** Unit that fills it; default the actor's own. */
  unitId?: number
  /** Why a second slip is made of an address that an open one has (S-9). */
  reason?: string
}

export interface ManualPost {
  platform: string
  board?: string
  url?: string
  noUrlReason?: string
  author?: string
  title: string
  text: string
  publishedAt: number | null
  publishedPrecision: Precision
  /** sha256 of pictures given to POST /api/uploads. */
  uploads: { sha256: string; fileName: string }[]
}

interface Uploads {
  uploads?: { sha256: string; fileName: string }[]
}

/** Bodies of the actions, beside `version`. `reason` answers a warning where one is asked for. */
export interface ActionBody {
  edit: Partial<Omit<CreateSlip, 'postIds' | 'manual' | 'unitId' | 'reason'>>
  submit: { reason?: string }
  sendBack: { reason: string }
  judge: {
    level: Level
    ground: string
    leadUnitId: number
    coUnitIds?: number[]
    /** 重大: the instant and the words of the superior's order; a serious incident. */
    dueAt?: number
    order?: string
    serious?: boolean
    /** Rows of requirements §3.1.4 that the office found true; kept in the audit entry. */
    checklist?: ChecklistRow[]
  }
  confirmJudgement: { agree: boolean; reason?: string }
  changeFoundAt: { foundAt: number; reason: string }
  requestTransfer: { toUnitId: number; reason: string }
  reassign: { leadUnitId: number; coUnitIds?: number[]; reason: string }
  changeLevel: { level: Level; ground: string; dueAt?: number; order?: string; serious?: boolean }
  saveText: {
    purpose: TextPurpose
    body: string
    mode: ReplyMode
    privateReason?: PrivateReason
    reason?: string
  }
  sendForReview: { textId: number }
  withdraw: { reason?: string }
  /** textHash: the text that the approver saw; another one answers 409. */
  approve: { textId: number; textHash: string; opinion: string }
  return: { reason: string }
  countersign: { textId: number; textHash: string; opinion: string }
  instruct: { body: string }
  recordReply: {
    entryId: number
    textId: number
    accountId: number
    mode: ReplyMode
    url?: string
    repliedAt: number
    reason?: string
  } & Uploads
  recordNoReply: { entryId: number; noReplyReason: NoReplyReason; reason: string } & Uploads
  /** `kind` only after both first reports are out; default 续报. */
  recordReport: {
    receiver: ReportReceiver
    kind?: ReportKind
    sentAt: number
    way: string
    handler: string
    receipt?: string
    note?: string
  } & Uploads
  recordReceipt: { reportId: number; receipt: string } & Uploads
  /** `beyondSeven`: asked of 主要领导 (S-30); `lateReason`: why the initial response came late (S-29). */
  requestExtension: { untilDay: string; reason: string; beyondSeven?: boolean; lateReason?: string }
  grantExtension: { extensionId: number; reason?: string }
  refuseExtension: { extensionId: number; reason: string }
  addTracking: { views?: number; replies?: number; claims: string; judgement: string }
  /** `entryIds`: posts to answer again, default all; `dueAt`: the superior's order, for 重大. */
  openRound: { reason: string; foundAt: number; entryIds?: number[]; dueAt?: number }
  setResult: { result: string }
  finish: { result?: string; reason?: string }
  handOver: Record<never, never>
  archive: Record<never, never>
  addEvidence: { entryId?: number; replyId?: number } & Uploads
  void: { reason: string }
  /** One of the two. */
  attachPost: { postId?: number; manual?: ManualPost }
  detachPost: { entryId: number; reason: string }
}
