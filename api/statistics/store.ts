import { sql } from 'kysely'
import type { Actor } from '../auth.ts'
import type { Db } from '../db/open.ts'
import { type Day, endOfDay, startOfDay } from '../deadline.ts'
import { inScope } from '../slips/list.ts'
import type { SlipFigures } from './rules.ts'

const ANSWERED = ['tracking', 'finished', 'filing', 'archived']

/** Slips that this person may see and that something of falls into the period. */
export async function slipsOfPeriod(
  db: Db,
  actor: Actor,
  period: { from: Day; to: Day },
): Promise<SlipFigures[]> {
  const [from, to] = [startOfDay(period.from), endOfDay(period.to)]
  const rows = await db
    .selectFrom('slip')
    .leftJoin('slip_clock as c', join => join.onRef('c.slip_id', '=', 'slip.id').on('c.round', '=', 1))
    .select(['slip.id', 'slip.unit_id', 'slip.lead_unit_id', 'slip.level', 'slip.status', 'slip.round'])
    .select(['slip.submitted_at', 'slip.result', 'c.found_at', 'c.due_at', 'c.stopped_at'])
    .select(eb => [
      eb
        .selectFrom('slip_post as p')
        .select('p.platform')
        .whereRef('p.slip_id', '=', 'slip.id')
        .orderBy('p.id')
        .limit(1)
        .as('source'),
      eb
        .selectFrom('slip_extension as x')
        .select(sub => sub.fn.countAll<number>().as('n'))
        .whereRef('x.slip_id', '=', 'slip.id')
        .where('x.round', '=', 1)
        .where('x.state', '=', 'granted')
        .as('extensions'),
      eb
        .selectFrom('slip_reply as r')
        .select(sub => sub.fn.min('r.replied_at').as('at'))
        .whereRef('r.slip_id', '=', 'slip.id')
        .where('r.mode', '=', 'private')
        .where('r.kind', '=', 'reply')
        .where('r.replied_at', '>=', from)
        .where('r.replied_at', '<', to)
        .as('private_at'),
    ])
    .where('slip.submitted_at', 'is not', null)
    .where('slip.status', '!=', 'void')
    .where(inScope(actor))
    .where(eb => {
      const within = (column: 'slip.submitted_at' | 'c.due_at' | 'c.stopped_at') =>
        eb.and([eb(column, '>=', from), eb(column, '<=', to)])
      const exists = (table: 'slip_reply' | 'slip_round', column: string) =>
        sql<boolean>`exists (select 1 from ${sql.table(table)} t where t.slip_id = slip.id and t.${sql.ref(column)} >= ${from} and t.${sql.ref(column)} < ${to})`
      return eb.or([
        within('slip.submitted_at'),
        within('c.due_at'),
        within('c.stopped_at'),
        exists('slip_reply', 'replied_at'),
        exists('slip_round', 'opened_at'),
      ])
    })
    .orderBy('slip.id')
    .execute()
  const rounds = await roundsOf(db, from, to)
  return rows.map(row => ({
    slipId: row.id,
    unitId: row.lead_unit_id ?? row.unit_id,
    level: row.level,
    source: row.source ?? '',
    submittedAt: row.submitted_at as number,
    answeredAll: ANSWERED.includes(row.status) || row.round > 1,
    hasResult: row.result !== null && row.result.trim() !== '',
    clock:
      row.found_at === null ? null : { foundAt: row.found_at, dueAt: row.due_at, stoppedAt: row.stopped_at },
    extended: Number(row.extensions) > 0,
    privateAt: row.private_at === null ? null : Number(row.private_at),
    roundsAt: rounds.get(row.id) ?? [],
  }))
}

async function roundsOf(db: Db, from: number, to: number): Promise<Map<number, number[]>> {
  const rows = await db
    .selectFrom('slip_round')
    .select(['slip_id', 'opened_at'])
    .where('opened_at', '>=', from)
    .where('opened_at', '<', to)
    .execute()
  const bySlip = new Map<number, number[]>()
  for (const { slip_id, opened_at } of rows) bySlip.set(slip_id, [...(bySlip.get(slip_id) ?? []), opened_at])
  return bySlip
}
