import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { addDays, endOfDay, isDay, startOfDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { MEDIA, route, sendFile } from '../http.ts'
import { slipIds } from '../slips/list.ts'
import { listItem, slipNames } from '../slips/list-item.ts'
import { loadSlips } from '../slips/store.ts'
import { CASE_ROLES, LEVELS, type Level } from '../vocabulary.ts'
import { makeRegister, type RegisterRow } from './register.ts'

const MOST = 20_000

/** GET /api/register.xlsx?month=2019-05&unit&level: slips found in that month (S-37). */
export function registerRoutes(app: FastifyInstance, context: Context): void {
  const { db, now } = context
  route(app, {
    method: 'GET',
    url: '/api/register.xlsx',
    access: CASE_ROLES,
    summary: '台账（Excel）',
    query: Type.Object({
      month: Type.String({ pattern: '^\\d{4}-\\d{2}$' }),
      unit: Type.Optional(Type.Integer()),
      level: Type.Optional(Type.Enum(Object.keys(LEVELS) as Level[])),
    }),
    async handler({ query, reply }, actor) {
      const first = `${query.month}-01`
      if (!isDay(first)) throw new AppError('request.invalid', { message: '月份应写成 2019-05 这样。' })
      const last = addDays(`${addDays(first, 31).slice(0, 7)}-01`, -1)
      const ids = await slipIds(db, actor, {
        foundFrom: startOfDay(first),
        foundBefore: endOfDay(last),
        ...(query.unit !== undefined && { unit: query.unit }),
        ...(query.level !== undefined && { level: query.level as string }),
        limit: MOST,
      })
      const names = await slipNames(db, [])
      const rows: RegisterRow[] = []
      for (const whole of await loadSlips(db, ids)) {
        const { slip, clocks } = whole
        if (slip.number === null) continue
        const clock = clocks.find(({ round }) => round === 1)
        rows.push({
          ...listItem(whole, names, now()),
          firstDueAt: clock?.due_at ?? null,
          answeredAt: clock?.stopped_at ?? null,
          result: slip.result,
        })
      }
      const [year, month] = query.month.split('-')
      const title = `应急管理舆情台账（${year}年${Number(month)}月）`
      rows.sort((a, b) => a.foundAt - b.foundAt)
      return sendFile(reply, await makeRegister(title, rows), MEDIA.xlsx, `${title}.xlsx`)
    },
  })
}
