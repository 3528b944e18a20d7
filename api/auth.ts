import type { Role } from './vocabulary.ts'

/** Who asks, resolved once per request from the session; all of it as of `day` (Shanghai). */
export interface Actor {
  id: number
  name: string
  unitId: number | null
  roles: readonly Role[]
  /** Units this leader is in charge of today. */
  chargeUnitIds: readonly number[]
  /** Matters this leader is in charge of: 网络舆情, 财务. */
  matters: readonly string[]
  /** Principals whose rights this person holds today; signatures print 代. */
  deputyFor: readonly Principal[]
}

export interface Principal {
  id: number
  name: string
  unitId: number | null
  roles: readonly Role[]
  chargeUnitIds: readonly number[]
  matters: readonly string[]
}

/**
 * Which roles may call a route at all; who may do what to a given slip is decided in slips/rules.ts alone.
 * 'public' = without a session; 'signedIn' = any person. There is no default: leaving it out does not compile.
 */
export type Access = 'public' | 'signedIn' | readonly Role[]

export const holds = (who: Principal, roles: readonly Role[]): boolean =>
  roles.some(role => who.roles.includes(role))

/** Oneself first, then whom one stands in for; with the principal's id where a signature prints 代. */
export const principals = (actor: Actor): [Principal, number | null][] => [
  [actor, null],
  ...actor.deputyFor.map(principal => [principal, principal.id] as [Principal, number]),
]

/** Own roles and those lent: an act that asks for more than its relation (定为重大, 发现时间改晚). */
export const holdsRole = (actor: Actor, ...roles: Role[]): boolean =>
  principals(actor).some(([who]) => holds(who, roles))
