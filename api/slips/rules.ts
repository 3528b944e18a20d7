/**
 * The slip's state machine (design §5): which role in which relation may act in which state, and what follows.
 * Pure. What must be present for an act stands in requirements.ts; what it changes in actions.ts.
 */
import type { Actor, Principal } from '../auth.ts'
import { AppError } from '../errors.ts'
import type { Level, Role, SlipAction, SlipState } from '../vocabulary.ts'

/** What the rules ask of a slip. */
export interface SlipFacts {
  status: SlipState
  level: Level | null
  /** Unit that filled it in. */
  unitId: number
  /** 主办. */
  leadUnitId: number | null
  pendingMajor: boolean
  /** Drafter and purpose of the text under review. */
  reviewText: { authorId: number; purpose: string } | null
  openExtension: { requestedBy: number; beyondSeven: boolean } | null
  entries: number
}

/** Role x relation to the slip. */
export type Relation =
  | 'ownUnit'
  | 'leadUnit'
  | 'office'
  | 'officeHead'
  | 'reviewer'
  | 'replier'
  | 'extensionReviewer'
  | 'chief'

const UNIT_ROLES: readonly Role[] = ['duty', 'staff', 'head']
const OFFICE_ROLES: readonly Role[] = ['office', 'office_head']
const holds = (who: Principal, roles: readonly Role[]): boolean =>
  roles.some(role => who.roles.includes(role))

/** S-12: the leader in charge of the responsible unit; S-17, S-21: 主要领导. */
function isReviewer(who: Principal, slip: SlipFacts): boolean {
  if (slip.level !== 'general') return holds(who, ['chief'])
  return slip.leadUnitId !== null && holds(who, ['leader']) && who.chargeUnitIds.includes(slip.leadUnitId)
}

const RELATIONS: Record<Relation, (who: Principal, slip: SlipFacts, actor: Actor) => boolean> = {
  ownUnit: (who, slip) => who.unitId === slip.unitId && holds(who, UNIT_ROLES),
  leadUnit: (who, slip) => who.unitId !== null && who.unitId === slip.leadUnitId && holds(who, UNIT_ROLES),
  office: who => holds(who, OFFICE_ROLES),
  officeHead: who => holds(who, ['office_head']),
  chief: who => holds(who, ['chief']),
  // Nobody approves what he drafted, not even as somebody's deputy (S-12).
  reviewer: (who, slip, actor) => isReviewer(who, slip) && slip.reviewText?.authorId !== actor.id,
  // S-13: the unit for 一般性; S-18: 办公室 for the others.
  replier: (who, slip, actor) =>
    slip.level === 'general' ? RELATIONS.leadUnit(who, slip, actor) : RELATIONS.office(who, slip, actor),
  // S-31: who reviews the reply of that level, never the requester; beyond seven days 主要领导 (S-30).
  extensionReviewer: (who, slip, actor) =>
    (slip.openExtension?.beyondSeven ? holds(who, ['chief']) : isReviewer(who, slip)) &&
    slip.openExtension?.requestedBy !== actor.id,
}

interface Rule {
  states: readonly SlipState[]
  who: readonly Relation[]
  /** More than state and person; checked last. */
  when?: (slip: SlipFacts) => boolean
}

const OPEN: readonly SlipState[] = ['judging', 'drafting', 'reviewing', 'replying', 'reporting', 'tracking']
const JUDGED: readonly SlipState[] = ['drafting', 'reviewing', 'replying', 'reporting', 'tracking']
const RUNNING: readonly SlipState[] = ['drafting', 'reviewing', 'replying']

export const RULES: Record<SlipAction, Rule> = {
  edit: { states: ['draft', 'judging'], who: ['ownUnit', 'office'] },
  submit: { states: ['draft'], who: ['ownUnit', 'office'] },
  sendBack: { states: ['judging'], who: ['office'] },
  judge: { states: ['judging'], who: ['office'] },
  confirmJudgement: { states: ['judging'], who: ['officeHead'], when: slip => slip.pendingMajor },
  changeFoundAt: { states: ['draft', ...OPEN], who: ['ownUnit', 'leadUnit', 'office'] },
  requestTransfer: { states: RUNNING, who: ['leadUnit'] },
  reassign: { states: JUDGED, who: ['office'] },
  changeLevel: { states: JUDGED, who: ['office', 'chief'] },
  saveText: { states: RUNNING, who: ['leadUnit', 'office', 'reviewer'] },
  sendForReview: { states: ['drafting'], who: ['leadUnit', 'office'] },
  withdraw: { states: ['reviewing'], who: ['leadUnit', 'office'] },
  approve: { states: ['reviewing'], who: ['reviewer'] },
  return: { states: ['reviewing'], who: ['reviewer'] },
  recordReply: { states: ['replying'], who: ['replier'], when: slip => slip.reviewText?.purpose !== 'none' },
  recordNoReply: {
    states: ['replying'],
    who: ['replier', 'office'],
    when: slip => slip.reviewText?.purpose === 'none',
  },
  recordReport: { states: ['reporting'], who: ['office'] },
  requestExtension: {
    states: RUNNING,
    who: ['leadUnit', 'office'],
    when: slip => slip.level !== 'major' && !slip.openExtension,
  },
  grantExtension: { states: RUNNING, who: ['extensionReviewer'], when: slip => slip.openExtension !== null },
  refuseExtension: { states: RUNNING, who: ['extensionReviewer'], when: slip => slip.openExtension !== null },
  addTracking: { states: ['tracking'], who: ['leadUnit', 'office'] },
  openRound: { states: ['tracking'], who: ['leadUnit', 'office'] },
  setResult: { states: [...JUDGED, 'finished'], who: ['leadUnit', 'office'] },
  finish: { states: ['tracking'], who: ['leadUnit', 'office'] },
  handOver: { states: ['finished'], who: ['leadUnit', 'office'] },
  archive: { states: ['filing'], who: ['office'] },
  void: { states: [...OPEN, 'finished', 'filing'], who: ['office'] },
  attachPost: { states: ['draft', ...OPEN], who: ['ownUnit', 'leadUnit', 'office'] },
  detachPost: {
    states: ['draft', ...OPEN],
    who: ['ownUnit', 'leadUnit', 'office'],
    when: slip => slip.entries > 1,
  },
}

/** In whose name: own rights first, then those lent by a principal (signatures print 代). */
export interface Standing {
  relation: Relation
  /** Principal, where a deputy acts. */
  forId: number | null
}

export function standingOf(slip: SlipFacts, action: SlipAction, actor: Actor): Standing | null {
  const principals: [Principal, number | null][] = [
    [actor, null],
    ...actor.deputyFor.map(principal => [principal, principal.id] as [Principal, number]),
  ]
  for (const [who, forId] of principals)
    for (const relation of RULES[action].who) {
      // In review only the reviewer writes; before and after only the drafting side does.
      if (action === 'saveText' && (relation === 'reviewer') !== (slip.status === 'reviewing')) continue
      if (RELATIONS[relation](who, slip, actor)) return { relation, forId }
    }
  return null
}

/** @throws AppError slip.forbidden (403) when it is not this person's, slip.state (409) when it is not the time. */
export function requireAllowed(slip: SlipFacts, action: SlipAction, actor: Actor): Standing {
  const standing = standingOf(slip, action, actor)
  if (!standing) throw new AppError('slip.forbidden')
  const { states, when } = RULES[action]
  if (!states.includes(slip.status) || (when && !when(slip))) throw new AppError('slip.state')
  return standing
}

export const allowedActions = (slip: SlipFacts, actor: Actor): SlipAction[] =>
  (Object.keys(RULES) as SlipAction[]).filter(action => {
    const { states, when } = RULES[action]
    return states.includes(slip.status) && (!when || when(slip)) && standingOf(slip, action, actor) !== null
  })

/** Working days of a level (S-14, S-19); 重大 has none, 办公室 types an instant (S-23). */
export const LEVEL_DAYS: Record<Level, number | null> = { general: 2, complex: 5, major: null }

/** S-30: an extension reaches at most day 7 from day 0. */
export const LONGEST_DAYS = 7

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
