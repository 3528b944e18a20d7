import type { Directory } from '../people/directory.ts'
import { SENTIMENT_MATTER } from './relations.ts'

/** 领导小组 of one case (S-2), as person ids. */
export interface LeadingGroup {
  /** 组长: 局主要负责人. */
  head: number[]
  /** 副组长: the leader of 网络舆情 and those in charge of the units concerned, each once. */
  deputies: number[]
  /** 成员: 办公室主任 and the heads of the units concerned. */
  members: number[]
}

export function leadingGroup(people: Directory, unitIds: readonly number[]): LeadingGroup {
  const head = people.withRole('chief')
  const inCharge = unitIds.flatMap(unitId => people.leaders(unitId))
  const deputies = new Set([...people.leadersOf(SENTIMENT_MATTER), ...inCharge])
  const heads = unitIds.flatMap(unitId => people.heads(unitId))
  return {
    head,
    deputies: [...deputies].filter(id => !head.includes(id)),
    members: [...new Set([...people.withRole('office_head'), ...heads])],
  }
}
