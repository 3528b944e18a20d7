/** Training of the linear chain of place-tagger.ts: conditional likelihood, AdaGrad, mean of the later rounds. */

import { mayFollow } from '../place-chain.ts'
import { cover, featuresAt, SIZE, TAGS } from '../place-features.ts'
import { MAX_FEATURES } from '../place-tagger.ts'
import { readSparseRows, writeSparse } from '../sparse.ts'
import type { Style } from '../text-style.ts'
import type { Trie } from '../trie.ts'
import { randomFrom, shuffled } from './random.ts'

/** place 0, organisation 1, person 2, work or sight 3. */
export type NameKind = 0 | 1 | 2 | 3

export interface Sentence {
  /** Cleaned; offsets of the names are of this text. */
  text: string
  style: Style
  names: readonly { start: number; end: number; kind: NameKind }[]
}

export interface ChainOptions {
  rounds: number
  rate: number
  /** Pull of every touched weight towards nought at each step. */
  decay: number
  /** Share of the features left out at random, so that rare ones do not hide the common ones. */
  dropout: number
}
export const CHAIN: ChainOptions = { rounds: 12, rate: 0.1, decay: 2e-5, dropout: 0.5 }

/** One stretch that the tagger looks at. */
interface Chain {
  length: number
  slots: Int32Array
  sizes: Uint8Array
  gold: Uint8Array
}

/** As they are learned; place-chain.ts reads them packed. */
interface Weights {
  /** SIZE x TAGS. */
  features: Float32Array
  /** TAGS x TAGS, from x to. */
  transitions: Float32Array
}

const emptyWeights = (): Weights => ({
  features: new Float32Array(SIZE * TAGS),
  transitions: new Float32Array(TAGS * TAGS),
})

function prepare({ text, style, names }: Sentence, trie: Trie): Chain[] {
  const covered = cover(text, trie)
  const tags = new Uint8Array(text.length)
  for (const { start, end, kind } of names)
    for (let at = start; at < end; at++) tags[at] = kind * 2 + (at === start ? 1 : 2)
  const chains: Chain[] = []
  const buffer = new Int32Array(MAX_FEATURES)
  for (let at = 0; at < text.length; at++) {
    if (!covered.near[at]) continue
    let end = at
    while (end < text.length && covered.near[end]) end++
    const gold = tags.slice(at, end)
    // A place that began before the stretch cannot be found in it.
    for (let index = 0; index < gold.length && gold[index] === 2; index++) gold[index] = 0
    const slots = new Int32Array((end - at) * MAX_FEATURES)
    const sizes = new Uint8Array(end - at)
    for (let index = at; index < end; index++) {
      sizes[index - at] = featuresAt(index, covered, style, buffer)
      slots.set(buffer, (index - at) * MAX_FEATURES)
    }
    chains.push({ length: end - at, slots, sizes, gold })
    at = end
  }
  return chains
}

/** Starts from `base` (learned elsewhere, as packed) where one is given. */
export function trainChain(
  sentences: readonly Sentence[],
  trie: Trie,
  options: ChainOptions = CHAIN,
  base: Uint8Array | null = null,
): Weights {
  const chains = sentences.flatMap(sentence => prepare(sentence, trie))
  const weights = base ? unpacked(base) : emptyWeights()
  const learner = createLearner(weights, options)
  const random = randomFrom(1)
  const mean = emptyWeights()
  const first = Math.floor(options.rounds / 3)
  const share = 1 / (options.rounds - first)
  for (let round = 0; round < options.rounds; round++) {
    for (const chain of shuffled(chains, random)) learner(chain, random)
    if (round < first) continue
    addTo(mean.features, weights.features, share)
    addTo(mean.transitions, weights.transitions, share)
  }
  return mean
}

function unpacked(base: Uint8Array): Weights {
  const weights = emptyWeights()
  const { keys, values, scales, constants } = readSparseRows(base)
  keys.forEach((slot, at) => {
    for (let tag = 0; tag < TAGS; tag++)
      weights.features[slot * TAGS + tag] = (values[at * TAGS + tag] as number) * (scales[0] as number)
  })
  weights.transitions.set(constants)
  return weights
}

function addTo(sum: Float32Array, values: Float32Array, share: number): void {
  for (let at = 0; at < values.length; at++) sum[at] = (sum[at] as number) + (values[at] as number) * share
}

const ALL = Array.from({ length: TAGS }, (_, tag) => tag)
const BEFORE = ALL.map(to => ALL.filter(from => mayFollow(from, to)))
const AFTER = ALL.map(from => ALL.filter(to => mayFollow(from, to)))

function logSum(tags: readonly number[], scoreOf: (tag: number) => number): number {
  let top = Number.NEGATIVE_INFINITY
  for (const tag of tags) top = Math.max(top, scoreOf(tag))
  if (top === Number.NEGATIVE_INFINITY) return top
  let sum = 0
  for (const tag of tags) sum += Math.exp(scoreOf(tag) - top)
  return top + Math.log(sum)
}

/** Differences smaller than this teach nothing worth the time. */
const LEAST = 2e-3

/** One step: forward and backward over a chain, then every weight that it touches. */
function createLearner({ features, transitions }: Weights, { rate, decay, dropout }: ChainOptions) {
  const squares = new Float64Array(SIZE * TAGS)
  const links = new Float64Array(TAGS * TAGS)
  const move = (list: Float32Array, sums: Float64Array, at: number, slope: number) => {
    sums[at] = (sums[at] as number) + slope * slope
    const step = rate / Math.sqrt(1e-6 + (sums[at] as number))
    list[at] = (list[at] as number) * (1 - decay * step) - step * slope
  }
  return ({ length, slots, sizes, gold }: Chain, random: () => number): void => {
    const kept = new Int32Array(length * MAX_FEATURES)
    const counts = new Uint8Array(length)
    const emit = new Float64Array(length * TAGS)
    for (let at = 0; at < length; at++) {
      const row = at * MAX_FEATURES
      let count = 0
      for (let each = 0; each < (sizes[at] as number); each++)
        if (random() >= dropout) kept[row + count++] = slots[row + each] as number
      counts[at] = count
      for (const tag of ALL) {
        let sum = 0
        for (let each = 0; each < count; each++)
          sum += features[(kept[row + each] as number) * TAGS + tag] as number
        emit[at * TAGS + tag] = sum / (1 - dropout)
      }
    }
    const { forward, backward, total } = sweep(length, emit, transitions)
    for (let at = 1; at < length; at++)
      for (const to of ALL)
        for (const from of BEFORE[to] as readonly number[]) {
          const chance = Math.exp(
            (forward[(at - 1) * TAGS + from] as number) +
              (transitions[from * TAGS + to] as number) +
              (emit[at * TAGS + to] as number) +
              (backward[at * TAGS + to] as number) -
              total,
          )
          const slope = chance - (gold[at - 1] === from && gold[at] === to ? 1 : 0)
          if (Math.abs(slope) > LEAST / 2) move(transitions, links, from * TAGS + to, slope)
        }
    for (let at = 0; at < length; at++)
      for (const tag of ALL) {
        const index = at * TAGS + tag
        const chance = Math.exp((forward[index] as number) + (backward[index] as number) - total)
        const slope = chance - (gold[at] === tag ? 1 : 0)
        if (Math.abs(slope) < LEAST) continue
        for (let each = 0; each < (counts[at] as number); each++)
          move(features, squares, (kept[at * MAX_FEATURES + each] as number) * TAGS + tag, slope)
      }
  }
}

function sweep(length: number, emit: Float64Array, transitions: Float32Array) {
  const forward = new Float64Array(length * TAGS)
  const backward = new Float64Array(length * TAGS)
  for (const tag of ALL) forward[tag] = tag === 2 ? Number.NEGATIVE_INFINITY : (emit[tag] as number)
  for (let at = 1; at < length; at++)
    for (const to of ALL)
      forward[at * TAGS + to] =
        (emit[at * TAGS + to] as number) +
        logSum(
          BEFORE[to] as readonly number[],
          from => (forward[(at - 1) * TAGS + from] as number) + (transitions[from * TAGS + to] as number),
        )
  for (let at = length - 2; at >= 0; at--)
    for (const from of ALL)
      backward[at * TAGS + from] = logSum(
        AFTER[from] as readonly number[],
        to =>
          (transitions[from * TAGS + to] as number) +
          (emit[(at + 1) * TAGS + to] as number) +
          (backward[(at + 1) * TAGS + to] as number),
      )
  const total = logSum(ALL, tag => forward[(length - 1) * TAGS + tag] as number)
  return { forward, backward, total }
}

/** Slots whose weights all stay under this are left out of the file. */
const WORTH = 0.2

export function writeChain({ features, transitions }: Weights): Uint8Array {
  const kept: number[] = []
  for (let slot = 0; slot < SIZE; slot++)
    if (ALL.some(tag => Math.abs(features[slot * TAGS + tag] as number) >= WORTH)) kept.push(slot)
  const weights = Float64Array.from(
    kept.flatMap(slot => ALL.map(tag => features[slot * TAGS + tag] as number)),
  )
  return writeSparse({
    keys: Uint32Array.from(kept),
    weights,
    columns: TAGS,
    constants: [...transitions],
    oneScale: true,
  })
}
