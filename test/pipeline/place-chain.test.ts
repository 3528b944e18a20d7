import { describe, expect, it } from 'vitest'
import { emit, readChain } from '../../pipeline/place-chain.ts'
import { SIZE, TAGS } from '../../pipeline/place-features.ts'
import { writeSparse } from '../../pipeline/sparse.ts'
import { buildTrie } from '../../pipeline/trie.ts'
import { randomFrom } from '../replica/random.ts'

const random = randomFrom(5)

describe('weights of the chain, packed four to a number', () => {
  const keys = Uint32Array.from(
    new Set(Array.from({ length: 900 }, (_, at) => (at % 3 ? random.below(SIZE) : at))),
  ).sort()
  // The greatest and the least step often, so that sums of 48 come to the edge of what 16 bits hold.
  const weights = Float64Array.from({ length: keys.length * TAGS }, () =>
    random.below(3) ? (random.below(2) ? 127 : -127) : random.below(255) - 127,
  )
  const constants = Array.from({ length: TAGS * TAGS }, () => random.below(1_000) / 1_000)
  const chain = readChain(writeSparse({ keys, weights, columns: TAGS, constants, oneScale: true }), 0.25)

  it('every tag gets the sum of the weights of its features', () => {
    for (let turn = 0; turn < 60; turn++) {
      const sizes = Array.from({ length: 1 + random.below(6) }, () => random.below(49))
      const lists = sizes.map(size =>
        Array.from({ length: size }, () =>
          turn % 2 ? (keys[random.below(keys.length)] as number) : random.below(SIZE),
        ),
      )
      const ends = Int32Array.from(sizes, (_, at) => sizes.slice(0, at + 1).reduce((a, b) => a + b))
      const out = new Float64Array(sizes.length * TAGS)
      emit({ slots: Int32Array.from(lists.flat()), ends, length: sizes.length }, chain, out)
      for (const [at, list] of lists.entries())
        for (let tag = 0; tag < TAGS; tag++) {
          let sum = 0
          for (const slot of list) {
            const row = keys.indexOf(slot)
            if (row >= 0) sum += weights[row * TAGS + tag] as number
          }
          expect(out[at * TAGS + tag]).toBeCloseTo(sum - (tag ? 0 : 0.25), 9)
        }
    }
  })

  it('transitions stand by where they lead to', () => {
    for (let from = 0; from < TAGS; from++)
      for (let to = 0; to < TAGS; to++)
        expect(chain.into[to * TAGS + from]).toBe(Math.fround(constants[from * TAGS + to] as number))
  })
})

describe('longest words', () => {
  const letters = '常州武进区湖塘镇'
  const word = () =>
    Array.from({ length: 1 + random.below(4) }, () => letters[random.below(letters.length)]).join('')
  const words = new Map(Array.from({ length: 150 }, () => [word(), 1 + random.below(9)]))
  const trie = buildTrie([...words, ...[...words].map(([each]) => [each, 200] as const)])

  it('are those that a look at every word finds, also of the lower classes alone', () => {
    for (let turn = 0; turn < 200; turn++) {
      const text = word() + word() + word()
      const codes = Uint16Array.from(text, char => char.charCodeAt(0))
      const end = 1 + random.below(text.length)
      for (let at = 0; at < end; at++) {
        const found = [...words]
          .filter(([each]) => at + each.length <= end && text.startsWith(each, at))
          .sort(([a], [b]) => b.length - a.length)
        const limited = found.find(([, own]) => own <= 4)
        expect(trie.longest(codes, at, end, 4)).toBe(found[0]?.[0].length ?? 0)
        if (found[0]) expect(trie.found).toBe(found[0][1])
        expect(trie.limited).toBe(limited?.[0].length ?? 0)
        if (limited) expect(trie.limitedFound).toBe(limited[1])
      }
    }
  })
})
