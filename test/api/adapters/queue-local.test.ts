import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, type DatabaseKind, openDatabase } from '../../../api/db/open.ts'
import { freshDatabase } from '../../databases.ts'
import { type QueueDriver, queueContract, until } from './queue-contract.ts'
import { hurriedQueue } from './queue-local-open.ts'

describe.each<DatabaseKind>(['sqlite', 'postgres'])('on %s', kind => {
  const folder = mkdtempSync(join(tmpdir(), 'yuqing-queue-'))
  const opened: Database[] = []
  let address: string
  let database: Awaited<ReturnType<typeof freshDatabase>>
  beforeAll(async () => {
    database = await freshDatabase(kind, { file: join(folder, 'queue.sqlite') })
    address = database.address
  })
  afterAll(async () => {
    await Promise.all([...opened, database].map(each => each.close()))
    rmSync(folder, { recursive: true })
  })
  const driver = (): QueueDriver => ({
    async open() {
      const another = openDatabase(address)
      opened.push(another)
      return hurriedQueue(another)
    },
    other: ['local', address],
    clear: async () => void (await database.db.deleteFrom('job').execute()),
  })

  queueContract(kind, driver)

  it('a job that took five workers with it is kept as failed', async () => {
    const row = {
      name: 'poison',
      key: null,
      payload: '{}',
      state: 'running',
      run_at: 0,
      error: null,
    } as const
    await database.db
      .insertInto('job')
      .values({ ...row, attempts: 5, lease_until: 1 })
      .execute()
    const queue = await driver().open()
    let runs = 0
    queue.work('poison', 1, async () => void runs++)
    await until(async () => (await queue.counts())[0]?.failed === 1)
    await queue.close()
    expect(runs).toBe(0)
  })
})
