import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { sqliteSearch } from '../../../api/adapters/search-sqlite.ts'
import { searchContract } from './search-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuqing-search-'))
let number = 0
afterAll(() => rmSync(folder, { recursive: true }))

searchContract('SQLite FTS5', async () => {
  const path = join(folder, `${number++}.sqlite`)
  return { open: async () => sqliteSearch(path), other: ['sqlite', path] }
})
