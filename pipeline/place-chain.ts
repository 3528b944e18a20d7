import { SIZE, TAGS } from './place-features.ts'
import { readSparseRows } from './sparse.ts'

/**
 * A linear chain over characters that knows names of places, organisations, persons and works, so that 香港 inside
 * 香港终审法院 is no place. Tag 0 = none, 1 = a place begins, 2 = it goes on, then the other three kinds likewise.
 */
export interface ChainWeights {
  /** Of every 32 slots two numbers: a bit for each that has weights, and how many have some before these. */
  index: Int32Array
  /** Of each slot that has weights WORDS numbers: the steps of four tags in each, one byte a tag, BIAS added. */
  rows: Int32Array
  /** TAGS x TAGS, to x from. */
  into: Float64Array
  /** How far each tag must lead "none" (less, where negative), so that any way from it can be better than from "none". */
  lead: Float64Array
  /** What one step of a weight is worth. */
  scale: number
  /** Taken from the score of "none": likelihood alone misses names to be sure of those it finds. */
  bonus: number
}

/** Nine tags, four to a number. */
const WORDS = 3
/** Makes a step a byte without sign, so that the bytes of a number can be added up side by side. */
const BIAS = 128
/** Every other byte: sums of 48 of them stay within 16 bits. */
const EVEN = 0x00ff_00ff

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
  const rows = new Int32Array(keys.length * WORDS)
  for (let row = 0; row < keys.length; row++)
    for (let tag = 0; tag < TAGS; tag++) {
      const word = row * WORDS + (tag >> 2)
      rows[word] = (rows[word] as number) | (((values[row * TAGS + tag] as number) + BIAS) << ((tag & 3) * 8))
    }
  const into = new Float64Array(TAGS * TAGS)
  for (let from = 0; from < TAGS; from++)
    for (let to = 0; to < TAGS; to++)
      into[to * TAGS + from] = Math.fround(constants[from * TAGS + to] as number)
  return { index, rows, into, lead: leadOf(into), scale: scales[0] as number, bonus }
}

/** A little less than the sums of scores may be off. */
const CLOSE = 1e-6

function leadOf(into: Float64Array): Float64Array {
  const lead = new Float64Array(TAGS).fill(Number.POSITIVE_INFINITY)
  for (let from = 0; from < TAGS; from++)
    for (let to = 0; to < TAGS; to++)
      if (to === 0 || to & 1) {
        const ahead = (into[to * TAGS] as number) - (into[to * TAGS + from] as number) - CLOSE
        lead[from] = Math.min(lead[from] as number, ahead)
      }
  return lead
}

const bitsOf = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x5555_5555)
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}

/** Features of the characters of one stretch: those of the n-th are slots[ends[n - 1]..ends[n]). */
export interface Stretched {
  slots: Int32Array
  ends: Int32Array
  length: number
}

let found = new Int32Array(4096)

/**
 * What the features of each character say for each tag, character x tag, written to `out`. First which rows there are,
 * then their weights, so that what waits for memory waits together.
 */
export function emit({ slots, ends, length }: Stretched, weights: ChainWeights, out: Float64Array): void {
  const { index, rows, scale, bonus } = weights
  const all = ends[length - 1] as number
  if (found.length < all) found = new Int32Array(all * 2)
  let count = 0
  let from = 0
  for (let at = 0; at < length; at++) {
    for (const end = ends[at] as number; from < end; from++) {
      const slot = slots[from] as number
      const word = index[(slot >>> 5) * 2] as number
      const bit = slot & 31
      found[count] = ((index[(slot >>> 5) * 2 + 1] as number) + bitsOf(word & ((1 << bit) - 1))) * WORDS
      count += (word >>> bit) & 1
    }
    ends[at] = count
  }
  let each = 0
  for (let at = 0; at < length; at++) {
    let [a, b, c, d, e] = [0, 0, 0, 0, 0]
    const bias = ((ends[at] as number) - each) * BIAS
    for (const end = ends[at] as number; each < end; each++) {
      const row = found[each] as number
      const [first, second] = [rows[row] as number, rows[row + 1] as number]
      a += first & EVEN
      b += (first >>> 8) & EVEN
      c += second & EVEN
      d += (second >>> 8) & EVEN
      e += rows[row + 2] as number
    }
    const to = at * TAGS
    out[to] = ((a & 0xffff) - bias) * scale - bonus
    out[to + 1] = ((b & 0xffff) - bias) * scale
    out[to + 2] = ((a >>> 16) - bias) * scale
    out[to + 3] = ((b >>> 16) - bias) * scale
    out[to + 4] = ((c & 0xffff) - bias) * scale
    out[to + 5] = ((d & 0xffff) - bias) * scale
    out[to + 6] = ((c >>> 16) - bias) * scale
    out[to + 7] = ((d >>> 16) - bias) * scale
    out[to + 8] = (e - bias) * scale
  }
}
