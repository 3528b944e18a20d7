import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSegmenter } from '../../pipeline/segment.ts'
import * as trade from './terms/trade.ts'

const { cut } = createSegmenter(resolve(import.meta.dirname, '../../config/dictionary.txt'))
const GROUPS = Object.entries(trade)

/** As a citizen puts a word into a sentence: at its beginning, in its middle, at its end. */
const SENTENCES = [
  (term: string) => `${term}的问题谁来管`,
  (term: string) => `昨天下午我们这里的${term}又被人反映了`,
  (term: string) => `请问哪个部门负责${term}`,
]

describe('terms of the trade come out of the segmenter whole', () => {
  it('there are 300 of them, the 74 towns and streets among them', () => {
    const all = GROUPS.flatMap(([, terms]) => terms)
    expect(all.length).toBe(new Set(all).size)
    expect(all.length).toBeGreaterThanOrEqual(300)
    expect(trade.TOWNS.length).toBeGreaterThanOrEqual(74)
  })

  it.each(GROUPS)('%s', (_group, terms) => {
    const broken = terms.flatMap(term =>
      SENTENCES.map(make => cut(make(term)))
        .filter(words => !words.includes(term))
        .map(words => `${term}: ${words.join('/')}`),
    )
    expect(broken).toEqual([])
  })
})
