import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobPayload } from '../../../api/ports.ts'
import { startRedis } from '../../services/redis.ts'
import type { Server } from '../../services/server.ts'
import { hurriedBullmq } from './queue-bullmq-open.ts'
import { queueContract, until } from './queue-contract.ts'

let redis: Server
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

queueContract('BullMQ on Redis', () => ({
  open: async () => hurriedBullmq(redis.url),
  other: ['bullmq', redis.url],
  async clear() {
    const client = new Redis(redis.url)
    await client.flushall()
    client.disconnect()
  },
}))

describe('when Redis goes away', () => {
  it('adding does not fail nor wait for long; what was accepted is run when it is back', async () => {
    const queue = hurriedBullmq(redis.url)
    const seen: JobPayload[] = []
    await queue.add('held', { i: 1 })
    await redis.kill()
    // A hint that is lost loses nothing: the job's own rhythm finds the work.
    await queue.add('held', { i: 2 })
    await redis.start()
    queue.work('held', 1, async payload => void seen.push(payload))
    await queue.add('held', { i: 3 })
    await until(() => seen.some(({ i }) => i === 3))
    expect(seen.map(({ i }) => i).filter(i => i !== 2)).toEqual([1, 3])
    await queue.close()
  })
})
