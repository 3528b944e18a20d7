import { readModel } from './models.ts'
import type { Sentiment } from './post.ts'
import { isBreak, type Opinion, visitSentiment } from './sentiment-features.ts'
import { readSparse, type SparseModel } from './sparse.ts'

/** A stretch of the cleaned text that decided, and which way. */
export interface Phrase {
  start: number
  end: number
  weight: number
}

/**
 * Columns of the model: praise against blame in general posts; the three classes in posts on a topic; whether a post
 * is a general one; whether it is a message to the government; whether such a message complains.
 */
export const OUTPUTS = {
  polarity: 0,
  negative: 1,
  neutral: 2,
  positive: 3,
  general: 4,
  message: 5,
  complaint: 6,
} as const
export const OUTPUT_COUNT = 7

const PHRASES = 3
const LONGEST_PHRASE = 10

let model: SparseModel | undefined
const loaded = (): SparseModel => {
  model ??= readSparse(readModel('sentiment.bin.gz'))
  return model
}

let stamps = new Uint32Array(0)
let stamp = 0
const tops = new Float64Array(OUTPUT_COUNT)
/** What each visited feature was and where it stood, for the phrases. */
let seen = new Int32Array(3 * 4096)
let seenSize = 0

const round = (value: number) => Math.round(value * 1000) / 1000

/** Feeling of a cleaned text and the phrases that it rests on; null where there is nothing to read. */
export function readSentiment(
  text: string,
  weights: SparseModel = loaded(),
): (Pick<Sentiment, 'label' | 'score'> & { phrases: Phrase[] }) | null {
  const { slotOf, values, scales, constants } = weights
  if (stamps.length < weights.size) stamps = new Uint32Array(weights.size)
  stamp++
  tops.fill(0)
  let count = 0
  let slot = -1
  seenSize = 0
  if (seen.length < text.length * 24) seen = new Int32Array(text.length * 48)
  const opinions = visitSentiment(
    text,
    key => {
      slot = slotOf(key)
      return slot >= 0
    },
    (_key, start, end) => {
      if (end > start) {
        seen[seenSize++] = slot
        seen[seenSize++] = start
        seen[seenSize++] = end
      }
      if (stamps[slot] === stamp) return
      stamps[slot] = stamp
      count++
      for (let output = 0; output < OUTPUT_COUNT; output++)
        tops[output] = (tops[output] as number) + (values[slot * OUTPUT_COUNT + output] as number)
    },
  )
  if (!seenSize) return null
  const scale = 1 / Math.sqrt(count)
  const out = [...tops].map(
    (sum, output) => sum * (scales[output] as number) * scale + (constants[output] as number),
  )
  const at = (output: keyof typeof OUTPUTS) => out[OUTPUTS[output]] as number
  const shares = sharesOf(at('general'), at('message'))
  const raw =
    shares.general * at('polarity') +
    shares.topical * (at('positive') - at('negative')) -
    shares.message * at('complaint') +
    OPINION *
      Math.max(
        -3,
        Math.min(
          3,
          opinions.reduce((sum, { value }) => sum + value, 0),
        ),
      )
  const calm =
    shares.message > 0
      ? at('complaint') < 0 && at('neutral') > at('positive')
      : at('neutral') > Math.max(at('negative'), at('positive'))
  const label = calm ? 'neutral' : raw > 0 ? 'positive' : 'negative'
  const score = scoreOf(label, raw)
  const phrases =
    label === 'neutral' ? [] : phrasesOf(text, label === 'positive' ? 1 : -1, shares, weights, opinions)
  return { label, score, phrases }
}

/** How much each kind of text says about this one. */
interface Shares {
  general: number
  topical: number
  message: number
}

/** Steepness of the doubt between general and topical posts, and weight of the latter; chosen by cross-validation. */
const STEEP = 4
const TOPICAL = 0.25
/** What a word of praise or blame adds by itself, so that negation turns a text that the rest leaves open. */
const OPINION = 0.06

function sharesOf(general: number, message: number): Shares {
  if (message > 0) return { general: 0, topical: 0, message: 1 }
  const share = 1 / (1 + Math.exp(-STEEP * general))
  return { general: share, topical: TOPICAL * (1 - share), message: 0 }
}

/** Sign and label never disagree; a neutral text stays near nought, on the side that it leans to. */
function scoreOf(label: Sentiment['label'], raw: number): number {
  const value = Math.tanh(raw)
  const side = value < 0 ? -1 : 1
  if (label === 'neutral') return round(side * Math.max(0.001, Math.min(0.2, Math.abs(value))))
  return round((label === 'positive' ? 1 : -1) * Math.max(0.05, Math.abs(value)))
}

/** The stretches whose weights pull hardest to the label's side; words with their negation or degree go whole. */
function phrasesOf(
  text: string,
  side: 1 | -1,
  shares: Shares,
  { values, scales }: SparseModel,
  opinions: readonly Opinion[],
): Phrase[] {
  const pull = new Float64Array(text.length)
  for (let each = 0; each < seenSize; each += 3) {
    const [start, end] = [seen[each + 1] as number, seen[each + 2] as number]
    const at = (seen[each] as number) * OUTPUT_COUNT
    const own = (output: number) => (values[at + output] as number) * (scales[output] as number)
    const weight =
      shares.general * own(OUTPUTS.polarity) +
      shares.topical * (own(OUTPUTS.positive) - own(OUTPUTS.negative)) -
      shares.message * own(OUTPUTS.complaint)
    for (let inside = start; inside < end; inside++)
      pull[inside] = (pull[inside] as number) + (side * weight) / (end - start)
  }
  const found = opinions
    .filter(({ value }) => Math.sign(value) === side)
    .map(({ start, end, value }) => ({ start, end, weight: Math.abs(value) + sumOf(pull, start, end) }))
  for (const stretch of stretchesOf(text, pull))
    if (!found.some(({ start, end }) => start < stretch.end && stretch.start < end)) found.push(stretch)
  return found
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.start - b.start)
    .slice(0, PHRASES)
    .map(({ start, end, weight }) => ({ start, end, weight: round(weight * side) }))
    .sort((a, b) => a.start - b.start)
}

const sumOf = (pull: Float64Array, start: number, end: number): number => {
  let sum = 0
  for (let at = start; at < end; at++) sum += pull[at] as number
  return sum
}

/** Runs of characters that all pull the same way, inside one clause. */
function stretchesOf(text: string, pull: Float64Array): Phrase[] {
  const stretches: Phrase[] = []
  for (let at = 0; at < text.length; at++) {
    let end = at
    while (
      end < text.length &&
      end - at < LONGEST_PHRASE &&
      (pull[end] as number) > 0 &&
      !isBreak(text.charCodeAt(end))
    )
      end++
    if (end - at >= 2) {
      stretches.push({ start: at, end, weight: sumOf(pull, at, end) })
      at = end
    }
  }
  return stretches
}
