import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { appendAudit } from '../audit.ts'
import type { Context } from '../context.ts'
import { isDay, shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { route } from '../http.ts'
import { SETTINGS, type SettingKey, settingProblem } from './rules.ts'
import { type StoredSetting, saveSetting, settingList, settingsOn } from './store.ts'

/**
 * GET /api/settings -> SettingView[] (everyone signed in)
 * PUT /api/settings/:key { validFrom, value } -> SettingView[] (办公室主任; from today on, never backwards)
 */
export interface SettingView {
  key: SettingKey
  label: string
  rows: string
  /** In force today. */
  value: unknown
  standard: unknown
  /** Every value set, the coming ones too. */
  history: Pick<StoredSetting, 'validFrom' | 'value' | 'setBy' | 'setAt'>[]
}

export function settingRoutes(app: FastifyInstance, { db, now }: Context): void {
  async function view(): Promise<SettingView[]> {
    const list = await settingList(db)
    const today = settingsOn(list, shanghaiDay(now()))
    return (Object.keys(SETTINGS) as SettingKey[]).map(key => ({
      key,
      label: SETTINGS[key].label,
      rows: SETTINGS[key].rows,
      value: today[key],
      standard: SETTINGS[key].value,
      history: list.filter(each => each.key === key).map(({ key: _, ...each }) => each),
    }))
  }

  route(app, {
    method: 'GET',
    url: '/api/settings',
    access: 'signedIn',
    summary: '办理规则开关',
    handler: () => view(),
  })

  route(app, {
    method: 'PUT',
    url: '/api/settings/:key',
    access: ['office_head'],
    summary: '设定办理规则开关',
    params: Type.Object({ key: Type.String({ maxLength: 60 }) }),
    body: Type.Object({ validFrom: Type.String({ maxLength: 10 }), value: Type.Unknown() }),
    async handler({ params, body }, actor) {
      if (!(params.key in SETTINGS)) throw new AppError('notFound')
      const key = params.key as SettingKey
      const at = now()
      if (!isDay(body.validFrom) || body.validFrom < shanghaiDay(at))
        throw new AppError('request.invalid', {
          message: '生效日期须为今天或以后，已经发生的按当时的规则计算。',
        })
      if (!Value.Check(SETTINGS[key].schema, body.value))
        throw new AppError('request.invalid', { message: `「${SETTINGS[key].label}」的值不对，请检查。` })
      const problem = settingProblem(key, body.value)
      if (problem) throw new AppError('request.invalid', { message: problem })
      const input = { key, validFrom: body.validFrom, value: body.value }
      await db.transaction().execute(async trx => {
        await saveSetting(trx, input, actor.id, at)
        const entry = { caseKind: 'system', caseId: 'settings', at, actorId: actor.id, forId: null } as const
        await appendAudit(trx, { ...entry, action: 'setting', detail: input })
      })
      return view()
    },
  })
}
