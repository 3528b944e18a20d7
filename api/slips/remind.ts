/**
 * Reminders of clocks (S-33): worked out from what is stored, told once by their key, so that a restart, a second worker
 * or a clock that jumps neither loses nor doubles one. Nothing leaves at night but 重大.
 */
import { loadCalendar } from '../calendar/store.ts'
import type { Context } from '../context.ts'
import { type Db, inTurn, type Trx } from '../db/open.ts'
import { type Calendar, shanghaiDay } from '../deadline.ts'
import { recipientRows } from '../notices/proof.ts'
import { NIGHT } from '../notices/rules.ts'
import { notify } from '../notices/store.ts'
import { type Directory, loadDirectory } from '../people/directory.ts'
import { afterQuiet } from '../quiet.ts'
import { type StoredSetting, settingList, settingsOn } from '../settings/store.ts'
import type { Level, SlipState } from '../vocabulary.ts'
import { noteUpkeep } from './chain.ts'
import { SENTIMENT_MATTER } from './relations.ts'
import { CLIMB_MS, type Point, pointsOf, type Reminded, STAGE_WORDS, type Stage } from './reminder-points.ts'
import { waitingFor } from './rules.ts'

export const BATCH = 100

/** What a reminder says of a slip and whom it concerns. */
export interface Target {
  slipId: number
  number: string | null
  title: string
  status: SlipState
  level: Level
  unitId: number
  leadUnitId: number | null
  pendingMajor: boolean
  round: number
  dueAt: number | null
  armed: number
}

interface TargetRow {
  slip_id: number
  number: string | null
  title: string
  status: string
  level: string | null
  unit_id: number
  lead_unit_id: number | null
  pending_judgement: unknown
  round: number
  due_at: number | null
  armed: number | null
}

export const targetOf = (row: TargetRow): Target => ({
  slipId: row.slip_id,
  number: row.number,
  title: row.title,
  status: row.status as SlipState,
  level: row.level as Level,
  unitId: row.unit_id,
  leadUnitId: row.lead_unit_id,
  pendingMajor: row.pending_judgement !== null,
  round: row.round,
  dueAt: row.due_at,
  armed: row.armed ?? 0,
})

interface Due extends Target, Reminded {
  remindAt: number
  armedAt: number
}

export interface Tools {
  calendar: Calendar
  settings: StoredSetting[]
  people: Directory
  now: number
}

/** Nothing but 重大 is told at night. */
export const isNight = (now: number): boolean => afterQuiet(now, NIGHT) !== now

/** Clocks whose next moment has come, oldest first; at night those of 重大 alone. */
async function dueClocks(db: Db, now: number, night: boolean): Promise<Due[]> {
  const rows = await db
    .selectFrom('slip_clock as c')
    .innerJoin('slip as s', 's.id', 'c.slip_id')
    .select([
      'c.slip_id',
      'c.round',
      'c.found_at',
      'c.due_at',
      'c.stopped_at',
      'c.remind_at',
      'c.armed',
      'c.armed_at',
    ])
    .select([
      's.number',
      's.title',
      's.status',
      's.level',
      's.unit_id',
      's.lead_unit_id',
      's.judged_at',
      's.serious',
    ])
    .select(['s.pending_judgement'])
    .select(eb => [
      eb
        .selectFrom('slip_report as r')
        .select(sub => sub.fn.count<number>('r.receiver').distinct().as('n'))
        .whereRef('r.slip_id', '=', 's.id')
        .where('r.kind', '=', 'first')
        .as('reports'),
      eb
        .selectFrom('slip_reply as a')
        .select(sub => sub.fn.countAll<number>().as('n'))
        .whereRef('a.slip_id', '=', 's.id')
        .where('a.kind', '!=', 'initial')
        .as('answers'),
    ])
    .where('c.remind_at', '<=', now)
    .$if(night, query => query.where('s.level', '=', 'major'))
    .orderBy('c.remind_at')
    .orderBy('c.slip_id')
    .limit(BATCH)
    .execute()
  return rows.map(row => ({
    ...targetOf(row),
    foundAt: row.found_at,
    judgedAt: row.judged_at ?? row.found_at,
    stoppedAt: row.stopped_at,
    serious: row.serious === 1,
    reportsOut: Number(row.reports) === 2,
    answered: Number(row.answers) > 0,
    remindAt: row.remind_at as number,
    armedAt: row.armed_at ?? 0,
  }))
}

export const CLOSED: readonly SlipState[] = ['void', 'archived', 'finished', 'filing']

export const keyOf = ({ slipId, round, dueAt, armed }: Target, stage: Stage): string =>
  ['slip', slipId, round, dueAt ?? 0, armed, stage].join(':')

/** Who holds the slip now: the unit's 专员 (its head where there is none), 办公室 or the reviewer by the state. */
export function holdersOf(
  people: Directory,
  it: Pick<Target, 'status' | 'level' | 'unitId' | 'leadUnitId'>,
): number[] {
  const unitId = it.leadUnitId ?? it.unitId
  const officers = people.officers(unitId)
  const unit = officers.length ? officers : people.heads(unitId)
  const office = people.withRole('office')
  if (it.status === 'reviewing')
    return [...unit, ...(it.level === 'general' ? people.leaders(unitId) : people.withRole('chief'))]
  const isOffice =
    it.status === 'judging' ||
    it.status === 'reporting' ||
    it.level === 'major' ||
    (it.level === 'complex' && it.status === 'replying')
  return isOffice ? [...unit, ...office] : unit
}

/** S-33 and §5.3.8: the nearer the end, the higher it is told. */
function recipients(people: Directory, it: Target, stage: Stage): number[] {
  const unitId = it.leadUnitId ?? it.unitId
  const holders = holdersOf(people, it)
  const heads = people.heads(unitId)
  const leaders = people.leaders(unitId)
  const office = [...people.withRole('office'), ...people.withRole('office_head')]
  const chief = it.level === 'general' ? [] : people.withRole('chief')
  const sentiment = people.leadersOf(SENTIMENT_MATTER)
  switch (stage) {
    case 'before':
      return holders
    case 'morning':
      return [...holders, ...heads]
    case 'afternoon':
      return [...holders, ...heads, ...leaders]
    case 'soon':
      return [...holders, ...office]
    case 'overdue':
    case 'passed':
      return [...holders, ...heads, ...leaders, ...office, ...chief]
    // S-23: warning to 办公室 and to the leader of 网络舆情.
    case 'shadowReport':
    case 'shadowResponse':
      return [...office, ...sentiment]
  }
}

async function tell(trx: Trx, it: Due, point: Point, tools: Tools): Promise<void> {
  const { people, now } = tools
  const key = keyOf(it, point.stage)
  const noticeId = await notify(trx, {
    key,
    topic: 'deadline',
    title: `${it.number ?? '处理单'} ${STAGE_WORDS[point.stage]}`,
    body: `「${it.title}」${waitingFor(it)}。`,
    link: `/slips/${it.slipId}`,
    urgent: it.level === 'major',
    personIds: people.withStandIns(recipients(people, it, point.stage)),
    slipId: it.slipId,
    at: now,
  })
  if (noticeId === null) return
  const row = await trx
    .insertInto('slip_reminder')
    .values({
      key,
      slip_id: it.slipId,
      round: it.round,
      stage: point.stage,
      sent_at: now,
      rung: 0,
      climb_at: now + CLIMB_MS,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  const rows = { slip_reminder: { [row.id]: { ...row } }, ...(await recipientRows(trx, noticeId)) }
  await noteUpkeep(trx, it.slipId, { action: 'remind', rows, at: now })
}

/** What has come of one clock is told, and its next moment noted; a clock that was changed meanwhile is looked at again. */
async function remindOne(trx: Trx, it: Due, tools: Tools): Promise<void> {
  const { calendar, settings, now } = tools
  const counting = { calendar, settings: settingsOn(settings, shanghaiDay(it.foundAt)) }
  const points = CLOSED.includes(it.status) ? [] : pointsOf(counting, it).filter(({ at }) => at >= it.armedAt)
  for (const point of points) if (point.at <= now) await tell(trx, it, point, tools)
  await trx
    .updateTable('slip_clock')
    .set({ remind_at: points.find(({ at }) => at > now)?.at ?? null })
    .where('slip_id', '=', it.slipId)
    .where('round', '=', it.round)
    .where('remind_at', '=', it.remindAt)
    .where('armed', '=', it.armed)
    .execute()
}

/** Slips are held in one order everywhere, so that no two workers wait for each other. */
export const inOrder = <T extends Target>(targets: readonly T[]): T[] =>
  targets.toSorted((a, b) => a.slipId - b.slipId)

/** Tells everything that has come; returns how many clocks were looked at. */
export async function remindDue(context: Context, signal?: AbortSignal): Promise<number> {
  const { db } = context
  let seen = 0
  while (!signal?.aborted) {
    const now = context.now()
    const tools = await toolsAt(db, now)
    // Looked up within: another worker that waited for its turn takes the next ones, not these again.
    const count = await inTurn(db, async trx => {
      const due = await dueClocks(trx, now, isNight(now))
      for (const it of inOrder(due)) await remindOne(trx, it, tools)
      return due.length
    })
    seen += count
    if (count < BATCH) break
  }
  return seen
}

export const toolsAt = async (db: Db, now: number): Promise<Tools> => ({
  calendar: await loadCalendar(db),
  settings: await settingList(db),
  people: await loadDirectory(db, shanghaiDay(now)),
  now,
})
