import { gunzipSync } from 'node:zlib'
import { readModel } from './models.ts'
import { type ChainWeights, emit, readChain, type Stretched } from './place-chain.ts'
import { cover, featuresAt, TAGS } from './place-features.ts'
import { readSparseRows } from './sparse.ts'
import { STYLE_SIZE, STYLES, type StyleWeights, styleOf } from './text-style.ts'
import { buildTrie, type Trie } from './trie.ts'

export interface Stretch {
  start: number
  end: number
}

export const MAX_FEATURES = 48
const PLACE_BEGINS = 1
const PLACE_GOES_ON = 2

const stretch: Stretched = { slots: new Int32Array(0), ends: new Int32Array(0), length: 0 }
let own = new Float64Array(0)
let scores = new Float64Array(0)
let back = new Int8Array(0)

function reserve(length: number): void {
  if (stretch.ends.length >= length) return
  stretch.slots = new Int32Array(length * 2 * MAX_FEATURES)
  stretch.ends = new Int32Array(length * 2)
  own = new Float64Array(length * 2 * TAGS)
  scores = new Float64Array(length * 2 * TAGS)
  back = new Int8Array(length * 2 * TAGS)
}

/** Names of places in a cleaned text. Only stretches near a name of the gazetteer or its ending are looked at. */
export function tagPlaces(text: string, style: 0 | 1 | 2, trie: Trie, weights: ChainWeights): Stretch[] {
  const covered = cover(text, trie)
  const { near, length } = covered
  const found: Stretch[] = []
  for (let at = 0; at < length; at++) {
    if (!near[at]) continue
    let end = at
    while (end < length && near[end]) end++
    reserve(end - at)
    let size = 0
    for (let index = at; index < end; index++) {
      size = featuresAt(index, covered, style, stretch.slots, size)
      stretch.ends[index - at] = size
    }
    stretch.length = end - at
    emit(stretch, weights, own)
    for (let index = 0; index < stretch.length; index++) step(index, weights)
    readBack(at, end, found)
    at = end
  }
  return found
}

/** Tags from which some way can still be the best, besides "none". */
const rivals = new Int8Array(TAGS)

/** One character further: best score of each tag and where it came from. */
function step(index: number, { into, lead }: ChainWeights): void {
  const row = index * TAGS
  if (index === 0) {
    for (let tag = 0; tag < TAGS; tag++) scores[tag] = own[tag] as number
    scores[PLACE_GOES_ON] = Number.NEGATIVE_INFINITY
    return
  }
  const last = row - TAGS
  const none = scores[last] as number
  let count = 0
  for (let prior = 1; prior < TAGS; prior++)
    if ((scores[last + prior] as number) - none >= (lead[prior] as number)) rivals[count++] = prior
  for (let tag = 0; tag < TAGS; tag++) {
    const goesOn = tag !== 0 && (tag & 1) === 0
    const way = tag * TAGS
    let from = goesOn ? tag - 1 : 0
    let best = (scores[last + from] as number) + (into[way + from] as number)
    const ways = goesOn ? 1 : count
    for (let each = 0; each < ways; each++) {
      const prior = goesOn ? tag : (rivals[each] as number)
      const sum = (scores[last + prior] as number) + (into[way + prior] as number)
      if (sum > best) {
        best = sum
        from = prior
      }
    }
    scores[row + tag] = best + (own[row + tag] as number)
    back[row + tag] = from
  }
}

function readBack(at: number, end: number, found: Stretch[]): void {
  const last = (end - at - 1) * TAGS
  let tag = 0
  for (let each = 0; each < TAGS; each++)
    if ((scores[last + each] as number) > (scores[last + tag] as number)) tag = each
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
  // A text may have more names than a call can have arguments.
  for (const name of names.reverse()) found.push(name)
}

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
      const codes = new Uint16Array(name.length)
      for (let at = 0; at < codes.length; at++) codes[at] = name.charCodeAt(at)
      return (
        trie.longest(codes, 0, codes.length, LAST_PLACED) > 0 &&
        trie.limited > 0 &&
        trie.limitedFound >= FIRST_PLACED
      )
    },
  }
  return loaded
}
