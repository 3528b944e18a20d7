/** Place spans, exact match, on rows that the tagger was not trained on: five folds. */
import { cleanText, originalRange } from '../../../pipeline/clean.ts'
import { readChain } from '../../../pipeline/place-chain.ts'
import { BONUS, readGazetteer, readStyle, tagPlaces } from '../../../pipeline/place-tagger.ts'
import { styleOf } from '../../../pipeline/text-style.ts'
import { randomFrom, shuffled } from '../../../pipeline/train/random.ts'
import { type PlaceText, readPlaceSets, trainPlaces } from '../../../pipeline/train/trainers/places.ts'
import type { Figure } from '../figure.ts'
import { bootstrap } from '../interval.ts'

const FOLDS = 5

interface Count {
  source: string
  found: number
  wanted: number
  hits: number
}

const f1 = (counts: readonly Count[]): number => {
  const sum = (of: 'found' | 'wanted' | 'hits') => counts.reduce((total, count) => total + count[of], 0)
  return (2 * sum('hits')) / (sum('found') + sum('wanted') || 1)
}

function count({ source, places }: PlaceText, found: readonly { start: number; end: number }[]): Count {
  const wanted = new Set(places.map(({ start, end }) => `${start} ${end}`))
  const hits = found.filter(({ start, end }) => wanted.has(`${start} ${end}`)).length
  return { source, found: found.length, wanted: wanted.size, hits }
}

export async function evaluate(dataDir: string): Promise<Figure[]> {
  const texts = readPlaceSets(dataDir)
  const order = shuffled(
    texts.map((_, at) => at),
    randomFrom(21),
  )
  const trie = readGazetteer()
  const counts: Count[] = []
  for (let fold = 0; fold < FOLDS; fold++) {
    const apart = new Set(order.filter((_, at) => at % FOLDS === fold))
    const { chain, style } = trainPlaces(texts.filter((_, at) => !apart.has(at)))
    const [weights, styles] = [readChain(chain, BONUS), readStyle(style)]
    for (const at of [...apart].sort((a, b) => a - b)) {
      const text = texts[at] as PlaceText
      const cleaned = cleanText(text.original)
      const found = tagPlaces(cleaned.text, styleOf(text.original, styles), trie, weights)
      counts.push(
        count(
          text,
          found.map(({ start, end }) => originalRange(cleaned, start, end)),
        ),
      )
    }
  }
  const figure = (slice: string, rows: Count[], goal: number | null): Figure => ({
    set: 'places',
    slice,
    what: 'F1 of spans, exact match',
    value: f1(rows),
    ...bootstrap(rows, f1),
    rows: rows.length,
    goal: goal === null ? '' : `>= ${goal}`,
    met: goal === null ? null : f1(rows) >= goal,
  })
  return [
    figure('', counts, 0.75),
    ...['msra', 'weibo', 'cluener'].map(slice =>
      figure(
        slice,
        counts.filter(({ source }) => source === slice),
        null,
      ),
    ),
  ]
}
