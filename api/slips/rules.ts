/**
 * The slip's state machine (design §5): which role in which relation may act in which state, and what follows.
 * Pure. What an act requires beyond that, and what it changes, stands in actions-*.ts.
 */
import { type Actor, principals } from '../auth.ts'
import { AppError } from '../errors.ts'
import type { Level, SlipAction, SlipState } from '../vocabulary.ts'
import { RELATIONS, type Relation, type SlipFacts } from './relations.ts'

/** Whom an act is given to, when. */
interface Grant {
  who: readonly Relation[]
  states: readonly SlipState[]
  /** More than state and person. */
  when?: (slip: SlipFacts) => boolean
}

const RUNNING: readonly SlipState[] = ['drafting', 'reviewing', 'replying']
const JUDGED: readonly SlipState[] = [...RUNNING, 'reporting', 'tracking']
const OPEN: readonly SlipState[] = ['judging', ...JUDGED]
const LIVING: readonly SlipState[] = [...OPEN, 'finished', 'filing']
const isMajor = (slip: SlipFacts): boolean => slip.level === 'major'

export const RULES: Record<SlipAction, readonly Grant[]> = {
  edit: [{ who: ['filler'], states: ['draft', 'judging'] }],
  submit: [{ who: ['filler'], states: ['draft'] }],
  // From 待存档 it goes back to the unit to be completed (S-34).
  sendBack: [{ who: ['office'], states: ['judging', 'filing'] }],
  judge: [{ who: ['office'], states: ['judging'] }],
  confirmJudgement: [{ who: ['officeHead'], states: ['judging'], when: slip => slip.pendingMajor }],
  changeFoundAt: [{ who: ['filler', 'leadUnit', 'office'], states: ['draft', ...OPEN] }],
  requestTransfer: [{ who: ['leadUnit'], states: RUNNING, when: slip => !slip.openTransfer }],
  reassign: [{ who: ['office'], states: JUDGED }],
  changeLevel: [{ who: ['office', 'chief'], states: JUDGED }],
  // In review only the reviewer writes; before and after only the drafting side does.
  saveText: [
    { who: ['drafter'], states: ['drafting', 'replying'] },
    { who: ['reviewer'], states: ['reviewing'] },
  ],
  sendForReview: [{ who: ['drafter'], states: ['drafting'] }],
  withdraw: [{ who: ['drafter'], states: ['reviewing'] }],
  approve: [{ who: ['reviewer'], states: ['reviewing'] }],
  return: [{ who: ['reviewer'], states: ['reviewing'] }],
  // the leader in charge beside 主要领导; asked for only where the switch says so.
  countersign: [{ who: ['inCharge'], states: ['reviewing'], when: slip => slip.level === 'complex' }],
  instruct: [{ who: ['overseer'], states: LIVING }],
  recordReply: [
    { who: ['replier'], states: ['replying'], when: slip => slip.reviewText?.purpose !== 'none' },
  ],
  recordNoReply: [
    { who: ['replier', 'office'], states: ['replying'], when: slip => slip.reviewText?.purpose === 'none' },
  ],
  recordReport: [
    { who: ['office'], states: ['reporting'] },
    // S-21: 口头报告 by 主要领导 himself may come before the approval.
    {
      who: ['chief'],
      states: ['drafting', 'reviewing', 'reporting'],
      when: slip => isMajor(slip) && !slip.reportsOut,
    },
    // Follow-up and final report.
    {
      who: ['office'],
      states: [...RUNNING, 'tracking', 'finished'],
      when: slip => isMajor(slip) && slip.reportsOut,
    },
  ],
  recordReceipt: [
    { who: ['office'], states: [...JUDGED, 'finished', 'filing'], when: slip => slip.reports > 0 },
  ],
  requestExtension: [
    { who: ['leadUnit'], states: RUNNING, when: slip => !isMajor(slip) && !slip.openExtension },
  ],
  grantExtension: [
    { who: ['extensionReviewer'], states: RUNNING, when: slip => slip.openExtension !== null },
  ],
  refuseExtension: [
    { who: ['extensionReviewer'], states: RUNNING, when: slip => slip.openExtension !== null },
  ],
  addTracking: [{ who: ['leadUnit'], states: ['tracking', 'finished'] }],
  openRound: [{ who: ['leadUnit', 'office'], states: ['tracking'] }],
  setResult: [{ who: ['leadUnit', 'office'], states: [...JUDGED, 'finished'] }],
  finish: [{ who: ['leadUnit'], states: ['tracking'] }],
  handOver: [{ who: ['leadUnit'], states: ['finished'] }],
  archive: [{ who: ['office'], states: ['filing'] }],
  addEvidence: [{ who: ['filler', 'leadUnit', 'office'], states: ['draft', ...LIVING] }],
  // S-36: 作废 by 办公室; a draft that nobody has seen yet its own unit may drop.
  void: [
    { who: ['office'], states: LIVING },
    { who: ['filler'], states: ['draft'], when: slip => !slip.submitted },
    { who: ['office'], states: ['draft'], when: slip => slip.submitted },
  ],
  attachPost: [{ who: ['filler', 'leadUnit', 'office'], states: ['draft', ...OPEN] }],
  detachPost: [
    { who: ['filler', 'leadUnit', 'office'], states: ['draft', ...OPEN], when: slip => slip.entries > 1 },
  ],
}

/** In whose name: own rights first, then those lent by a principal (signatures print 代). */
export interface Standing {
  relation: Relation
  /** Principal, where a deputy acts. */
  forId: number | null
}

function standingIn(slip: SlipFacts, grants: readonly Grant[], actor: Actor): Standing | null {
  for (const [who, forId] of principals(actor))
    for (const relation of grants.flatMap(grant => grant.who))
      if (RELATIONS[relation](who, slip, actor)) return { relation, forId }
  return null
}

const grantsNow = (slip: SlipFacts, action: SlipAction): Grant[] =>
  RULES[action].filter(({ states, when }) => states.includes(slip.status) && (!when || when(slip)))

/** What this person may do now, and in whose name; null = nothing. */
export const standingOf = (slip: SlipFacts, action: SlipAction, actor: Actor): Standing | null =>
  standingIn(slip, grantsNow(slip, action), actor)

/** @throws AppError slip.forbidden (403) when it is not this person's, slip.state (409) when it is not the time. */
export function requireAllowed(slip: SlipFacts, action: SlipAction, actor: Actor): Standing {
  const standing = standingOf(slip, action, actor)
  if (standing) return standing
  throw new AppError(standingIn(slip, RULES[action], actor) ? 'slip.state' : 'slip.forbidden')
}

export const allowedActions = (slip: SlipFacts, actor: Actor): SlipAction[] =>
  (Object.keys(RULES) as SlipAction[]).filter(action => standingOf(slip, action, actor) !== null)

export const LEVEL_RANK: Record<Level, number> = { general: 1, complex: 2, major: 3 }

/** Whom the slip waits for, as lists show it. */
export function waitingFor(slip: Pick<SlipFacts, 'status' | 'level' | 'pendingMajor'>): string {
  const texts: Record<SlipState, string> = {
    draft: '填报处室提交',
    judging: slip.pendingMajor ? '办公室主任确认' : '办公室研判',
    drafting: slip.level === 'major' ? '办公室拟稿' : '主办处室拟稿',
    reviewing: slip.level === 'general' ? '分管领导审核' : '主要领导审核',
    replying: slip.level === 'general' ? '主办处室回复' : '办公室回复',
    reporting: '办公室上报',
    tracking: '主办处室跟踪、落实',
    finished: '主办处室移交',
    filing: '办公室存档',
    archived: '—',
    void: '—',
  }
  return texts[slip.status]
}
