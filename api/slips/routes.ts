import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Precision } from '../../pipeline/post.ts'
import type { Context } from '../context.ts'
import type { DeadlineStep } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
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
import { type ChecklistRow, type Role, SLIP_ACTIONS } from '../vocabulary.ts'
import { BODIES, CREATE_BODY } from './bodies.ts'
import type { Tick } from './checklist.ts'
import { createSlip } from './create.ts'
import { similarSlips, slipList } from './list.ts'
import { act } from './perform.ts'
import { reminderList, revealSlip, slipDetail } from './view.ts'

// --- What the dashboard gets. Times are epoch milliseconds. ---

interface Named {
  id: number
  name: string
}

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

/**
 * GET /api/slips?status&unit&level&text&cursor -> { items: SlipListItem[]; next }
 * POST /api/slips CreateSlip -> SlipDetail (header idempotency-key; the same key answers the same slip)
 * GET /api/slips/:id -> SlipDetail
 * POST /api/slips/:id/actions/:action { version, ...ActionBody[action] } -> SlipDetail
 * GET /api/tasks -> TaskView[] (待我办理)
 */
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

/** Everyone who works on cases; the administrator does not see them (design §8). */
export const CASE_ROLES: readonly Role[] = [
  'duty',
  'staff',
  'head',
  'leader',
  'chief',
  'discipline',
  'office',
  'office_head',
]

const Id = Type.Object({ id: Type.Integer({ minimum: 1 }) })

export function slipRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context

  route(app, {
    method: 'GET',
    url: '/api/slips',
    access: CASE_ROLES,
    summary: '处理单列表',
    query: Type.Object({
      status: Type.Optional(Type.String({ maxLength: 20 })),
      open: Type.Optional(Type.Boolean()),
      unit: Type.Optional(Type.Integer()),
      level: Type.Optional(Type.String({ maxLength: 20 })),
      text: Type.Optional(Type.String({ maxLength: 100 })),
      cursor: Type.Optional(Type.Integer()),
    }),
    handler: ({ query }, actor) => slipList(db, actor, { ...query, limit: 50 }, now()),
  })

  route(app, {
    method: 'POST',
    url: '/api/slips',
    access: ['duty', 'staff', 'head', 'office', 'office_head'],
    summary: '填报处理单',
    body: CREATE_BODY,
    async handler({ body, request }, actor) {
      const key = request.headers['idempotency-key']
      if (typeof key !== 'string' || !/^[\w-]{8,100}$/.test(key))
        throw new AppError('request.invalid', {
          message: '缺少防重复提交标识（idempotency-key），请刷新页面后再试。',
        })
      const id = await createSlip(context, actor, body as CreateSlip, key)
      return slipDetail(db, id, actor, now())
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/slips/similar',
    access: CASE_ROLES,
    summary: '可能是同一件事的处理单',
    query: Type.Object({
      url: Type.Optional(Type.String({ maxLength: 1000 })),
      title: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    handler: ({ query }): Promise<SimilarSlip[]> => similarSlips(db, query),
  })

  route(app, {
    method: 'GET',
    url: '/api/slips/:id',
    access: CASE_ROLES,
    summary: '处理单',
    params: Id,
    handler: ({ params }, actor) => slipDetail(db, params.id, actor, now()),
  })

  route(app, {
    method: 'GET',
    url: '/api/slips/:id/reminders',
    access: CASE_ROLES,
    summary: '时限提醒及确认情况',
    params: Id,
    handler: ({ params }, actor) => reminderList(db, params.id, actor),
  })

  route(app, {
    method: 'POST',
    url: '/api/slips/:id/reveal',
    access: CASE_ROLES,
    summary: '查看网民信息原文（留痕）',
    params: Id,
    handler: ({ params }, actor): Promise<RevealedPost[]> =>
      db.transaction().execute(trx => revealSlip(trx, params.id, actor, now())),
  })

  for (const action of Object.keys(SLIP_ACTIONS) as SlipAction[])
    route(app, {
      method: 'POST',
      url: `/api/slips/:id/actions/${action}`,
      access: CASE_ROLES,
      summary: SLIP_ACTIONS[action],
      params: Id,
      body: Type.Object({ version: Type.Integer(), ...BODIES[action].properties }),
      async handler({ params, body }, actor) {
        const { version, ...rest } = body as { version: number }
        await act(context, actor, params.id, action, rest as never, version)
        return slipDetail(db, params.id, actor, now())
      },
    })
}
