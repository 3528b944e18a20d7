import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { sqliteSearch } from '../../../api/adapters/search-sqlite.ts'
import type { SearchDocument } from '../../../api/ports.ts'
import { searchContract } from './search-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuqing-search-'))
let number = 0
afterAll(() => rmSync(folder, { recursive: true }))

searchContract('SQLite FTS5', async () => {
  const path = join(folder, `${number++}.sqlite`)
  return { open: async () => sqliteSearch(path), other: ['sqlite', path] }
})

describe('the SQLite driver', () => {
  const document: SearchDocument = {
    id: 1,
    text: '化工厂异味',
    source: 'zhongwu',
    board: null,
    topics: [],
    places: [],
    at: 1_500_000_000_000,
    flagged: false,
  }

  it('numbers more documents of one second than a second has numbers, in the order in which they came', async () => {
    const index = sqliteSearch(join(folder, 'crowd.sqlite'))
    const many = Array.from({ length: 17_000 }, (_, i) => ({ ...document, id: i + 1 }))
    for (let at = 0; at < many.length; at += 1_000) await index.put(many.slice(at, at + 1_000))
    const { ids, total } = await index.search({ text: '异味', limit: 3 })
    expect([ids, total]).toEqual([[17_000, 16_999, 16_998], 17_000])
    await index.put([{ ...document, id: 20_000, at: document.at + 60_000 }])
    expect((await index.search({ from: document.at + 60_000, limit: 3 })).ids).toEqual([20_000])
    await index.close()
  })

  it('empties a file of an older form', async () => {
    const path = join(folder, 'old.sqlite')
    const old = new DatabaseSync(path)
    old.exec(`create table document (id integer primary key, source text); create virtual table terms using fts5 (body);
      insert into document values (7, 'zhongwu')`)
    old.close()
    const index = sqliteSearch(path)
    expect((await index.search({ limit: 3 })).total).toBe(0)
    await index.put([document])
    await index.close()
    const again = sqliteSearch(path)
    expect((await again.search({ text: '化工', limit: 3 })).ids).toEqual([1])
    await again.close()
  })
})
