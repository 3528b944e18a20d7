import { describe, expect, it } from 'vitest'
import { BUCKETS, Pieces } from '../../pipeline/pieces.ts'

const LONG = '武进区遥观镇 2026 年 11 月化工园夜里有怪味，没人管！'

/** Pieces of a text as one reads them off: runs of Chinese characters and digits, every digit alike. */
function readOff(text: string): string[] {
  const runs = text.replace(/\d/g, '0').match(/[\u3400-\u9fff0]+/g) ?? []
  return runs.flatMap(run =>
    [...run].flatMap((_, at) =>
      [1, 2, 3].flatMap(length => (length <= at + 1 ? run.slice(at + 1 - length, at + 1) : [])),
    ),
  )
}

describe('character pieces', () => {
  it('are those of the runs, each with the number of its bucket and its count', () => {
    const pieces = new Pieces()
    // Longer and shorter ones in turn: nothing of the last text stays.
    for (const text of [LONG, '1', LONG.repeat(90), '', '着火', LONG]) {
      pieces.read(text, text.length, false)
      const wanted = readOff(text)
      const found = Array.from({ length: pieces.count }, (_, at) => {
        const end = pieces.end[at] as number
        return text.slice(end - (pieces.length[at] as number), end).replace(/\d/g, '0')
      })
      expect(found).toEqual(wanted)
      const bucketOf = new Map(found.map((piece, at) => [piece, pieces.which[at] as number]))
      // So few do not meet in a bucket by chance here.
      expect(new Set(bucketOf.values()).size).toBe(bucketOf.size)
      expect(pieces.size).toBe(bucketOf.size)
      for (const [piece, number] of bucketOf) {
        expect(pieces.often[number]).toBe(wanted.filter(each => each === piece).length)
        expect(pieces.find(pieces.bucket[number] as number)).toBe(number)
        expect(pieces.bucket[number]).toBeLessThan(BUCKETS)
      }
    }
  })

  it('of a title fall into other buckets than those of the text', () => {
    const [title, text] = [new Pieces(), new Pieces()]
    title.read('化工园着火', 5, true)
    text.read('化工园着火', 5, false)
    expect(title.size).toBe(text.size)
    for (let at = 0; at < title.size; at++) expect(text.find(title.bucket[at] as number)).toBe(-1)
    expect(text.find(-5)).toBe(-1)
  })
})
