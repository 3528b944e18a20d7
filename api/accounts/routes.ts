/** S-26 实名账号登记. GET /api/accounts -> AccountView[]; POST; PATCH /api/accounts/:id (office) */
export interface AccountView {
  id: number
  platform: string
  name: string
  platformUid: string | null
  unit: { id: number; name: string }
  realName: boolean
  certified: boolean
  custodian: string
  contact: string | null
  activeFrom: string
  activeTo: string | null
  version: number
}
