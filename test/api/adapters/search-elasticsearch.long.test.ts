import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elasticsearchSearch } from '../../../api/adapters/search-elasticsearch.ts'
import { startElasticsearch } from '../../services/elasticsearch.ts'
import type { Server } from '../../services/server.ts'
import { until } from './queue-contract.ts'
import { searchContract } from './search-contract.ts'
import { generated } from './search-documents.ts'

let elasticsearch: Server
let number = 0
beforeAll(async () => {
  elasticsearch = await startElasticsearch()
})
afterAll(() => elasticsearch.stop())

searchContract('Elasticsearch', async () => {
  const name = `contract-${number++}`
  return {
    open: async () => elasticsearchSearch(elasticsearch.url, { name }),
    other: ['elasticsearch', `${elasticsearch.url}#${name}`],
  }
})

describe('the Elasticsearch driver', () => {
  it('of two processes that find no index at once, both write to one', async () => {
    const both = [1, 2].map(() => elasticsearchSearch(elasticsearch.url, { name: 'race' }))
    const documents = generated(20)
    await Promise.all(both.map((index, at) => index.put(documents.slice(at * 10, at * 10 + 10))))
    for (const index of both) expect((await index.search({ limit: 5 })).total).toBe(20)
    await Promise.all(both.map(index => index.close()))
  })

  it('while it is away nothing is confirmed; after a crash what was confirmed is there, and it goes on', async () => {
    const index = elasticsearchSearch(elasticsearch.url, { name: 'crash' })
    const documents = generated(30)
    await index.put(documents.slice(0, 20))
    await elasticsearch.kill()
    await expect(index.put(documents.slice(20))).rejects.toThrow()
    await expect(index.search({ limit: 5 })).rejects.toThrow()
    await elasticsearch.start()
    // It answers before it has read its own log again.
    const total = async () => (await index.search({ limit: 5 }).catch(() => null))?.total
    await until(async () => (await total()) !== undefined)
    expect(await total()).toBe(20)
    await index.put(documents)
    expect((await index.search({ limit: 5 })).total).toBe(30)
    await index.close()
  })
})
