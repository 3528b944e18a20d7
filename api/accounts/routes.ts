import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { isDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { OFFICE } from '../vocabulary.ts'
import { accountList, createAccount, updateAccount } from './store.ts'

/** S-26 实名账号登记. GET /api/accounts -> AccountView[]; POST; PATCH /api/accounts/:id (office) */
export interface AccountView {
  id: number
  platform: string
  /** As people call it. */
  platformName: string
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

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const Nullable = (maxLength: number) => Type.Union([Type.String({ maxLength }), Type.Null()])
const ACCOUNT = {
  platform: Text(60),
  name: Text(60),
  platformUid: Nullable(60),
  unitId: Type.Integer(),
  realName: Type.Boolean(),
  certified: Type.Boolean(),
  custodian: Text(40),
  contact: Nullable(60),
  activeFrom: Type.String(),
  activeTo: Nullable(10),
}
const AccountBody = Type.Object(ACCOUNT)
const AccountPatch = Type.Object({ version: Type.Integer(), ...ACCOUNT })

function requireDays({ activeFrom, activeTo }: { activeFrom: string; activeTo: string | null }): void {
  if (!isDay(activeFrom) || (activeTo !== null && (!isDay(activeTo) || activeTo < activeFrom)))
    throw new AppError('request.invalid', { message: '启用、停用日期不对，停用日不得早于启用日。' })
}

export function accountRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context
  const entry = (id: number, actorId: number, at: number) =>
    ({ caseKind: 'account', caseId: String(id), at, actorId, forId: null }) as const

  route(app, {
    method: 'GET',
    url: '/api/accounts',
    access: 'signedIn',
    summary: '实名账号登记',
    handler: () => accountList(db),
  })

  route(app, {
    method: 'POST',
    url: '/api/accounts',
    access: OFFICE,
    summary: '登记账号',
    body: AccountBody,
    async handler({ body }, actor) {
      requireDays(body)
      const at = now()
      return db.transaction().execute(async trx => {
        const id = await createAccount(trx, body)
        await appendAudit(trx, { ...entry(id, actor.id, at), action: 'create', detail: body })
        return { id }
      })
    },
  })

  route(app, {
    method: 'PATCH',
    url: '/api/accounts/:id',
    access: OFFICE,
    summary: '修改账号登记',
    params: Type.Object({ id: Type.Integer() }),
    body: AccountPatch,
    async handler({ params, body }, actor) {
      requireDays(body)
      const { version, ...account } = body
      const at = now()
      await db.transaction().execute(async trx => {
        await updateAccount(trx, params.id, version, account)
        await appendAudit(trx, { ...entry(params.id, actor.id, at), action: 'change', detail: account })
      })
      return {}
    },
  })
}
