import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_OF_ADDRESS, MOST_OF_SOURCE, surplusOf } from '../../../api/evidence/missed-rules.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2026-11-25T01:00:00Z')
const RETENTION = 30
const daysAgo = (days: number, url = 'a') => ({ url, at: NOW - days * DAY_MS })
const goes = (pages: { url: string; at: number }[]) => surplusOf(pages, RETENTION, NOW)

describe('pages of which nothing was read', () => {
  it('of one address the newest stay', () => {
    const pages = Array.from({ length: MOST_OF_ADDRESS + 3 }, (_, at) => daysAgo(20 - at / 10))
    expect(goes([daysAgo(21, 'b'), ...pages])).toEqual(pages.slice(0, 3).reverse())
  })

  it('of one source the newest stay', () => {
    const pages = Array.from({ length: MOST_OF_SOURCE + 2 }, (_, at) => daysAgo(20 - at / 1_000, `${at}`))
    expect(goes(pages)).toEqual(pages.slice(0, 2).reverse())
  })

  it('go when the source is kept no longer', () => {
    const [old, young] = [daysAgo(RETENTION), daysAgo(RETENTION - 0.1)]
    expect(goes([old, young])).toEqual([old])
  })

  it('stay for a day in any case', () => {
    const flood = Array.from({ length: MOST_OF_SOURCE * 2 }, (_, at) => daysAgo(0.9 - at / 1e6))
    expect(goes(flood)).toEqual([])
    expect(surplusOf(flood, 0, NOW)).toEqual([])
  })

  it('that stay are within bounds, and what goes is never newer than what stays of its address', () => {
    const page = fc.record({
      url: fc.constantFrom('a', 'b', 'c'),
      days: fc.double({ min: 1, max: 40, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(page, { maxLength: 300 }), drawn => {
        const pages = drawn.map(({ url, days }) => daysAgo(days, url)).sort((a, b) => a.at - b.at)
        const gone = new Set(goes(pages))
        for (const url of ['a', 'b', 'c']) {
          const stay = pages.filter(each => each.url === url && !gone.has(each))
          const oldest = Math.min(...stay.map(({ at }) => at))
          expect(stay.length).toBeLessThanOrEqual(MOST_OF_ADDRESS)
          expect(stay.every(({ at }) => NOW - at < RETENTION * DAY_MS)).toBe(true)
          expect([...gone].filter(each => each.url === url).every(({ at }) => at <= oldest)).toBe(true)
        }
      }),
    )
  })
})
