import type { Generated } from 'kysely'

/** 处室、直属单位 and 市局办公室. Dates are Shanghai days; null = open. */
export interface UnitTable {
  id: Generated<number>
  name: string
  kind: 'office' | 'department' | 'subordinate'
  sort: number
  active_from: string
  active_to: string | null
}

export interface PersonTable {
  id: Generated<number>
  login: string
  name: string
  unit_id: number | null
  /** JSON array of Role (api/vocabulary.ts). */
  roles: string
  phone: string | null
  password_hash: string | null
  must_change_password: number
  failed_logins: Generated<number>
  locked_until: number | null
  active: Generated<number>
  created_at: number
  version: Generated<number>
}

/** 分管: which leader is in charge of which unit, or of a matter across units (网络舆情, 财务). */
export interface ChargeTable {
  id: Generated<number>
  leader_id: number
  unit_id: number | null
  matter: string | null
  valid_from: string
  valid_to: string | null
}

/** Rights lent for dated periods; every signature then prints 代. */
export interface DeputyTable {
  id: Generated<number>
  principal_id: number
  deputy_id: number
  valid_from: string
  valid_to: string
  reason: string
  created_by: number
  created_at: number
  revoked_at: number | null
}

/** S-3: 舆情专员 of a unit and his deputy, dated. */
export interface OfficerTable {
  id: Generated<number>
  unit_id: number
  person_id: number
  is_deputy: number
  valid_from: string
  valid_to: string | null
}

export interface SessionTable {
  /** SHA-256 of the cookie's token. */
  token_hash: string
  person_id: number
  created_at: number
  seen_at: number
  expires_at: number
  user_agent: string | null
}

/** First start: one link, once. */
export interface SetupLinkTable {
  token_hash: string
  created_at: number
  used_at: number | null
}

/** S-26: accounts under which the bureau replies. */
export interface AccountTable {
  id: Generated<number>
  /** Source id where the platform is a source, else a plain name such as 微博. */
  platform: string
  name: string
  /** Id on the platform (uid), where known; helps to find the reply. */
  platform_uid: string | null
  unit_id: number
  real_name: number
  certified: number
  custodian: string
  contact: string | null
  active_from: string
  active_to: string | null
  version: Generated<number>
}

export interface PeopleTables {
  unit: UnitTable
  person: PersonTable
  charge: ChargeTable
  deputy: DeputyTable
  officer: OfficerTable
  session: SessionTable
  setup_link: SetupLinkTable
  account: AccountTable
}
