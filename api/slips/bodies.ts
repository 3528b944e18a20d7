/** Shapes that HTTP checks before an act sees them; the types stand in routes.ts (ActionBody). */
import { type TObject, Type } from 'typebox'
import {
  CHECKLIST,
  FOUND_HOWS,
  LEVELS,
  MEDIA_LEVELS,
  NO_REPLY_REASONS,
  PRIVATE_REASONS,
  REPLY_MODES,
  REPORT_KINDS,
  REPORT_RECEIVERS,
  type SlipAction,
  TEXT_PURPOSES,
} from '../vocabulary.ts'

const oneOf = (codes: Readonly<Record<string, unknown>>) =>
  Type.Union(Object.keys(codes).map(code => Type.Literal(code)))
const Text = (maxLength = 2000) => Type.String({ maxLength })
const Optional = Type.Optional
const Instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })
const Id = Type.Integer({ minimum: 1 })
const Uploads = Optional(
  Type.Array(Type.Object({ sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }), fileName: Text(200) }), {
    maxItems: 20,
  }),
)

const FIELDS = {
  foundHow: oneOf(FOUND_HOWS),
  foundAt: Optional(Instant),
  title: Optional(Text(200)),
  summary: Optional(Text(5000)),
  topic: Optional(Text(60)),
  demand: Optional(Text()),
  area: Optional(Text(100)),
  phone: Optional(Text(60)),
  mediaLevel: Optional(oneOf(MEDIA_LEVELS)),
  proposedLevel: Optional(oneOf(LEVELS)),
}

const MANUAL = Type.Object({
  platform: Type.String({ minLength: 1, maxLength: 60 }),
  board: Optional(Text(60)),
  url: Optional(Type.String({ pattern: '^https?://', maxLength: 1000 })),
  noUrlReason: Optional(Text(200)),
  author: Optional(Text(60)),
  title: Text(200),
  text: Type.String({ minLength: 1, maxLength: 20_000 }),
  publishedAt: Type.Union([Instant, Type.Null()]),
  publishedPrecision: Type.Union([
    ...['second', 'minute', 'hour', 'day', 'month', 'year'].map(each => Type.Literal(each)),
    Type.Null(),
  ]),
  uploads: Type.Array(Type.Object({ sha256: Text(64), fileName: Text(200) }), { maxItems: 20 }),
})

export const CREATE_BODY = Type.Object({
  postIds: Type.Array(Id, { maxItems: 50 }),
  manual: Optional(Type.Array(MANUAL, { maxItems: 20 })),
  ...FIELDS,
  unitId: Optional(Id),
  reason: Optional(Text()),
})

const level = oneOf(LEVELS)
const judgement = {
  level,
  ground: Text(),
  leadUnitId: Id,
  coUnitIds: Optional(Type.Array(Id)),
  dueAt: Optional(Instant),
  order: Optional(Text()),
  serious: Optional(Type.Boolean()),
  checklist: Optional(Type.Array(oneOf(CHECKLIST), { maxItems: 20, uniqueItems: true })),
}

export const BODIES: Record<SlipAction, TObject> = {
  edit: Type.Object({ ...FIELDS, foundHow: Optional(oneOf(FOUND_HOWS)) }),
  submit: Type.Object({ reason: Optional(Text()) }),
  sendBack: Type.Object({ reason: Text() }),
  judge: Type.Object(judgement),
  confirmJudgement: Type.Object({ agree: Type.Boolean(), reason: Optional(Text()) }),
  changeFoundAt: Type.Object({ foundAt: Instant, reason: Text() }),
  requestTransfer: Type.Object({ toUnitId: Id, reason: Text() }),
  reassign: Type.Object({ leadUnitId: Id, coUnitIds: Optional(Type.Array(Id)), reason: Text() }),
  changeLevel: Type.Object({
    level,
    ground: Text(),
    dueAt: Optional(Instant),
    order: Optional(Text()),
    serious: Optional(Type.Boolean()),
  }),
  saveText: Type.Object({
    purpose: oneOf(TEXT_PURPOSES),
    body: Text(20_000),
    mode: oneOf(REPLY_MODES),
    privateReason: Optional(oneOf(PRIVATE_REASONS)),
    reason: Optional(Text()),
  }),
  sendForReview: Type.Object({ textId: Id }),
  withdraw: Type.Object({ reason: Optional(Text()) }),
  approve: Type.Object({ textId: Id, textHash: Text(64), opinion: Text() }),
  return: Type.Object({ reason: Text() }),
  countersign: Type.Object({ textId: Id, textHash: Text(64), opinion: Text() }),
  instruct: Type.Object({ body: Text() }),
  recordReply: Type.Object({
    entryId: Id,
    textId: Id,
    accountId: Id,
    mode: oneOf(REPLY_MODES),
    url: Optional(Text(1000)),
    repliedAt: Instant,
    reason: Optional(Text()),
    uploads: Uploads,
  }),
  recordNoReply: Type.Object({
    entryId: Id,
    noReplyReason: oneOf(NO_REPLY_REASONS),
    reason: Text(),
    uploads: Uploads,
  }),
  recordReport: Type.Object({
    receiver: oneOf(REPORT_RECEIVERS),
    kind: Optional(oneOf(REPORT_KINDS)),
    sentAt: Instant,
    way: Type.String({ minLength: 1, maxLength: 60 }),
    handler: Type.String({ minLength: 1, maxLength: 60 }),
    receipt: Optional(Text()),
    note: Optional(Text()),
    uploads: Uploads,
  }),
  recordReceipt: Type.Object({ reportId: Id, receipt: Text(), uploads: Uploads }),
  requestExtension: Type.Object({
    untilDay: Text(10),
    reason: Text(),
    beyondSeven: Optional(Type.Boolean()),
    lateReason: Optional(Text()),
  }),
  grantExtension: Type.Object({ extensionId: Id, reason: Optional(Text()) }),
  refuseExtension: Type.Object({ extensionId: Id, reason: Text() }),
  addTracking: Type.Object({
    views: Optional(Type.Integer({ minimum: 0 })),
    replies: Optional(Type.Integer({ minimum: 0 })),
    claims: Text(),
    judgement: Text(),
  }),
  openRound: Type.Object({
    reason: Text(),
    foundAt: Instant,
    entryIds: Optional(Type.Array(Id, { maxItems: 50 })),
    dueAt: Optional(Instant),
  }),
  setResult: Type.Object({ result: Text(5000) }),
  finish: Type.Object({ result: Optional(Text(5000)), reason: Optional(Text()) }),
  handOver: Type.Object({}),
  archive: Type.Object({}),
  addEvidence: Type.Object({ entryId: Optional(Id), replyId: Optional(Id), uploads: Uploads }),
  void: Type.Object({ reason: Text() }),
  attachPost: Type.Object({ postId: Optional(Id), manual: Optional(MANUAL) }),
  detachPost: Type.Object({ entryId: Id, reason: Text() }),
}
