import type { Role } from '../vocabulary.ts'

/** GET /api/session -> SessionView (401 without); POST /api/session {login, password}; DELETE /api/session */
export interface SessionView {
  person: {
    id: number
    name: string
    login: string
    unit: { id: number; name: string } | null
    roles: Role[]
  }
  mustChangePassword: boolean
  /** Whose rights this person holds today. */
  deputyFor: { id: number; name: string }[]
}
/** POST /api/session/password {old, new} -> {} */

/** GET /api/setup/:token -> {} or 410; POST /api/setup {token, admin: NewPerson, office: NewPerson} -> {} */
export interface NewPerson {
  login: string
  name: string
  password: string
  phone?: string
}

/** GET /api/units -> UnitView[] */
export interface UnitView {
  id: number
  name: string
  kind: 'office' | 'department' | 'subordinate'
  activeFrom: string
  activeTo: string | null
}

/** GET /api/people -> PersonView[]; POST /api/people; PATCH /api/people/:id {version, …} (admin) */
export interface PersonView {
  id: number
  login: string
  name: string
  unit: { id: number; name: string } | null
  roles: Role[]
  phone: string | null
  active: boolean
  version: number
}

/** GET/POST /api/charges, PATCH /api/charges/:id {validTo} — 分管分工表 */
export interface ChargeView {
  id: number
  leader: { id: number; name: string }
  unit: { id: number; name: string } | null
  matter: string | null
  validFrom: string
  validTo: string | null
}

/** GET/POST /api/deputies, POST /api/deputies/:id/revoke */
export interface DeputyView {
  id: number
  principal: { id: number; name: string }
  deputy: { id: number; name: string }
  validFrom: string
  validTo: string
  reason: string
  revokedAt: number | null
}
