/** Who may stand in for whom (requirements.md §5.3.2). Pure. */
import type { Role } from '../vocabulary.ts'

interface Standing {
  unitId: number | null
  roles: readonly Role[]
}

const has = ({ roles }: Standing, ...wanted: Role[]): boolean => wanted.some(role => roles.includes(role))

/**
 * Approval rights can be lent: 主要领导 and 分管领导 to a 分管领导, 办公室主任 to 办公室, a head to somebody of his unit.
 * A Chinese sentence where these two do not fit; null = they do.
 */
export function deputyProblem(principal: Standing, deputy: Standing): string | null {
  if (has(principal, 'chief', 'leader'))
    return has(deputy, 'leader', 'chief') ? null : '局领导的权限只能委托其他局领导代行。'
  if (has(principal, 'office_head'))
    return has(deputy, 'office') ? null : '办公室主任的权限只能委托办公室人员代行。'
  if (!has(principal, 'head')) return '只有领导、办公室主任和处室负责人的权限可以委托代行。'
  return deputy.unitId === principal.unitId ? null : '处室负责人的权限只能委托本处室人员代行。'
}
