/** Reminders that nobody acknowledges go up (S-33, requirements.md §5.3.8): head, leader in charge, 办公室主任. */
import type { Context } from '../context.ts'
import { type Db, inTurn, type Trx } from '../db/open.ts'
import { recipientRows } from '../notices/proof.ts'
import { acknowledgedBy, notify, openNotice } from '../notices/store.ts'
import type { Directory } from '../people/directory.ts'
import { noteUpkeep } from './chain.ts'
import {
  BATCH,
  CLOSED,
  inOrder,
  isNight,
  keyOf,
  type Target,
  type Tools,
  targetOf,
  toolsAt,
} from './remind.ts'
import { CLIMB_MS, LAST_RUNG, STAGE_WORDS, type Stage } from './reminder-points.ts'
import { waitingFor } from './rules.ts'

interface Climbing extends Target {
  key: string
  rung: number
  stage: Stage
  stoppedAt: number | null
}

/** Whom the next rung tells; 主要领导 only of what is overdue and not 一般性. */
function rungOf(people: Directory, it: Climbing): number[] {
  const unitId = it.leadUnitId ?? it.unitId
  const late = ['overdue', 'passed'].includes(it.stage) && it.level !== 'general'
  const rungs = [
    people.heads(unitId),
    people.leaders(unitId),
    [...people.withRole('office_head'), ...(late ? people.withRole('chief') : [])],
  ]
  return rungs[it.rung] ?? []
}

/** An unacknowledged reminder goes one rung higher; returns how many were looked at. */
export async function climbDue(context: Context, signal?: AbortSignal): Promise<number> {
  const { db } = context
  let seen = 0
  while (!signal?.aborted) {
    const now = context.now()
    const tools = await toolsAt(db, now)
    const count = await inTurn(db, async trx => {
      const rows = await climbing(trx, now)
      for (const it of inOrder(rows)) await climbOne(trx, it, tools)
      return rows.length
    })
    seen += count
    if (count < BATCH) break
  }
  return seen
}

async function climbing(db: Db, now: number): Promise<Climbing[]> {
  const rows = await db
    .selectFrom('slip_reminder as m')
    .innerJoin('slip as s', 's.id', 'm.slip_id')
    .leftJoin('slip_clock as c', join =>
      join.onRef('c.slip_id', '=', 's.id').onRef('c.round', '=', 's.round'),
    )
    .select(['m.key', 'm.rung', 'm.stage', 'm.slip_id', 's.number', 's.title', 's.status', 's.level'])
    .select([
      's.unit_id',
      's.lead_unit_id',
      's.round',
      's.pending_judgement',
      'c.due_at',
      'c.stopped_at',
      'c.armed',
    ])
    .where('m.climb_at', '<=', now)
    .$if(isNight(now), query => query.where('s.level', '=', 'major'))
    .orderBy('m.climb_at')
    .orderBy('m.id')
    .limit(BATCH)
    .execute()
  return rows.map(row => ({
    ...targetOf(row),
    key: row.key,
    rung: row.rung,
    stage: row.stage as Stage,
    stoppedAt: row.stopped_at,
  }))
}

/** The reminder speaks of a clock that has stopped, or was counted or armed anew: nothing is left to answer for. */
const isOver = (it: Climbing): boolean =>
  CLOSED.includes(it.status) ||
  (it.stage !== 'shadowResponse' && it.stoppedAt !== null) ||
  keyOf(it, it.stage) !== it.key

/** Every notice of a reminder: of itself, and of each rung that it climbed. */
const noticesOf = (key: string, rung: number): string[] => [
  key,
  ...Array.from({ length: rung }, (_, at) => `${key}:climb${at + 1}`),
]

/** Who acknowledged the reminder, on whichever rung he heard of it. */
async function acknowledgements(
  db: Db,
  key: string,
  rung: number,
): Promise<{ personId: number; at: number }[]> {
  const found: { personId: number; at: number }[] = []
  for (const each of noticesOf(key, rung)) found.push(...(await acknowledgedBy(db, each)))
  return found
}

async function climbOne(trx: Trx, it: Climbing, { people, now }: Tools): Promise<void> {
  const acknowledged = await acknowledgements(trx, it.key, it.rung)
  const ends = acknowledged.length > 0 || isOver(it) || it.rung >= LAST_RUNG
  const change = {
    climb_at: ends || it.rung + 1 >= LAST_RUNG ? null : now + CLIMB_MS,
    rung: it.rung + (ends ? 0 : 1),
  }
  const taken = await trx
    .updateTable('slip_reminder')
    .set(change)
    .where('key', '=', it.key)
    .where('rung', '=', it.rung)
    .where('climb_at', 'is not', null)
    .returning('id')
    .executeTakeFirst()
  if (!taken) return
  const told = ends ? null : await tellRung(trx, it, people, now)
  const rows = {
    slip_reminder: { [taken.id]: change },
    ...(told === null ? {} : await recipientRows(trx, told)),
  }
  await noteUpkeep(trx, it.slipId, { action: 'climb', rows, at: now })
}

const tellRung = (trx: Trx, it: Climbing, people: Directory, now: number): Promise<number | null> =>
  notify(trx, {
    key: `${it.key}:climb${it.rung + 1}`,
    topic: 'deadline',
    title: `${it.number ?? '处理单'} ${STAGE_WORDS[it.stage]}，提醒无人确认`,
    body: `「${it.title}」${waitingFor(it)}。`,
    link: `/slips/${it.slipId}`,
    urgent: it.level === 'major',
    personIds: people.withStandIns(rungOf(people, it)),
    slipId: it.slipId,
    at: now,
  })

export interface ReminderView {
  stage: Stage
  label: string
  sentAt: number
  /** 1 head, 2 leader in charge, 3 办公室主任. */
  rung: number
  acknowledged: { personId: number; at: number }[]
  noticeId: number | null
}

/** The reminders of a slip, who acknowledged each, and whether that person is asked to. */
export async function remindersOf(db: Db, slipId: number, personId: number): Promise<ReminderView[]> {
  const rows = await db
    .selectFrom('slip_reminder')
    .selectAll()
    .where('slip_id', '=', slipId)
    .orderBy('id')
    .execute()
  const views: ReminderView[] = []
  for (const row of rows) {
    const acknowledged = await acknowledgements(db, row.key, row.rung)
    const stage = row.stage as Stage
    const noticeId = await openNotice(db, noticesOf(row.key, row.rung), personId)
    const { sent_at: sentAt, rung } = row
    views.push({ stage, label: STAGE_WORDS[stage], sentAt, rung, acknowledged, noticeId })
  }
  return views
}
