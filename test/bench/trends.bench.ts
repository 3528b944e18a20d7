/**
 * The trends page of a year by day, of a store that has counted POSTS (default 10,000,000) flagged posts in three years:
 * 50 sources, 40 topics, 3 moods, 8 districts. The chart with its sums, as the page asks for it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pino } from 'pino'
import { buildApp } from '../../api/app.ts'
import { readConfig } from '../../api/config.ts'
import { openContext } from '../../api/context.ts'
import { addDays, shanghaiDay } from '../../api/deadline.ts'
import { SESSION_COOKIE } from '../../api/people/session-routes.ts'
import { openSession } from '../../api/people/sessions.ts'
import type { TrendAnswer } from '../../api/trends/routes.ts'
import { DIMENSIONS } from '../../api/trends/rules.ts'
import { addDemoPeople } from '../replica/demo-people.ts'
import { printRows } from './row.ts'
import { percentile, round, timed } from './times.ts'

const POSTS = Number(process.env.POSTS ?? 10_000_000)
const ROUNDS = 30
const GOAL_MS = 50
const DAYS = 3 * 365
const NOW = Date.UTC(2026, 10, 20, 2)
const VALUES = { source: 50, topic: 40, mood: 3, district: 8 }

const folder = mkdtempSync(join(tmpdir(), 'yuqing-trends-'))
const log = pino({ level: 'silent' })
const context = await openContext(readConfig({ DATA_DIR: folder }), { now: () => NOW, log })
const today = shanghaiDay(NOW)
await context.db.transaction().execute(trx => addDemoPeople(trx, [], today, NOW))

const raw = new DatabaseSync(context.config.databaseUrl)
const insert = raw.prepare('insert into daily (dimension, value, day, concern, posts) values (?, ?, ?, ?, ?)')
raw.exec('begin')
for (const dimension of DIMENSIONS) {
  const each = POSTS / (DAYS * VALUES[dimension] * 2)
  for (let back = 0; back < DAYS; back++)
    for (let value = 0; value < VALUES[dimension]; value++)
      for (const concern of ['own', 'watch'])
        insert.run(dimension, `值${value}`, addDays(today, -back), concern, BigInt(Math.ceil(each)))
}
raw.exec('commit')
raw.close()

const app = await buildApp(context)
const { id } = await context.db
  .selectFrom('person')
  .select('id')
  .where('login', '=', 'chief')
  .executeTakeFirstOrThrow()
const token = await context.db.transaction().execute(trx => openSession(trx, id, null, NOW))
const ask = (dimension: string, measure: string) =>
  app.inject({
    method: 'GET',
    url: `/api/trends?dimension=${dimension}&measure=${measure}&from=${addDays(today, -364)}&to=${today}`,
    headers: { cookie: `${SESSION_COOKIE}=${token}` },
  })
const { all, days } = (await ask('source', 'flagged')).json<TrendAnswer>()
if (days.length !== 365 || all.total < POSTS / 3) throw new Error(`${all.total} posts in ${days.length} days`)
const times: number[] = []
const bySource: number[] = []
const before = process.cpuUsage()
for (let i = 0; i < ROUNDS; i++)
  for (const dimension of DIMENSIONS) {
    const ms = await timed(() => ask(dimension, i % 3 ? 'flagged' : 'own'))
    times.push(ms)
    if (dimension === 'source') bySource.push(ms)
  }
const used = process.cpuUsage(before)
await app.close()
await context.close()
rmSync(folder, { recursive: true })
const p95 = percentile(bySource, 0.95)
printRows([
  {
    what: 'processor time of one answer',
    value: round((used.user + used.system) / 1000 / times.length),
    unit: 'ms',
    goal: 'told',
    met: true,
  },
  {
    what: 'year by day, every dimension, p50',
    value: round(percentile(times, 0.5)),
    unit: 'ms',
    goal: 'told',
    met: true,
  },
  {
    what: `year by day by source, ${POSTS} posts, p95`,
    value: round(p95),
    unit: 'ms',
    goal: `p95 < ${GOAL_MS} ms`,
    met: p95 < GOAL_MS,
  },
])
