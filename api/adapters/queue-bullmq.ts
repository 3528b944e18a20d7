import { Queue as BullQueue, type ConnectionOptions, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { JobPayload, Queue } from '../ports.ts'

const ATTEMPTS = 5
/** Kept for the operator's page, the latest of each name. */
const FAILED_KEPT = 1_000

export interface BullmqQueueOptions {
  log: Logger
  /** First part of every key in Redis: several systems may share one. */
  prefix?: string
  /** A worker that died holds its job no longer than about twice this. */
  leaseMs?: number
  /** First wait after a failure; doubled each time. */
  backOffMs?: number
}

/**
 * The cluster's queue: BullMQ on Redis, a BullMQ queue per job name (design §6). A job is only a hint (design §3): where
 * Redis is away, adding one is logged and the job runs on its own rhythm.
 */
export function bullmqQueue(url: string, options: BullmqQueueOptions): Queue {
  const { log, prefix = 'yuqing', leaseMs = 60_000, backOffMs = 1_000 } = options
  const connect = (maxRetriesPerRequest: number | null): Redis =>
    new Redis(url, { maxRetriesPerRequest }).on('error', error => log.error({ err: error }, 'redis'))
  // Who adds must not wait for a Redis that is away; who works waits for as long as it takes.
  const producer = connect(1)
  let consumer: Redis | undefined
  const queues = new Map<string, BullQueue>()
  const workers: Worker[] = []
  const namesKey = `${prefix}:names`
  const common = (redis: Redis) => ({ connection: redis as ConnectionOptions, prefix })

  function queueOf(name: string): BullQueue {
    const known = queues.get(name)
    if (known) return known
    const queue = new BullQueue(name, {
      ...common(producer),
      defaultJobOptions: {
        attempts: ATTEMPTS,
        backoff: { type: 'exponential', delay: backOffMs * 2 },
        removeOnComplete: true,
        removeOnFail: { count: FAILED_KEPT },
      },
    })
    queue.on('error', error => log.error({ err: error, job: name }, 'queue'))
    queues.set(name, queue)
    return queue
  }

  return {
    async add(name, payload, { key, delayMs = 0 } = {}) {
      try {
        await producer.sadd(namesKey, name)
        const once = key === undefined ? {} : { deduplication: { id: key } }
        await queueOf(name).add(name, payload, { delay: delayMs, ...once })
      } catch (error) {
        log.error({ err: error, job: name }, 'hint not added')
      }
    },
    work(name, concurrency, handler) {
      consumer ??= connect(null)
      const worker = new Worker<JobPayload>(
        name,
        async job => {
          // What is asked for from here on may not be seen by this run: it needs another.
          if (job.deduplicationId !== undefined) await job.removeDeduplicationKey()
          await handler(job.data)
        },
        {
          ...common(consumer),
          concurrency,
          lockDuration: leaseMs,
          stalledInterval: leaseMs,
          // It was under way each time its worker died: it would take the next one with it.
          maxStalledCount: ATTEMPTS,
        },
      )
      worker.on('error', error => log.error({ err: error, job: name }, 'queue'))
      worker.on('failed', (job, error) =>
        log.warn({ err: error, job: name, attempt: job?.attemptsMade }, 'job failed'),
      )
      workers.push(worker)
    },
    async counts() {
      const names = (await producer.smembers(namesKey)).sort()
      const rows = await Promise.all(
        names.map(async name => {
          const { waiting, delayed, prioritized, active, failed } = await queueOf(name).getJobCounts()
          return {
            name,
            waiting: (waiting ?? 0) + (delayed ?? 0) + (prioritized ?? 0),
            running: active ?? 0,
            failed: failed ?? 0,
          }
        }),
      )
      return rows.filter(({ waiting, running, failed }) => waiting + running + failed > 0)
    },
    async close() {
      await Promise.all(workers.map(worker => worker.close()))
      await Promise.all([...queues.values()].map(queue => queue.close()))
      producer.disconnect()
      consumer?.disconnect()
    },
  }
}
