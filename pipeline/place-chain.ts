import { SIZE, TAGS } from './place-features.ts'
import { readSparseRows } from './sparse.ts'

/**
 * A linear chain over characters that knows names of places, organisations, persons and works, so that 香港 inside
 * 香港终审法院 is no place. Tag 0 = none, 1 = a place begins, 2 = it goes on, then the other three kinds likewise.
 */
export interface ChainWeights {
  /** Of every 32 slots two numbers: a bit for each that has weights, and how many have some before these. */
  index: Int32Array
  /** Of each slot that has weights LANES numbers: the steps of two tags in each, 16 bits apart. */
  rows: Int32Array
  /** TAGS x TAGS, to x from. */
  into: Float64Array
  /** What one step of a weight is worth. */
  scale: number
  /** Taken from the score of "none": likelihood alone misses names to be sure of those it finds. */
  bonus: number
}

/** Nine tags, two to a number: sums of 48 steps of at most 127 stay within their 16 bits. */
const LANES = 5

/** Odd tags begin a name and follow any; even ones go on with the name just before. */
export const mayFollow = (from: number, to: number): boolean =>
  to === 0 || (to & 1) === 1 || from === to || from === to - 1

/** Weights as writeChain of pipeline/train/chain.ts packs them: keys in ascending order, constants = transitions. */
export function readChain(packed: Uint8Array, bonus: number): ChainWeights {
  const { keys, values, scales, constants } = readSparseRows(packed)
  const index = new Int32Array((SIZE >>> 5) * 2)
  for (const slot of keys) {
    const at = (slot >>> 5) * 2
    index[at] = (index[at] as number) | (1 << (slot & 31))
  }
  for (let at = 2; at < index.length; at += 2)
    index[at + 1] = (index[at - 1] as number) + bitsOf(index[at - 2] as number)
  const rows = new Int32Array(keys.length * LANES)
  for (let row = 0; row < keys.length; row++)
    for (let tag = 0; tag < TAGS; tag++) {
      const lane = row * LANES + (tag >> 1)
      const step = values[row * TAGS + tag] as number
      rows[lane] = (rows[lane] as number) + (tag & 1 ? step << 16 : step)
    }
  const into = new Float64Array(TAGS * TAGS)
  for (let from = 0; from < TAGS; from++)
    for (let to = 0; to < TAGS; to++)
      into[to * TAGS + from] = Math.fround(constants[from * TAGS + to] as number)
  return { index, rows, into, scale: scales[0] as number, bonus }
}

const bitsOf = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x5555_5555)
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}

const low = (lane: number): number => (lane << 16) >> 16
const high = (lane: number): number => (lane - low(lane)) >> 16

/** What the features slots[0..size) say for each tag, written to `out`. */
export function emit(slots: Int32Array, size: number, weights: ChainWeights, out: Float64Array): void {
  const { index, rows, scale, bonus } = weights
  let [a, b, c, d, e] = [0, 0, 0, 0, 0]
  for (let each = 0; each < size; each++) {
    const slot = slots[each] as number
    const word = index[(slot >>> 5) * 2] as number
    const bit = 1 << (slot & 31)
    if (!(word & bit)) continue
    const row = ((index[(slot >>> 5) * 2 + 1] as number) + bitsOf(word & (bit - 1))) * LANES
    a = (a + (rows[row] as number)) | 0
    b = (b + (rows[row + 1] as number)) | 0
    c = (c + (rows[row + 2] as number)) | 0
    d = (d + (rows[row + 3] as number)) | 0
    e = (e + (rows[row + 4] as number)) | 0
  }
  out[0] = low(a) * scale - bonus
  out[1] = high(a) * scale
  out[2] = low(b) * scale
  out[3] = high(b) * scale
  out[4] = low(c) * scale
  out[5] = high(c) * scale
  out[6] = low(d) * scale
  out[7] = high(d) * scale
  out[8] = e * scale
}
