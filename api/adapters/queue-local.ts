import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import type { JobPayload, Queue } from '../ports.ts'

const ATTEMPTS = 5

export interface LocalQueueOptions {
  now: () => number
  log: Logger
  pollMs?: number
  /** A worker that died holds its job no longer than this. */
  leaseMs?: number
  /** First wait after a failure; doubled each time. */
  backOffMs?: number
}

interface Taken {
  id: number
  payload: JobPayload
  attempts: number
}

/** The embedded queue: a table in the same database; a hint lost loses nothing (design §3). */
export function localQueue(db: Db, options: LocalQueueOptions): Queue {
  const { now, log, pollMs = 250, leaseMs = 60_000, backOffMs = 1_000 } = options
  const stop = new AbortController()
  const loops: Promise<void>[] = []

  async function take(name: string): Promise<Taken | null> {
    return db.transaction().execute(async trx => {
      const at = now()
      const due = await trx
        .selectFrom('job')
        .select(['id', 'payload', 'attempts', 'state', 'error'])
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
      // It was under way each time its worker died: it would take the next one with it.
      if (due.state === 'running' && due.attempts >= ATTEMPTS) {
        const error = due.error ?? '执行它的进程多次中断'
        const ended = { state: 'failed', lease_until: null, error } as const
        await trx.updateTable('job').set(ended).where('id', '=', due.id).execute()
        return null
      }
      // Two workers on PostgreSQL may see the same row: only one of them changes it from what it saw.
      const mine = await trx
        .updateTable('job')
        .set({ state: 'running', lease_until: at + leaseMs, attempts: due.attempts + 1 })
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
    await db.transaction().execute(async trx => {
      const row = await trx.selectFrom('job').select('key').where('id', '=', job.id).executeTakeFirstOrThrow()
      const next = ended || row.key === null ? null : await waitingWith(trx, name, row.key)
      // The same was asked for again meanwhile: that one will do.
      if (next !== null) return trx.deleteFrom('job').where('id', '=', job.id).execute()
      return trx
        .updateTable('job')
        .set({
          state: ended ? 'failed' : 'waiting',
          run_at: now() + backOffMs * 2 ** job.attempts,
          lease_until: null,
          error: message.slice(0, 1000),
        })
        .where('id', '=', job.id)
        .execute()
    })
  }

  async function waitingWith(trx: Db, name: string, key: string): Promise<number | null> {
    const row = await trx
      .selectFrom('job')
      .select('id')
      .where('name', '=', name)
      .where('key', '=', key)
      .where('state', '=', 'waiting')
      .executeTakeFirst()
    return row?.id ?? null
  }

  async function runOne(
    job: Taken,
    name: string,
    handler: (payload: JobPayload) => Promise<void>,
  ): Promise<void> {
    const renew = setInterval(() => {
      db.updateTable('job')
        .set({ lease_until: now() + leaseMs })
        .where('id', '=', job.id)
        .execute()
        .catch(error => log.warn({ err: error }, 'lease not renewed'))
    }, leaseMs / 3)
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
        else await wait(pollMs, undefined, { signal: stop.signal })
      } catch (error) {
        if (stop.signal.aborted) return
        log.error({ err: error, job: name }, 'queue loop')
        await wait(backOffMs, undefined, { signal: stop.signal }).catch(() => {})
      }
    }
  }

  return {
    async add(name, payload, { key, delayMs = 0 } = {}) {
      await db
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
        .onConflict(conflict =>
          conflict.columns(['name', 'key']).where('state', '=', sql.lit('waiting')).doNothing(),
        )
        .execute()
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
