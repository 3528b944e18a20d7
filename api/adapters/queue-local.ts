import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import type { JobPayload, Queue } from '../ports.ts'

const POLL_MS = 250
/** A worker that died holds its job no longer than this. */
const LEASE_MS = 60_000
const ATTEMPTS = 5
const BACK_OFF_MS = 1_000

interface Taken {
  id: number
  payload: JobPayload
  attempts: number
}

/** The embedded queue: a table in the same database; a hint lost loses nothing (design §3). */
export function localQueue(db: Db, options: { now: () => number; log: Logger; pollMs?: number }): Queue {
  const { now, log } = options
  const stop = new AbortController()
  const loops: Promise<void>[] = []

  async function take(name: string): Promise<Taken | null> {
    return db.transaction().execute(async trx => {
      const at = now()
      const due = await trx
        .selectFrom('job')
        .select(['id', 'payload', 'attempts'])
        .where('name', '=', name)
        .where(eb =>
          eb.or([
            eb.and([eb('state', '=', 'waiting'), eb('run_at', '<=', at)]),
            eb.and([eb('state', '=', 'running'), eb('lease_until', '<', at)]),
          ]),
        )
        .orderBy('run_at')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()
      if (!due) return null
      // Two workers on PostgreSQL may see the same row: only one of them changes it from what it saw.
      const mine = await trx
        .updateTable('job')
        .set({ state: 'running', lease_until: at + LEASE_MS, attempts: due.attempts + 1 })
        .where('id', '=', due.id)
        .where('attempts', '=', due.attempts)
        .returning('id')
        .execute()
      if (!mine.length) return null
      return { id: due.id, payload: JSON.parse(due.payload) as JobPayload, attempts: due.attempts + 1 }
    })
  }

  async function fail(job: Taken, name: string, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error)
    log.warn({ err: error, job: name, attempt: job.attempts }, 'job failed')
    const ended = job.attempts >= ATTEMPTS
    await db
      .updateTable('job')
      .set({
        state: ended ? 'failed' : 'waiting',
        run_at: now() + BACK_OFF_MS * 2 ** job.attempts,
        lease_until: null,
        error: message.slice(0, 1000),
      })
      .where('id', '=', job.id)
      .execute()
  }

  async function runOne(
    job: Taken,
    name: string,
    handler: (payload: JobPayload) => Promise<void>,
  ): Promise<void> {
    const renew = setInterval(() => {
      db.updateTable('job')
        .set({ lease_until: now() + LEASE_MS })
        .where('id', '=', job.id)
        .execute()
        .catch(error => log.warn({ err: error }, 'lease not renewed'))
    }, LEASE_MS / 3)
    try {
      await handler(job.payload)
      await db.deleteFrom('job').where('id', '=', job.id).execute()
    } catch (error) {
      await fail(job, name, error)
    } finally {
      clearInterval(renew)
    }
  }

  async function loop(name: string, handler: (payload: JobPayload) => Promise<void>): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        const job = await take(name)
        if (job) await runOne(job, name, handler)
        else await wait(options.pollMs ?? POLL_MS, undefined, { signal: stop.signal })
      } catch (error) {
        if (stop.signal.aborted) return
        log.error({ err: error, job: name }, 'queue loop')
        await wait(BACK_OFF_MS, undefined, { signal: stop.signal }).catch(() => {})
      }
    }
  }

  return {
    async add(name, payload, { key, delayMs = 0 } = {}) {
      await db.transaction().execute(async trx => {
        if (key !== undefined) {
          const waiting = await trx
            .selectFrom('job')
            .select('id')
            .where('name', '=', name)
            .where('key', '=', key)
            .where('state', '=', 'waiting')
            .executeTakeFirst()
          if (waiting) return
        }
        await trx
          .insertInto('job')
          .values({
            name,
            key: key ?? null,
            payload: JSON.stringify(payload),
            state: 'waiting',
            run_at: now() + delayMs,
            lease_until: null,
            attempts: 0,
            error: null,
          })
          .execute()
      })
    },
    work(name, concurrency, handler) {
      for (let i = 0; i < concurrency; i++) loops.push(loop(name, handler))
    },
    async counts() {
      const rows = await db
        .selectFrom('job')
        .select(['name', 'state'])
        .select(eb => eb.fn.countAll<number>().as('n'))
        .groupBy(['name', 'state'])
        .orderBy('name')
        .execute()
      const names = [...new Set(rows.map(({ name }) => name))]
      const of = (name: string, state: string) =>
        Number(rows.find(row => row.name === name && row.state === state)?.n ?? 0)
      return names.map(name => ({
        name,
        waiting: of(name, 'waiting'),
        running: of(name, 'running'),
        failed: of(name, 'failed'),
      }))
    },
    async close() {
      stop.abort()
      await Promise.all(loops)
    },
  }
}
