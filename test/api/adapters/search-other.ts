/** A process that puts generated documents into an index until it is killed, and prints how many are confirmed. */
import { elasticsearchSearch } from '../../../api/adapters/search-elasticsearch.ts'
import { sqliteSearch } from '../../../api/adapters/search-sqlite.ts'
import type { SearchIndex } from '../../../api/ports.ts'
import { generated } from './search-documents.ts'

const DRIVERS: Record<string, (address: string) => SearchIndex> = {
  sqlite: sqliteSearch,
  elasticsearch(address) {
    const [url = '', name = ''] = address.split('#')
    return elasticsearchSearch(url, { name })
  },
}

const [driver = '', address = ''] = process.argv.slice(2)
const index = DRIVERS[driver]?.(address)
const documents = generated(100_000)
for (let at = 0; at < documents.length; at += 50) {
  await index?.put(documents.slice(at, at + 50))
  console.log(at + 50)
}
