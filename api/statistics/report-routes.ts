import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Actor } from '../auth.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Context } from '../context.ts'
import { addDays, isDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { MEDIA, route, sendFile } from '../http.ts'
import { unitNames } from '../people/unit-store.ts'
import { makePaper } from '../print/paper.ts'
import { loadSlips } from '../slips/store.ts'
import { labeller } from './labels.ts'
import { monthReport, type ReportInput, type ReportSlip } from './report.ts'
import { eventsIn, figuresOf, type GroupedEvent, type Measure } from './rules.ts'
import { slipsOfPeriod } from './store.ts'

/** GET /api/statistics/report.docx?month=2019-05: 月报 over all slips, so for those who see all. */
export function reportRoutes(app: FastifyInstance, context: Context): void {
  route(app, {
    method: 'GET',
    url: '/api/statistics/report.docx',
    access: ['chief', 'discipline', 'office', 'office_head'],
    summary: '舆情办理月报（Word）',
    query: Type.Object({ month: Type.String({ maxLength: 7 }) }),
    async handler({ query: { month }, reply }, actor) {
      const paper = monthReport(await reportInput(context, actor, month))
      return sendFile(reply, await makePaper(paper), MEDIA.docx, `网络舆情办理情况月报（${month}）.docx`)
    },
  })
}

async function reportInput({ db, now, config }: Context, actor: Actor, month: string): Promise<ReportInput> {
  const from = `${month}-01`
  if (!isDay(from)) throw new AppError('request.invalid', { message: '月份应写成 2019-05 这样。' })
  const period = { from, to: addDays(`${addDays(from, 31).slice(0, 7)}-01`, -1) }
  const slips = await slipsOfPeriod(db, actor, period)
  const calendar = await loadCalendar(db)
  const at = now()
  const grouped = async (group: 'unit' | 'level' | 'source') => {
    const labelOf = await labeller(db, group)
    const rows = Map.groupBy(eventsIn(calendar, slips, period, group, at), ({ key }) => key)
    return [...rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, events]) => ({ label: labelOf(key), ...figuresOf(events) }))
  }
  const events = eventsIn(calendar, slips, period, 'unit', at)
  const idsOf = (measure: Measure) =>
    new Set(events.filter(event => event.measure === measure).map(({ slipId }) => slipId))
  const withResult = idsOf('result')
  return {
    month,
    madeAt: at,
    total: figuresOf(events),
    groups: { unit: await grouped('unit'), level: await grouped('level'), source: await grouped('source') },
    late: await reportSlips(db, [...idsOf('late')]),
    withoutResult: await reportSlips(
      db,
      [...idsOf('received')].filter(id => !withResult.has(id)),
    ),
    publicUrl: config.publicUrl,
  }
}

async function reportSlips(db: Context['db'], ids: readonly GroupedEvent['slipId'][]): Promise<ReportSlip[]> {
  const units = await unitNames(db)
  return (await loadSlips(db, ids)).map(({ slip, clocks }) => {
    const clock = clocks.find(({ round }) => round === 1)
    return {
      id: slip.id,
      number: slip.number ?? '',
      title: slip.title,
      unit: units.get(slip.lead_unit_id ?? slip.unit_id) ?? '',
      dueAt: clock?.due_at ?? null,
      stoppedAt: clock?.stopped_at ?? null,
    }
  })
}
