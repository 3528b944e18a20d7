import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pino } from 'pino'
import { readConfig } from '../../../api/config.ts'
import { openContext } from '../../../api/context.ts'
import { addDemoPeople } from '../../replica/demo-people.ts'
import { at } from './road.ts'

/** Found on Monday; every day after it up to Saturday works or is a plain weekend, so that moments need no calendar. */
const FOUND = at('2019-05-13T09:00:00')
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const START = at('2019-05-13T08:00:00')

export interface ClocksRun {
  /** `slip stage` of what was told twice, of what was never told, of what was told at night without being 重大. */
  doubled: string[]
  lost: string[]
  atNight: string[]
  told: number
  kills: number
  seconds: number
}

/** Each clock's due: Wednesday, Thursday or Friday 24:00; every twentieth is 重大, due at some hour of Wednesday. */
const isMajor = (id: number) => id % 20 === 0
const dueOf = (id: number) =>
  isMajor(id)
    ? at('2019-05-15T00:00:00') + (id % 24) * HOUR_MS
    : at('2019-05-16T00:00:00') + (id % 3) * DAY_MS

/** S-33 by hand: what must have been told once the clock stands at `now`; overdue on Saturday for what was due on Friday. */
function expectedOf(id: number, now: number): string[] {
  const due = dueOf(id)
  const day = due - DAY_MS
  const moments: [string, number][] = isMajor(id)
    ? [
        ['soon', due - 2 * HOUR_MS],
        ['passed', due],
        ['shadowReport', at('2019-05-14T00:00:00')],
        ['shadowResponse', FOUND + 48 * HOUR_MS],
      ]
    : [
        ['before', day - DAY_MS + 9 * HOUR_MS],
        ['morning', day + 9 * HOUR_MS],
        ['afternoon', day + 15 * HOUR_MS],
        ['overdue', due + 9 * HOUR_MS],
      ]
  return moments.filter(([, moment]) => moment <= now).map(([stage]) => `${id} ${stage}`)
}

/**
 * `clocks` open clocks, two workers side by side, the clock through a week by steps of `stepHours` with a leap ahead and
 * a step back, a kill -9 in the middle of the telling at each of `killHours` (hours after Monday 08:00).
 */
export async function clocksRun(
  clocks: number,
  { stepHours, killHours }: { stepHours: number; killHours: number[] },
): Promise<ClocksRun> {
  const startedAt = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'yuqing-clocks-'))
  const workers: ChildProcess[] = []
  try {
    await fill(folder, clocks)
    const times = steps(START, at('2019-05-18T11:00:00'), stepHours * HOUR_MS)
    // On Tuesday noon the machine believes it is Wednesday evening, and is set right again.
    times.splice(Math.ceil(28 / stepHours), 0, at('2019-05-15T20:00:00'), at('2019-05-14T11:00:00'))
    const killAt = killHours.map(hour => START + hour * HOUR_MS)
    let kills = 0
    for (let i = 0; i < 2; i++) workers[i] = await startWorker(folder)
    for (const now of times) {
      const asked = workers.map(worker => ask(worker, now))
      if (killAt.includes(now)) {
        await new Promise(done => setTimeout(done, 5))
        const victim = workers[0] as ChildProcess
        victim.kill('SIGKILL')
        await once(victim, 'exit')
        kills++
        await asked[1]
        workers[0] = await startWorker(folder)
        await ask(workers[0], now)
      } else await Promise.all(asked)
    }
    return {
      ...told(folder, clocks, times.at(-1) as number),
      kills,
      seconds: (performance.now() - startedAt) / 1000,
    }
  } finally {
    for (const worker of workers) worker.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step)

async function startWorker(folder: string): Promise<ChildProcess> {
  const worker = fork(resolve(import.meta.dirname, 'remind-worker.ts'), [folder])
  await once(worker, 'message')
  return worker
}

/** Answers when the worker has told everything of that time, or is gone. */
function ask(worker: ChildProcess, now: number): Promise<void> {
  return new Promise((done, fail) => {
    const finish = () => {
      worker.off('message', onMessage).off('exit', finish)
      done()
    }
    const onMessage = (answer: { error?: string }) => {
      if (answer.error) fail(new Error(answer.error))
      else finish()
    }
    worker.on('message', onMessage).on('exit', finish)
    worker.send(now)
  })
}

async function fill(folder: string, clocks: number): Promise<void> {
  const context = await openContext(readConfig({ DATA_DIR: folder, PORT: '0' }), {
    now: () => START,
    log: pino({ level: 'silent' }),
  })
  await context.db.transaction().execute(trx => addDemoPeople(trx, [], '2019-05-13', START))
  await context.close()
  const raw = new DatabaseSync(join(folder, 'yuqing.sqlite'))
  raw.exec('begin')
  const slip = raw.prepare(
    `insert into slip (id, status, level, title, unit_id, lead_unit_id, co_units, created_by, created_at, submitted_at,
       found_at, found_how, summary, media_level, round, version, judged_at, serious)
     values (?, 'drafting', ?, ?, 2, 2, '[]', 1, ?, ?, ?, 'monitor', '', 'none', 1, 3, ?, 0)`,
  )
  const clock = raw.prepare(
    `insert into slip_clock (slip_id, round, found_at, due_at, days, provisional, steps, calendar_version, fixed, history,
       remind_at, armed) values (?, 1, ?, ?, ?, 0, '[]', 'x', 0, '[]', 0, 0)`,
  )
  for (let id = 1; id <= clocks; id++) {
    const level = isMajor(id) ? 'major' : id % 2 ? 'general' : 'complex'
    slip.run(id, level, `第 ${id} 件`, FOUND, FOUND, FOUND, FOUND)
    clock.run(id, FOUND, dueOf(id), isMajor(id) ? null : 2)
  }
  raw.exec('commit')
  raw.close()
}

/** What the database of `folder` says was told, against what must have been by `now`. */
export function told(folder: string, clocks: number, now: number) {
  const raw = new DatabaseSync(join(folder, 'yuqing.sqlite'))
  const rows = raw
    .prepare(
      `select r.slip_id as id, r.stage, n.created_at as at, m.notices, coalesce(c.people, 0) as people
       from slip_reminder r
         join notice n on n.key = r.key
         join (select slip_id, title, count(*) as notices from notice group by slip_id, title) m
           on m.slip_id = r.slip_id and m.title = n.title
         left join (select notice_id, count(*) as people from notice_recipient group by notice_id) c
           on c.notice_id = n.id`,
    )
    .all() as { id: number; stage: string; at: number; notices: number; people: number }[]
  const notices = (raw.prepare('select count(*) as n from notice').get() as { n: number }).n
  raw.close()
  const seen = new Map<string, number>()
  for (const { id, stage } of rows) seen.set(`${id} ${stage}`, (seen.get(`${id} ${stage}`) ?? 0) + 1)
  const expected = Array.from({ length: clocks }, (_, i) => expectedOf(i + 1, now)).flat()
  const isNight = (ms: number) => {
    const hour = new Date(ms + 8 * HOUR_MS).getUTCHours()
    return hour >= 22 || hour < 7
  }
  return {
    doubled: [
      ...[...seen].filter(([, count]) => count > 1).map(([key]) => key),
      ...rows.filter(row => row.notices !== 1 || row.people === 0).map(({ id, stage }) => `${id} ${stage}`),
      ...(notices === rows.length ? [] : [`${notices} notices for ${rows.length} reminders`]),
    ],
    lost: expected.filter(key => !seen.has(key)),
    atNight: rows
      .filter(({ id, at: when }) => !isMajor(id) && isNight(when))
      .map(({ id, stage }) => `${id} ${stage}`),
    told: rows.length,
  }
}
