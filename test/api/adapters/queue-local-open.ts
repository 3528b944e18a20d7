import { pino } from 'pino'
import { localQueue } from '../../../api/adapters/queue-local.ts'
import type { Database } from '../../../api/db/open.ts'
import type { Queue } from '../../../api/ports.ts'

/** The embedded queue in a hurry, as the contract suite wants it. */
export const hurriedQueue = ({ db }: Database): Queue =>
  localQueue(db, {
    now: Date.now,
    log: pino({ level: 'silent' }),
    pollMs: 10,
    leaseMs: 1_000,
    backOffMs: 5,
  })
