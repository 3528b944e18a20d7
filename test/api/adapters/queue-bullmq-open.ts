import { pino } from 'pino'
import { bullmqQueue } from '../../../api/adapters/queue-bullmq.ts'
import type { Queue } from '../../../api/ports.ts'

/** The cluster's queue in a hurry, as the contract suite wants it. */
export const hurriedBullmq = (url: string): Queue =>
  bullmqQueue(url, { log: pino({ level: 'silent' }), leaseMs: 1_000, backOffMs: 5 })
