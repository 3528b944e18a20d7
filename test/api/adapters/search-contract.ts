import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { foldText } from '../../../api/adapters/bigrams.ts'
import type { SearchDocument, SearchIndex, SearchQuery } from '../../../api/ports.ts'
import { randomFrom } from '../../replica/random.ts'
import { until } from './queue-contract.ts'
import { generated, HOUR } from './search-documents.ts'

/** What the suite needs of a driver; `open` opens the same, at first empty, index again. */
export interface SearchDriver {
  open(): Promise<SearchIndex>
  /** Arguments of search-other.ts that open the same index in a process of its own. */
  other: string[]
}

const isWord = (char: string) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(char)

/** What a scan of all documents finds; every part of the query that signs tear apart must stand somewhere. */
function scan(documents: readonly SearchDocument[], query: Omit<SearchQuery, 'limit' | 'cursor'>): number[] {
  const parts: string[] = []
  for (const char of foldText(query.text ?? ''))
    if (isWord(char)) parts[Math.max(0, parts.length - 1)] = (parts.at(-1) ?? '') + char
    else parts.push('')
  const words = parts.filter(Boolean)
  if (query.text?.trim() && !words.length) return []
  return documents
    .filter(document => {
      const text = foldText(document.text)
      return (
        words.every(word => text.includes(word)) &&
        (query.source === undefined || document.source === query.source) &&
        (query.board === undefined || document.board === query.board) &&
        (query.topic === undefined ||
          document.topics.some(topic => topic === query.topic || topic.startsWith(`${query.topic}/`))) &&
        (query.place === undefined ||
          query.place.split(' ').every(part => document.places.some(place => place.includes(part)))) &&
        (query.from === undefined || document.at >= query.from) &&
        (query.to === undefined || document.at < query.to) &&
        (query.flagged === undefined || document.flagged === query.flagged)
      )
    })
    .sort((a, b) => b.at - a.at || b.id - a.id)
    .map(({ id }) => id)
}

async function everyPage(
  index: SearchIndex,
  query: SearchQuery,
): Promise<{ ids: number[]; totals: number[] }> {
  const ids: number[] = []
  const totals: number[] = []
  let cursor: string | undefined
  do {
    const page = await index.search({ ...query, ...(cursor && { cursor }) })
    expect(page.ids.length).toBeLessThanOrEqual(query.limit)
    ids.push(...page.ids)
    totals.push(page.total)
    cursor = page.next ?? undefined
  } while (cursor)
  return { ids, totals }
}

/** The contract of the port SearchIndex (api/ports.ts), for any driver. */
export function searchContract(title: string, fresh: () => Promise<SearchDriver>): void {
  describe(`search: ${title}`, () => {
    let driver: SearchDriver
    let index: SearchIndex
    beforeEach(async () => {
      driver = await fresh()
      index = await driver.open()
    })
    afterEach(() => index.close())
    const all = async (query: Omit<SearchQuery, 'limit'>) =>
      (await index.search({ ...query, limit: 10_000 })).ids
    const document = (id: number, text: string): SearchDocument => ({
      ...(generated(1)[0] as SearchDocument),
      id,
      text,
    })

    it('finds every substring of generated texts, exactly what a scan finds', async () => {
      const documents = generated(600)
      await index.put(documents)
      const random = randomFrom(11)
      for (let i = 0; i < 400; i++) {
        const folded = [...foldText(random.pick(documents).text)]
        const start = random.below(folded.length)
        const text = folded.slice(start, start + 1 + random.below(i % 2 ? 3 : 8)).join('')
        if (!text.trim()) continue
        expect(await all({ text }), JSON.stringify(text)).toEqual(scan(documents, { text }))
      }
    })

    it('finds each single character, letters and digits inside words, either width and case', async () => {
      const documents = generated(300)
      await index.put(documents)
      for (const text of [...'化厂火味a1B', 'ｂ', '２', 'A', '1２', '𠮷', '😀', 'bc', '水火'])
        expect(await all({ text }), text).toEqual(scan(documents, { text }))
      await index.put([document(1_000, '联系 TEL13912345678，牌照苏D8K6Z5')])
      for (const text of ['139', '12345678', '8', 'd8k6', '苏D', 'TEL139', 'K6Z5'])
        expect(await all({ text }), text).toContain(1_000)
    })

    it('several words must all stand there, in any order; a phrase does not reach over a sign', async () => {
      await index.put([
        document(1, '遥观镇的化工厂，夜里异味'),
        document(2, '异味很重，离化工厂不远'),
        document(3, '化工。厂'),
        document(4, '厂化工'),
      ])
      expect(await all({ text: '异味 化工厂' })).toEqual([2, 1])
      expect(await all({ text: '化工厂 异味 遥观' })).toEqual([1])
      expect(await all({ text: '化工厂' })).toEqual([2, 1])
      expect(await all({ text: '化工　厂' })).toEqual([4, 3, 2, 1])
      expect(await all({ text: '工厂，夜' })).toEqual([1])
    })

    it('signs alone, quotes and operators of the engine find nothing and break nothing', async () => {
      await index.put([document(1, '化工 OR 厂 "NEAR" a* (b)')])
      for (const text of ['。。', '"', '*', '(', '|', '"化工', '化工"', 'OR', 'near', 'a*', "';--", '\\'])
        expect(await all({ text }), text).toEqual(scan([document(1, '化工 OR 厂 "NEAR" a* (b)')], { text }))
      expect(await all({ text: '  ' })).toEqual([1])
    })

    it('every filter, alone and together, equals a scan', async () => {
      const documents = generated(500)
      await index.put(documents)
      const from = 1_500_000_000_000 + 10 * HOUR
      const filters: Omit<SearchQuery, 'limit'>[] = [
        {},
        { source: 'zhongwu' },
        { board: '龙城茶座' },
        { topic: '安全生产' },
        { topic: '安全生产/火灾' },
        { topic: '安' },
        { place: '武进区' },
        { place: '常州市新北区' },
        { place: '市新' },
        { place: '遥' },
        { place: '北区 武进区' },
        { from },
        { to: from },
        { from, to: from + HOUR },
        { flagged: true },
        { flagged: false },
      ]
      for (const a of filters)
        for (const b of filters) {
          const query = { ...a, ...b, text: '火' }
          expect(await all(query), JSON.stringify(query)).toEqual(scan(documents, query))
        }
    })

    it('pages from newest to oldest without a gap or a repeat, and counts all of them', async () => {
      const documents = generated(330)
      await index.put(documents)
      for (const query of [{}, { text: '火' }, { text: '化工', flagged: true }, { source: 'zhongwu' }]) {
        const expected = scan(documents, query)
        const { ids, totals } = await everyPage(index, { ...query, limit: 7 })
        expect(ids).toEqual(expected)
        expect(new Set(totals)).toEqual(new Set([expected.length]))
      }
    })

    it('what comes while someone pages moves nothing onto the next page twice', async () => {
      const documents = generated(60)
      await index.put(documents)
      const first = await index.search({ limit: 20 })
      await index.put([{ ...document(900, '刚刚发的'), at: Date.UTC(2030, 0) }])
      const second = await index.search({ limit: 20, cursor: first.next as string })
      expect([...first.ids, ...second.ids]).toEqual(scan(documents, {}).slice(0, 40))
      expect(second.total).toBe(61)
    })

    it('an update replaces, a removal removes, told twice is told once', async () => {
      await index.put([document(1, '化工厂异味'), document(2, '化工园停电')])
      await index.put([{ ...document(1, '已经处理好了'), flagged: true, source: 'other', at: 5_000 }])
      await index.put([{ ...document(1, '已经处理好了'), flagged: true, source: 'other', at: 5_000 }])
      expect(await all({ text: '异味' })).toEqual([])
      expect(await all({ text: '处理', flagged: true, source: 'other', to: 6_000 })).toEqual([1])
      expect((await index.search({ limit: 10 })).total).toBe(2)
      await index.remove([2, 77])
      await index.remove([2])
      expect(await all({ text: '停电' })).toEqual([])
      expect(await all({})).toEqual([1])
    })

    it('the same document twice in one batch counts once, the later wins', async () => {
      await index.put([document(1, '前一版化工'), document(1, '后一版停电')])
      expect(await all({ text: '停电' })).toEqual([1])
      expect(await all({ text: '化工' })).toEqual([])
    })

    it('clear empties it, and it can be filled again', async () => {
      await index.put(generated(50))
      await index.clear()
      expect(await index.search({ limit: 10 })).toEqual({ ids: [], total: 0, next: null })
      expect(await all({ text: '火' })).toEqual([])
      await index.put([document(5, '火')])
      expect(await all({ text: '火' })).toEqual([5])
    })

    it('holds what it confirmed after a kill -9 in the middle of writing', async () => {
      await index.close()
      const child = spawn(process.execPath, [join(import.meta.dirname, 'search-other.ts'), ...driver.other], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let output = ''
      child.stdout.setEncoding('utf8').on('data', chunk => {
        output += chunk
      })
      await until(() => output.split('\n').length > 4)
      child.kill('SIGKILL')
      await new Promise(done => child.once('exit', done))
      const confirmed = Math.max(...output.split('\n').filter(Boolean).map(Number))
      index = await driver.open()
      // What was on its way to a server when its sender died may still be taken in.
      const settled = async () => {
        const before = await all({})
        await wait(300)
        return (await all({})).length === before.length
      }
      await until(settled)
      const held = await all({})
      expect(held.length).toBeGreaterThanOrEqual(confirmed)
      const documents = generated(100_000).slice(0, held.length)
      expect(held.toSorted((a, b) => a - b)).toEqual(documents.map(({ id }) => id))
      for (const text of ['化工', '火', 'a', '水火'])
        expect(await all({ text }), text).toEqual(scan(documents, { text }))
      await index.put([{ ...document(1, '重新打开以后'), at: 1 }])
      expect(await all({ text: '重新打开' })).toEqual([1])
    })
  })
}
