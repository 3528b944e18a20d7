/** 待我办理: what each person is asked for now, by the same rules that decide who may act. */
import type { FastifyInstance } from 'fastify'
import { type Actor, principals } from './auth.ts'
import type { Context } from './context.ts'
import { route } from './http.ts'
import { maskPersonal } from './mask.ts'
import { unitNames } from './people/unit-store.ts'
import { slipIds } from './slips/list.ts'
import { RELATIONS } from './slips/relations.ts'
import type { TaskView } from './slips/routes.ts'
import { allowedActions, standingOf } from './slips/rules.ts'
import { clockOf, factsOf, loadSlips, type WholeSlip } from './slips/store.ts'
import { CASE_ROLES, type Level, type SlipAction, type SlipState } from './vocabulary.ts'

/** The act that a state waits for, first that this person may do; the words are what is asked of him. */
const ASKED: [SlipState, SlipAction, string][] = [
  ['draft', 'submit', '待提交'],
  ['judging', 'confirmJudgement', '待确认重大'],
  ['judging', 'judge', '待研判'],
  ['drafting', 'sendForReview', '待拟稿'],
  ['reviewing', 'approve', '待审核'],
  ['replying', 'recordReply', '待回复'],
  ['replying', 'recordNoReply', '待登记不回复'],
  ['reporting', 'recordReport', '待上报'],
  ['tracking', 'finish', '待跟踪办结'],
  ['finished', 'handOver', '待移交'],
  ['filing', 'archive', '待存档'],
]

/** 办公室 may edit what a unit drafts, but drafting it is the unit's task. */
function isAskedOf(whole: WholeSlip, action: SlipAction, actor: Actor): boolean {
  const facts = factsOf(whole)
  if (!standingOf(facts, action, actor)) return false
  if (action === 'submit') return whole.slip.created_by === actor.id
  if (action === 'sendForReview' && facts.level !== 'major')
    return principals(actor).some(([who]) => RELATIONS.leadUnit(who, facts, actor))
  if (action === 'judge') return !facts.pendingMajor
  return true
}

export function taskOf(whole: WholeSlip, actor: Actor, units: Map<number, string>): TaskView | null {
  const { slip } = whole
  const extension = allowedActions(factsOf(whole), actor).includes('grantExtension')
  const asked = extension
    ? (['', 'grantExtension', '待审批延期'] as const)
    : ASKED.find(([state, action]) => state === slip.status && isAskedOf(whole, action, actor))
  if (!asked) return null
  const clock = clockOf(whole)
  return {
    slipId: slip.id,
    number: slip.number,
    title: maskPersonal(slip.title),
    level: slip.level as Level | null,
    status: slip.status as SlipState,
    what: asked[2],
    action: asked[1],
    dueAt: clock?.stopped_at === null ? clock.due_at : null,
    provisional: clock?.provisional === 1,
    since: whole.texts.at(-1)?.saved_at ?? slip.judged_at ?? slip.submitted_at ?? slip.created_at,
    unit: units.get(slip.lead_unit_id ?? slip.unit_id) ?? null,
  }
}

export function taskRoutes(app: FastifyInstance, { db }: Context): void {
  route(app, {
    method: 'GET',
    url: '/api/tasks',
    access: CASE_ROLES,
    summary: '待我办理',
    async handler(_input, actor): Promise<TaskView[]> {
      const units = await unitNames(db)
      const open = await loadSlips(db, await slipIds(db, actor, { open: true, limit: 1000 }))
      const tasks = open.flatMap(whole => taskOf(whole, actor, units) ?? [])
      return tasks.sort((a, b) => (a.dueAt ?? Number.MAX_VALUE) - (b.dueAt ?? Number.MAX_VALUE))
    },
  })
}
