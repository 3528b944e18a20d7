import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildAutomaton, type Hit } from '../../pipeline/automaton.ts'

/** What an automaton must find, looked for the slow way. */
function everyOccurrence(words: readonly string[], text: string): Hit[] {
  const hits: Hit[] = []
  words.forEach((word, number) => {
    for (let at = text.indexOf(word); word && at >= 0; at = text.indexOf(word, at + 1))
      hits.push({ word: number, start: at, end: at + word.length })
  })
  return hits
}
const sorted = (hits: readonly Hit[]) =>
  [...hits].sort((a, b) => a.end - b.end || a.start - b.start || a.word - b.word)

test('finds what a search for each word finds, whatever the words', () => {
  const letters = fc.constantFrom('火', '灾', '爆', '炸', 'a', '😀')
  const word = fc.string({ unit: letters, maxLength: 4 })
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 12 }),
      fc.string({ unit: letters, maxLength: 40 }),
      (words, text) => {
        expect(sorted(buildAutomaton(words)(text))).toEqual(sorted(everyOccurrence(words, text)))
      },
    ),
    { numRuns: 500, seed: 7 },
  )
})

test('words inside words, longest first at the same end', () => {
  expect(buildAutomaton(['通道', '消防通道', '消防'])('占用消防通道')).toEqual([
    { word: 2, start: 2, end: 4 },
    { word: 1, start: 2, end: 6 },
    { word: 0, start: 4, end: 6 },
  ])
})

test('5,000 words that share beginnings and endings', () => {
  const words = Array.from({ length: 5000 }, (_, i) => `第${i}号${i % 7}厂区`)
  const text = `${words[4999]}与${words[12]}起火`
  expect(buildAutomaton(words)(text).map(({ word }) => word)).toEqual([4999, 12])
})
