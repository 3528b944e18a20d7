import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { route } from '../http.ts'
import { ROLES, type Role } from '../vocabulary.ts'
import { personEntry } from './audit-entry.ts'
import { createPerson, personList, updatePerson } from './store.ts'
import { unitList, unitNames } from './unit-store.ts'

export type { ChargeView, DeputyView } from './authority-routes.ts'
export type { UnitOfficers } from './officer-routes.ts'

/** GET /api/session -> SessionAnswer; POST /api/session {login, password} -> SessionView; DELETE /api/session */
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
/** Nobody signed in is an answer, not an error: a page asks before it knows. */
export interface SessionAnswer {
  session: SessionView | null
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

const Id = Type.Object({ id: Type.Integer() })
const RoleName = Type.Union(Object.keys(ROLES).map(role => Type.Literal(role as Role)))
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const UnitId = Type.Union([Type.Integer(), Type.Null()])

export function peopleRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context
  async function people(): Promise<PersonView[]> {
    const units = await unitNames(db)
    return (await personList(db)).map(({ unitId, mustChangePassword: _, ...person }) => ({
      ...person,
      unit: unitId === null ? null : { id: unitId, name: units.get(unitId) ?? '' },
    }))
  }
  route(app, {
    method: 'GET',
    url: '/api/units',
    access: 'signedIn',
    summary: '单位',
    handler: (): Promise<UnitView[]> => unitList(db),
  })

  route(app, {
    method: 'GET',
    url: '/api/people',
    access: ['admin', 'office', 'office_head'],
    summary: '人员',
    handler: () => people(),
  })

  route(app, {
    method: 'POST',
    url: '/api/people',
    access: ['admin'],
    summary: '新增人员',
    body: Type.Object({
      login: Text(40),
      name: Text(40),
      unitId: UnitId,
      roles: Type.Array(RoleName, { maxItems: 11 }),
      password: Text(200),
      phone: Type.Optional(Type.String({ maxLength: 40 })),
    }),
    async handler({ body }, actor) {
      const at = now()
      return db.transaction().execute(async trx => {
        const id = await createPerson(trx, { ...body, mustChangePassword: true }, at)
        const { password: _, ...detail } = body
        await appendAudit(trx, personEntry(id, actor.id, at, 'create', detail))
        return { id }
      })
    },
  })

  route(app, {
    method: 'PATCH',
    url: '/api/people/:id',
    access: ['admin'],
    summary: '修改人员',
    params: Id,
    body: Type.Object({
      version: Type.Integer(),
      name: Type.Optional(Text(40)),
      unitId: Type.Optional(UnitId),
      roles: Type.Optional(Type.Array(RoleName, { maxItems: 11 })),
      phone: Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Null()])),
      active: Type.Optional(Type.Boolean()),
      password: Type.Optional(Text(200)),
    }),
    async handler({ params, body }, actor) {
      const { version, ...change } = body
      const at = now()
      await db.transaction().execute(async trx => {
        await updatePerson(trx, params.id, version, change)
        const { password, ...detail } = change
        const shown = { ...detail, ...(password !== undefined && { passwordReset: true }) }
        await appendAudit(trx, personEntry(params.id, actor.id, at, 'change', shown))
      })
      return (await people()).find(({ id }) => id === params.id)
    },
  })
}
