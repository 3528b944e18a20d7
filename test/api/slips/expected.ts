/**
 * Who may do what to a slip in which state: written down from design §5 and requirements.md §5.2, §5.3 (and the rows
 * named), not from the program. Everything that is not listed here is refused and changes nothing.
 */
import type { SlipAction } from '../../../api/vocabulary.ts'

const FILLER = ['ownDuty', 'ownStaff', 'ownHead']
const LEAD = ['leadDuty', 'leadStaff', 'leadHead', 'dual', 'actingHead']
/** 经办 and 主任; a deputy of 主任 whose dates are over is still one of 办公室's own. */
const OFFICE = ['officer', 'officeChief', 'actingOfficeHead', 'pastOfficeHead']
const OFFICE_HEAD = ['officeChief', 'actingOfficeHead']
const IN_CHARGE = ['inCharge', 'actingLeader', 'dual']
const CHIEF = ['bureauChief', 'actingChief']

/** States; g general, c complex, m major. `…None`: an approved reason for no answer waits to be recorded. */
export const FIXTURES = [
  'draft',
  'returned',
  'judging',
  'pendingMajor',
  'gDrafting',
  'gExtension',
  'gReviewing',
  'gReviewingOwn',
  'gReplying',
  'gReplyingNone',
  'gTracking',
  'gFinished',
  'gFiling',
  'gArchived',
  'gVoid',
  'cDrafting',
  'cExtension',
  'cBeyond',
  'cReviewing',
  'cReplying',
  'cReplyingNone',
  'cTracking',
  'cFinished',
  'cFiling',
  'mDrafting',
  'mReviewing',
  'mReporting',
  'mDraftingReply',
  'mReviewingReply',
  'mReplying',
  'mTracking',
  'mFinished',
  'mFiling',
] as const
export type Fixture = (typeof FIXTURES)[number]

const BEFORE = ['draft', 'returned', 'judging', 'pendingMajor'] as const
const G_RUNNING = [
  'gDrafting',
  'gExtension',
  'gReviewing',
  'gReviewingOwn',
  'gReplying',
  'gReplyingNone',
] as const
const C_RUNNING = ['cDrafting', 'cExtension', 'cBeyond', 'cReviewing', 'cReplying', 'cReplyingNone'] as const
const M_RUNNING = ['mDrafting', 'mReviewing', 'mDraftingReply', 'mReviewingReply', 'mReplying'] as const
const TRACKING = ['gTracking', 'cTracking', 'mTracking'] as const
const FINISHED = ['gFinished', 'cFinished', 'mFinished'] as const
const FILING = ['gFiling', 'cFiling', 'mFiling'] as const
const JUDGED = [...G_RUNNING, ...C_RUNNING, ...M_RUNNING, 'mReporting', ...TRACKING] as const
const OPEN = ['judging', 'pendingMajor', ...JUDGED] as const
const NO_EXTENSION = ['gExtension', 'cExtension', 'cBeyond']

const without = (list: readonly Fixture[], ...names: string[]) => list.filter(name => !names.includes(name))

interface Given {
  in: readonly Fixture[]
  who: readonly string[]
  /** State afterwards, where it is not the one before. */
  to?: string
  /** Theirs to do, but here nothing can be: answered with 400 and a sentence, and nothing changes. */
  invalid?: true
}

export const EXPECTED: Record<SlipAction, Given[]> = {
  // 填处理单: DO, ST and their head; 办公室 edits its own only.
  edit: [{ in: BEFORE, who: FILLER }],
  submit: [{ in: ['draft', 'returned'], who: FILLER, to: 'judging' }],
  // 研判: any officer, 重大 confirmed by 主任 (design §5.14); from 待存档 back to be completed (S-34).
  sendBack: [
    { in: ['judging', 'pendingMajor'], who: OFFICE, to: 'draft' },
    { in: FILING, who: OFFICE, to: 'finished' },
  ],
  judge: [{ in: ['judging', 'pendingMajor'], who: OFFICE, to: 'drafting' }],
  confirmJudgement: [{ in: ['pendingMajor'], who: OFFICE_HEAD, to: 'drafting' }],
  // design §5.1: staff earlier, 办公室 either way; the body of this test sets it earlier.
  changeFoundAt: [
    { in: BEFORE, who: [...FILLER, ...OFFICE] },
    { in: JUDGED, who: [...FILLER, ...LEAD, ...OFFICE] },
  ],
  // 转办: the unit asks, 办公室 decides (S-8).
  requestTransfer: [{ in: [...G_RUNNING, ...C_RUNNING, ...M_RUNNING], who: LEAD }],
  reassign: [
    {
      in: without(
        JUDGED,
        'gReviewing',
        'gReviewingOwn',
        'gReplying',
        'gReplyingNone',
        'cReviewing',
        'cReplying',
        'cReplyingNone',
        'mReviewing',
        'mReviewingReply',
        'mReplying',
      ),
      who: OFFICE,
    },
    // Another unit has another leader: what was in review or approved starts again.
    {
      in: [
        'gReviewing',
        'gReviewingOwn',
        'gReplying',
        'gReplyingNone',
        'cReviewing',
        'cReplying',
        'cReplyingNone',
        'mReviewing',
        'mReviewingReply',
        'mReplying',
      ],
      who: OFFICE,
      to: 'drafting',
    },
  ],
  // S-32, by 办公室 and 主要领导; from 重大 only 主任 or 主要领导 (design §5.14).
  changeLevel: [
    { in: [...G_RUNNING], who: [...OFFICE, ...CHIEF], to: 'drafting' },
    { in: ['gTracking', 'cTracking', ...C_RUNNING], who: [...OFFICE, ...CHIEF] },
    {
      in: ['mDrafting', 'mDraftingReply', 'mReviewingReply', 'mReplying', 'mTracking'],
      who: [...OFFICE_HEAD, ...CHIEF],
    },
    { in: ['mReviewing', 'mReporting'], who: [...OFFICE_HEAD, ...CHIEF], to: 'drafting' },
  ],
  // 一般性 is written by the unit, 较大、复杂性 by it and 办公室, 重大 by 办公室; in review by who reviews.
  saveText: [
    { in: ['gDrafting', 'gExtension'], who: LEAD },
    { in: ['gReplying', 'gReplyingNone'], who: LEAD, to: 'drafting' },
    { in: ['gReviewing'], who: [...IN_CHARGE, ...CHIEF] },
    { in: ['gReviewingOwn'], who: ['inCharge', 'actingLeader', ...CHIEF] },
    { in: ['cDrafting', 'cExtension', 'cBeyond'], who: [...LEAD, ...OFFICE] },
    { in: ['cReplying', 'cReplyingNone'], who: [...LEAD, ...OFFICE], to: 'drafting' },
    { in: ['cReviewing'], who: CHIEF },
    { in: ['mDrafting', 'mDraftingReply'], who: OFFICE },
    { in: ['mReplying'], who: OFFICE, to: 'drafting' },
    { in: ['mReviewing', 'mReviewingReply'], who: CHIEF },
  ],
  sendForReview: [
    { in: ['gDrafting'], who: LEAD, to: 'reviewing' },
    { in: ['cDrafting'], who: [...LEAD, ...OFFICE], to: 'reviewing' },
    { in: ['mDrafting', 'mDraftingReply'], who: OFFICE, to: 'reviewing' },
    // Both have their initial response behind them and a further text before them.
    { in: ['gExtension'], who: LEAD, to: 'reviewing' },
    { in: ['cExtension', 'cBeyond'], who: [...LEAD, ...OFFICE], to: 'reviewing' },
  ],
  withdraw: [
    { in: ['gReviewing', 'gReviewingOwn'], who: LEAD, to: 'drafting' },
    { in: ['cReviewing'], who: [...LEAD, ...OFFICE], to: 'drafting' },
    { in: ['mReviewing', 'mReviewingReply'], who: OFFICE, to: 'drafting' },
  ],
  // VL or ML for 一般性, ML for the others, never the drafter (S-12, S-17, S-21; §5.3.1).
  approve: [
    { in: ['gReviewing'], who: [...IN_CHARGE, ...CHIEF], to: 'replying' },
    { in: ['gReviewingOwn'], who: ['inCharge', 'actingLeader', ...CHIEF], to: 'replying' },
    { in: ['cReviewing', 'mReviewingReply'], who: CHIEF, to: 'replying' },
    { in: ['mReviewing'], who: CHIEF, to: 'reporting' },
  ],
  return: [
    { in: ['gReviewing'], who: [...IN_CHARGE, ...CHIEF], to: 'drafting' },
    { in: ['gReviewingOwn'], who: ['inCharge', 'actingLeader', ...CHIEF], to: 'drafting' },
    { in: ['cReviewing', 'mReviewing', 'mReviewingReply'], who: CHIEF, to: 'drafting' },
  ],
  // beside 主要领导, the leader in charge of the unit, never of his own text.
  countersign: [{ in: ['cReviewing'], who: IN_CHARGE }],
  // 批示: the leaders over the case (S-2): of the units concerned, of 网络舆情, 主要领导.
  instruct: [
    { in: ['judging', 'pendingMajor'], who: ['inChargeOfOwn', 'netLeader', ...CHIEF] },
    {
      in: [...JUDGED, ...FINISHED, ...FILING],
      who: [...IN_CHARGE, 'inChargeOfOwn', 'netLeader', ...CHIEF],
    },
  ],
  // 一般性 by the unit, the others by 办公室 (S-13, S-18); other posts still wait, so the state stays.
  recordReply: [
    { in: ['gReplying'], who: LEAD },
    { in: ['cReplying', 'mReplying'], who: OFFICE },
  ],
  // S-36: 办公室 marks 原帖已删 at any level.
  recordNoReply: [
    { in: ['gReplyingNone'], who: [...LEAD, ...OFFICE] },
    { in: ['cReplyingNone'], who: OFFICE },
  ],
  // S-22 by 办公室; S-21 by word of mouth by 主要领导 himself, before the approval too.
  recordReport: [
    { in: ['mReporting'], who: [...OFFICE, ...CHIEF] },
    { in: ['mDrafting', 'mReviewing'], who: CHIEF },
    { in: ['mDraftingReply', 'mReviewingReply', 'mReplying', 'mTracking', 'mFinished'], who: OFFICE },
  ],
  recordReceipt: [
    {
      in: ['mDraftingReply', 'mReviewingReply', 'mReplying', 'mTracking', 'mFinished', 'mFiling'],
      who: OFFICE,
    },
  ],
  requestExtension: [{ in: without([...G_RUNNING, ...C_RUNNING], ...NO_EXTENSION), who: LEAD }],
  // S-31, S-30.
  grantExtension: [
    { in: ['gExtension'], who: IN_CHARGE },
    { in: ['cExtension', 'cBeyond'], who: CHIEF },
  ],
  refuseExtension: [
    { in: ['gExtension'], who: IN_CHARGE },
    { in: ['cExtension', 'cBeyond'], who: CHIEF },
  ],
  // Tracking, result, finish: the responsible unit; 办公室 may note the result (S-36) and open a round (S-15).
  addTracking: [{ in: [...TRACKING, ...FINISHED], who: LEAD }],
  openRound: [{ in: TRACKING, who: [...LEAD, ...OFFICE], to: 'drafting' }],
  setResult: [{ in: [...JUDGED, ...FINISHED], who: [...LEAD, ...OFFICE] }],
  finish: [{ in: TRACKING, who: LEAD, to: 'finished' }],
  handOver: [{ in: FINISHED, who: LEAD, to: 'filing' }],
  archive: [{ in: FILING, who: OFFICE, to: 'archived' }],
  addEvidence: [
    { in: BEFORE, who: [...FILLER, ...OFFICE] },
    { in: [...JUDGED, ...FINISHED, ...FILING], who: [...FILLER, ...LEAD, ...OFFICE] },
  ],
  // S-36: by 办公室 from any state after draft; a draft never handed in is its own unit's.
  void: [
    { in: ['draft'], who: FILLER, to: 'void' },
    { in: ['returned', ...OPEN, ...FINISHED, ...FILING], who: OFFICE, to: 'void' },
  ],
  attachPost: [
    { in: BEFORE, who: [...FILLER, ...OFFICE] },
    { in: without(JUDGED, ...TRACKING), who: [...FILLER, ...LEAD, ...OFFICE] },
    // 件件有反馈: one more post, found after the clock had stopped, wants its answer too.
    { in: TRACKING, who: [...FILLER, ...LEAD, ...OFFICE], to: 'replying' },
  ],
  detachPost: [
    { in: BEFORE, who: [...FILLER, ...OFFICE] },
    { in: without(JUDGED, ...TRACKING), who: [...FILLER, ...LEAD, ...OFFICE] },
    // Every post has its answer there: nothing may be moved out any more.
    { in: TRACKING, who: [...FILLER, ...LEAD, ...OFFICE], invalid: true },
  ],
}

/** Which tables an act writes besides the slip itself and its audit chain: always, and by circumstances. */
export const WRITES: Record<SlipAction, { must: readonly string[]; may?: readonly string[] }> = {
  edit: { must: [] },
  submit: { must: [], may: ['number_series'] },
  sendBack: { must: [] },
  judge: { must: ['slip_clock'] },
  confirmJudgement: { must: ['slip_clock'] },
  changeFoundAt: { must: [], may: ['slip_clock'] },
  requestTransfer: { must: ['slip_transfer'] },
  reassign: { must: [], may: ['slip_text'] },
  changeLevel: { must: [], may: ['slip_clock', 'slip_text', 'slip_extension'] },
  saveText: { must: ['slip_text'] },
  sendForReview: { must: [] },
  withdraw: { must: [] },
  approve: { must: ['slip_text'] },
  // Arms the reminders of a clock that still runs anew.
  return: { must: [], may: ['slip_clock'] },
  recordReply: { must: ['slip_reply', 'evidence'], may: ['thread'] },
  recordNoReply: { must: ['slip_reply'] },
  recordReport: { must: ['slip_report'] },
  recordReceipt: { must: ['slip_report'] },
  requestExtension: { must: ['slip_extension'] },
  grantExtension: { must: ['slip_extension', 'slip_clock'] },
  refuseExtension: { must: ['slip_extension'] },
  countersign: { must: ['slip_note'] },
  instruct: { must: ['slip_note'] },
  addTracking: { must: ['slip_tracking'] },
  openRound: { must: ['slip_round', 'slip_clock'] },
  setResult: { must: [] },
  finish: { must: ['thread'] },
  handOver: { must: [] },
  archive: { must: ['number_series'] },
  addEvidence: { must: ['evidence'] },
  void: { must: ['flag'], may: ['thread'] },
  attachPost: { must: ['slip_post', 'flag'], may: ['thread'] },
  detachPost: { must: ['slip_post'], may: ['flag', 'thread'] },
}
