import { gunzipSync } from 'node:zlib'
import { readModel } from './models.ts'
import { cover, featuresAt, SIZE, TAGS } from './place-features.ts'
import { readSparseRows } from './sparse.ts'
import { STYLE_SIZE, STYLES, type StyleWeights, styleOf } from './text-style.ts'
import { buildTrie, type Trie } from './trie.ts'

/**
 * A linear chain over characters that knows names of places, organisations, persons and works, so that 香港 inside
 * 香港终审法院 is no place. Tag 0 = none, 1 = a place begins, 2 = it goes on, then the other three kinds likewise.
 */
export interface ChainWeights {
  /** SIZE x TAGS. */
  features: Float32Array | Int8Array
  /** One bit for each slot that has weights at all. */
  known: Uint32Array | null
  /** TAGS x TAGS, from x to. */
  transitions: Float32Array
  /** What one step of a weight is worth. */
  scale: number
  /** Taken from the score of "none": likelihood alone misses names to be sure of those it finds. */
  bonus: number
}

export interface Stretch {
  start: number
  end: number
}

export const MAX_FEATURES = 48
const PLACE_BEGINS = 1
const PLACE_GOES_ON = 2

/** Odd tags begin a name and follow any; even ones go on with the name just before. */
export const mayFollow = (from: number, to: number): boolean =>
  to === 0 || (to & 1) === 1 || from === to || from === to - 1
const ALL = Array.from({ length: TAGS }, (_, tag) => tag)
export const BEFORE: readonly (readonly number[])[] = ALL.map(to => ALL.filter(from => mayFollow(from, to)))

const slots = new Int32Array(MAX_FEATURES)
let scores = new Float64Array(TAGS * 1024)
let back = new Int8Array(TAGS * 1024)

/** Names of places in a cleaned text. Only stretches near a name of the gazetteer or its ending are looked at. */
export function tagPlaces(text: string, style: 0 | 1 | 2, trie: Trie, weights: ChainWeights): Stretch[] {
  const covered = cover(text, trie)
  const { near, length } = covered
  const found: Stretch[] = []
  for (let at = 0; at < length; at++) {
    if (!near[at]) continue
    let end = at
    while (end < length && near[end]) end++
    if (scores.length < (end - at) * TAGS) {
      scores = new Float64Array((end - at) * TAGS * 2)
      back = new Int8Array((end - at) * TAGS * 2)
    }
    for (let index = at; index < end; index++)
      step(index - at, featuresAt(index, covered, style, slots), weights)
    readBack(at, end, found)
    at = end
  }
  return found
}

const own = new Float64Array(TAGS)

/** One character further: best score of each tag and where it came from. */
function step(index: number, size: number, weights: ChainWeights): void {
  const { features, known, transitions, scale, bonus } = weights
  own.fill(0)
  for (let each = 0; each < size; each++) {
    const slot = slots[each] as number
    if (known && !((known[slot >>> 5] as number) & (1 << (slot & 31)))) continue
    for (let tag = 0; tag < TAGS; tag++)
      own[tag] = (own[tag] as number) + (features[slot * TAGS + tag] as number)
  }
  const row = index * TAGS
  for (let tag = 0; tag < TAGS; tag++) {
    const value = (own[tag] as number) * scale - (tag ? 0 : bonus)
    if (index === 0) {
      scores[row + tag] = tag === PLACE_GOES_ON ? Number.NEGATIVE_INFINITY : value
      continue
    }
    let best = Number.NEGATIVE_INFINITY
    let from = 0
    for (const prior of BEFORE[tag] as readonly number[]) {
      const sum = (scores[row - TAGS + prior] as number) + (transitions[prior * TAGS + tag] as number)
      if (sum > best) {
        best = sum
        from = prior
      }
    }
    scores[row + tag] = best + value
    back[row + tag] = from
  }
}

function readBack(at: number, end: number, found: Stretch[]): void {
  const last = (end - at - 1) * TAGS
  let tag = 0
  for (const each of ALL) if ((scores[last + each] as number) > (scores[last + tag] as number)) tag = each
  const names: Stretch[] = []
  let stop = -1
  for (let index = end - 1; index >= at; index--) {
    if ((tag === PLACE_BEGINS || tag === PLACE_GOES_ON) && stop < 0) stop = index + 1
    if (tag === PLACE_BEGINS) {
      names.push({ start: index, end: stop })
      stop = -1
    }
    tag = back[(index - at) * TAGS + tag] as number
  }
  found.push(...names.reverse())
}

export const emptyWeights = (): ChainWeights & { features: Float32Array } => ({
  features: new Float32Array(SIZE * TAGS),
  known: null,
  transitions: new Float32Array(TAGS * TAGS),
  scale: 1,
  bonus: 0,
})

/** pipeline/models/gazetteer.txt.gz: per line a class number and its words. */
export function readGazetteer(): Trie {
  const lines = gunzipSync(readModel('gazetteer.txt.gz')).toString('utf8').split('\n')
  return buildTrie(
    lines.flatMap(line => {
      const [head = '', words = ''] = line.split('\t')
      return words.split(' ').map(word => [word, Number(head)] as const)
    }),
  )
}

/** Weights as writeChain of pipeline/train/chain.ts packs them: constants = transitions. */
export function readChain(packed: Uint8Array, bonus: number): ChainWeights & { features: Int8Array } {
  const { keys, values, scales, constants } = readSparseRows(packed)
  const features = new Int8Array(SIZE * TAGS)
  const known = new Uint32Array(SIZE >>> 5)
  keys.forEach((slot, at) => {
    known[slot >>> 5] = (known[slot >>> 5] as number) | (1 << (slot & 31))
    features.set(values.subarray(at * TAGS, (at + 1) * TAGS), slot * TAGS)
  })
  return { features, known, transitions: Float32Array.from(constants), scale: scales[0] as number, bonus }
}

export function readStyle(packed: Uint8Array): StyleWeights {
  const { keys, values, scales } = readSparseRows(packed)
  const dense = new Int8Array(STYLE_SIZE * STYLES)
  keys.forEach((slot, at) => {
    dense.set(values.subarray(at * STYLES, (at + 1) * STYLES), slot * STYLES)
  })
  return { values: dense, scale: scales[0] as number }
}

/** Chosen by cross-validation. */
export const BONUS = 0.6

export interface PlaceTagger {
  tag(text: string, original: string): Stretch[]
  /** Whether a name begins with a country, province, city or county of the gazetteer. */
  isElsewhere(name: string): boolean
}

/** Classes 2-6 of PLACE_CLASSES: what lies somewhere for certain. */
const [FIRST_PLACED, LAST_PLACED] = [2, 6]
let loaded: PlaceTagger | undefined

/** The tagger with the weights of pipeline/models, read once a process. */
export function placeTagger(): PlaceTagger {
  if (loaded) return loaded
  const trie = readGazetteer()
  const weights = readChain(readModel('places.bin.gz'), BONUS)
  const style = readStyle(readModel('style.bin.gz'))
  loaded = {
    tag: (text, original) => tagPlaces(text, styleOf(original, style), trie, weights),
    isElsewhere: name => {
      const codes = Uint16Array.from(name, char => char.charCodeAt(0))
      return (
        trie.longest(codes, 0, codes.length, LAST_PLACED) > 0 &&
        trie.limited > 0 &&
        trie.limitedFound >= FIRST_PLACED
      )
    },
  }
  return loaded
}
