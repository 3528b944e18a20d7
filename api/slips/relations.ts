/**
 * Who stands in which relation to a slip (design §5: role x relation), and which slips a person sees
 * (requirements.md §5.3). Pure; what each relation may do stands in rules.ts.
 */
import { type Actor, holds, type Principal, principals } from '../auth.ts'
import { type Level, OFFICE, type SlipState, STAFF } from '../vocabulary.ts'

/** What the rules ask of a slip. */
export interface SlipFacts {
  status: SlipState
  level: Level | null
  /** Unit that filled it in, and the person. */
  unitId: number
  createdBy: number
  /** It was handed to 办公室 once: from then on it is never thrown away, only 作废. */
  submitted: boolean
  /** 主办. */
  leadUnitId: number | null
  /** 协办. */
  coUnitIds: readonly number[]
  pendingMajor: boolean
  /** Reports upward so far; S-22: both first ones of a 重大 slip are out. */
  reports: number
  reportsOut: boolean
  /** The text under review: its purpose and everyone who drafted a version of it in this round. */
  reviewText: { authorIds: readonly number[]; purpose: string } | null
  openExtension: { requestedBy: number; beyondSeven: boolean } | null
  openTransfer: boolean
  entries: number
}

/** Role x relation to the slip. */
export type Relation =
  | 'filler'
  | 'leadUnit'
  | 'office'
  | 'officeHead'
  | 'drafter'
  | 'reviewer'
  | 'replier'
  | 'extensionReviewer'
  | 'chief'
  | 'inCharge'
  | 'overseer'

/** Who works for a unit; 办公室's own people work for it where it is the responsible unit (S-2). */

const worksFor = (who: Principal, unitId: number | null): boolean =>
  unitId !== null && who.unitId === unitId && holds(who, STAFF)

const inCharge = (who: Principal, unitId: number | null): boolean =>
  unitId !== null && holds(who, ['leader']) && who.chargeUnitIds.includes(unitId)

/** 分管网络舆情: 副组长 of every case (S-2). */
export const SENTIMENT_MATTER = '网络舆情'

export const RELATIONS: Record<Relation, (who: Principal, slip: SlipFacts, actor: Actor) => boolean> = {
  filler: (who, slip) => worksFor(who, slip.unitId) || who.id === slip.createdBy,
  leadUnit: (who, slip) => worksFor(who, slip.leadUnitId),
  office: who => holds(who, OFFICE),
  officeHead: who => holds(who, ['office_head']),
  chief: who => holds(who, ['chief']),
  inCharge: (who, slip, actor) =>
    inCharge(who, slip.leadUnitId) && !slip.reviewText?.authorIds.includes(actor.id),
  // Who leads over the case (S-2) may say what is to be done.
  overseer: (who, slip) =>
    holds(who, ['chief']) ||
    (holds(who, ['leader']) && who.matters.includes(SENTIMENT_MATTER)) ||
    [slip.unitId, slip.leadUnitId, ...slip.coUnitIds].some(unitId => inCharge(who, unitId)),
  // S-13 the unit writes 一般性; S-16 it starts 较大、复杂性, 办公室 may edit; S-20 重大 is 办公室's own.
  drafter: (who, slip, actor) =>
    (slip.level !== 'major' && RELATIONS.leadUnit(who, slip, actor)) ||
    (slip.level !== 'general' && RELATIONS.office(who, slip, actor)),
  // S-12: the leader in charge of the responsible unit, or 主要领导 above him; S-17, S-21: 主要领导 alone. Nobody
  // approves what he drafted, not even as somebody's deputy.
  reviewer: (who, slip, actor) =>
    (holds(who, ['chief']) || (slip.level === 'general' && inCharge(who, slip.leadUnitId))) &&
    !slip.reviewText?.authorIds.includes(actor.id),
  // S-13: the unit for 一般性; S-18: 办公室 for the others.
  replier: (who, slip, actor) =>
    slip.level === 'general' ? RELATIONS.leadUnit(who, slip, actor) : RELATIONS.office(who, slip, actor),
  // S-31: who reviews the reply of that level, never the requester; beyond seven days 主要领导 (S-30).
  extensionReviewer: (who, slip, actor) =>
    (slip.level === 'general' && !slip.openExtension?.beyondSeven
      ? inCharge(who, slip.leadUnitId)
      : holds(who, ['chief'])) && slip.openExtension?.requestedBy !== actor.id,
}

/**
 * Data scope (requirements.md §5.3): a unit sees its own slips, a leader those of the units in his charge (of all,
 * where 网络舆情 is), 主要领导, 纪检监察组 and 办公室 all.
 */
export const maySee = (
  slip: Pick<SlipFacts, 'unitId' | 'leadUnitId' | 'coUnitIds' | 'createdBy'>,
  actor: Actor,
): boolean =>
  principals(actor).some(
    ([who]) =>
      seesAll(who) ||
      who.id === slip.createdBy ||
      [slip.unitId, slip.leadUnitId, ...slip.coUnitIds].some(
        unitId => worksFor(who, unitId) || inCharge(who, unitId),
      ),
  )

export const seesAll = (who: Principal): boolean =>
  holds(who, ['chief', 'discipline', ...OFFICE]) ||
  (holds(who, ['leader']) && who.matters.includes(SENTIMENT_MATTER))

/** For lists: every unit whose slips this person sees; null = all. */
export function scopeOf(actor: Actor): { unitIds: number[]; personIds: number[] } | null {
  const all = principals(actor).map(([who]) => who)
  if (all.some(seesAll)) return null
  return {
    personIds: all.map(({ id }) => id),
    unitIds: all.flatMap(who => [
      ...(who.unitId !== null && worksFor(who, who.unitId) ? [who.unitId] : []),
      ...(holds(who, ['leader']) ? who.chargeUnitIds : []),
    ]),
  }
}
