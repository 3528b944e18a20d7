import type { Generated } from 'kysely'

/** The embedded queue. A running job whose lease ran out waits again. */
export interface JobTable {
  id: Generated<number>
  name: string
  key: string | null
  payload: string
  state: 'waiting' | 'running' | 'failed'
  run_at: number
  lease_until: number | null
  attempts: number
  error: string | null
}

export interface JobTables {
  job: JobTable
}
