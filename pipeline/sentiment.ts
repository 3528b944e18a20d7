import { readModel } from './models.ts'
import type { Sentiment } from './post.ts'
import { type Features, isBreak, type Opinion, sentimentFeatures } from './sentiment-features.ts'
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

/** Marks what the text at hand has counted; a mark of a model is never 0. */
let turn = 1

const round = (value: number) => Math.round(value * 1000) / 1000

/** Sums of the weights of the features, each once, in the order of OUTPUTS; `count` = how many they are. */
function sumsOf(
  { slot, count }: Features,
  { values, marks, markAt }: SparseModel,
): { sums: number[]; count: number } {
  turn++
  let kinds = 0
  let [a, b, c, d, e, f, g] = [0, 0, 0, 0, 0, 0, 0]
  for (let each = 0; each < count; each++) {
    const at = slot[each] as number
    const mark = (at >> 2) + markAt
    if (marks[mark] === turn) continue
    marks[mark] = turn
    kinds++
    a += values[at] as number
    b += values[at + 1] as number
    c += values[at + 2] as number
    d += values[at + 3] as number
    e += values[at + 4] as number
    f += values[at + 5] as number
    g += values[at + 6] as number
  }
  return { sums: [a, b, c, d, e, f, g], count: kinds }
}

/** Phrases are ranges of the text that was read. */
export type Feeling = Pick<Sentiment, 'label' | 'score'> & {
  phrases: Phrase[]
  /** Has a word of praise or thanks, negation counted in. */
  praises: boolean
}

/** Feeling of a cleaned text and the phrases that it rests on; null where there is nothing to read. */
export function readSentiment(text: string, weights: SparseModel = loaded()): Feeling | null {
  const { scales, constants } = weights
  const features = sentimentFeatures(text, weights)
  if (!hasStretch(features)) return null
  const { sums, count } = sumsOf(features, weights)
  const scale = 1 / Math.sqrt(count)
  const out = sums.map(
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
          features.opinions.reduce((sum, { value }) => sum + value, 0),
        ),
      )
  const calm =
    shares.message > 0
      ? at('complaint') < 0 && at('neutral') > at('positive')
      : at('neutral') > Math.max(at('negative'), at('positive'))
  const label = calm ? 'neutral' : raw > 0 ? 'positive' : 'negative'
  const score = scoreOf(label, raw)
  const phrases =
    label === 'neutral' ? [] : phrasesOf(text, label === 'positive' ? 1 : -1, shares, weights, features)
  return { label, score, phrases, praises: features.opinions.some(({ value }) => value > 0) }
}

/** The stretches come before the properties of the whole. */
const hasStretch = ({ count, start, end }: Features): boolean =>
  count > 0 && (end[0] as number) > (start[0] as number)

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

/** A neutral text's score is no further from nought. */
const NEUTRAL_MOST = 0.2

/** Sign and label never disagree; a neutral text stays near nought, on the side that it leans to. */
function scoreOf(label: Sentiment['label'], raw: number): number {
  const value = Math.tanh(raw)
  const side = value < 0 ? -1 : 1
  if (label === 'neutral') return round(side * Math.max(0.001, Math.min(NEUTRAL_MOST, Math.abs(value))))
  return round((label === 'positive' ? 1 : -1) * Math.max(0.05, Math.abs(value)))
}

let pull = new Float64Array(4096)

/** How hard each character pulls to the side: every stretch shares its weight among its characters. */
function pullOf(
  length: number,
  side: 1 | -1,
  shares: Shares,
  { values, scales }: SparseModel,
  { slot, start, end, count }: Features,
): void {
  if (pull.length < length) pull = new Float64Array(length * 2)
  pull.fill(0, 0, length)
  const [polarity, negative, positive, complaint] = [
    scales[OUTPUTS.polarity] as number,
    scales[OUTPUTS.negative] as number,
    scales[OUTPUTS.positive] as number,
    scales[OUTPUTS.complaint] as number,
  ]
  const { general, topical, message } = shares
  for (let each = 0; each < count; each++) {
    const [from, to] = [start[each] as number, end[each] as number]
    const at = slot[each] as number
    const weight =
      general * ((values[at + OUTPUTS.polarity] as number) * polarity) +
      topical *
        ((values[at + OUTPUTS.positive] as number) * positive -
          (values[at + OUTPUTS.negative] as number) * negative) -
      message * ((values[at + OUTPUTS.complaint] as number) * complaint)
    const part = (side * weight) / (to - from)
    for (let inside = from; inside < to; inside++) pull[inside] = (pull[inside] as number) + part
  }
}

/** The heaviest so far, heaviest first, of equals the earlier one. */
function keep(best: Phrase[], start: number, end: number, weight: number): void {
  let rank = best.length
  while (rank > 0 && isHeavier(weight, start, best[rank - 1] as Phrase)) rank--
  if (rank === PHRASES || !(weight > 0)) return
  best.splice(rank, 0, { start, end, weight })
  best.length = Math.min(PHRASES, best.length)
}

const isHeavier = (weight: number, start: number, than: Phrase): boolean =>
  weight > than.weight || (weight === than.weight && start < than.start)

/**
 * What pulls hardest to the label's side: words that praise or blame, whole with their negation or degree; where there
 * are few, runs of letters too.
 */
function phrasesOf(
  text: string,
  side: 1 | -1,
  shares: Shares,
  weights: SparseModel,
  features: Features,
): Phrase[] {
  pullOf(text.length, side, shares, weights, features)
  const opinions = features.opinions.filter(({ value }) => Math.sign(value) === side)
  const words: Phrase[] = []
  const runs: Phrase[] = []
  for (const { start, end, value } of opinions) keep(words, start, end, Math.abs(value) + sumOf(start, end))
  // Opinions stand in the order of the text, and so do the runs.
  let next = 0
  // Runs of characters that all pull the same way, inside one clause.
  for (let at = 0; at < text.length; at++) {
    let end = at
    let sum = 0
    while (
      end < text.length &&
      end - at < LONGEST_PHRASE &&
      (pull[end] as number) > 0 &&
      !isBreak(text.charCodeAt(end))
    )
      sum += pull[end++] as number
    if (end - at < 2) continue
    // 无人员伤亡 is no blame, whatever its letters weigh.
    while (next < features.opinions.length && (features.opinions[next] as Opinion).end <= at) next++
    if (!((features.opinions[next]?.start ?? end) < end)) keep(runs, at, end, sum)
    at = end
  }
  return [...words, ...runs]
    .slice(0, PHRASES)
    .map(({ start, end, weight }) => ({ start, end, weight: round(weight * side) }))
    .sort((a, b) => a.start - b.start)
}

const sumOf = (start: number, end: number): number => {
  let sum = 0
  for (let at = start; at < end; at++) sum += pull[at] as number
  return sum
}

/** Who tells of a danger without a word of praise or thanks does not rejoice, whatever the rest of it weighs. */
export const soberly = (feeling: Feeling): Feeling =>
  feeling.label === 'positive' && !feeling.praises
    ? { ...feeling, label: 'neutral', score: Math.min(NEUTRAL_MOST, feeling.score), phrases: [] }
    : feeling

/** The model leans on pronouns, times and numbers too; to people they tell nothing of a feeling. */
const TELLS_NOTHING =
  /^(?:[\d\p{P}\s]+|[我你他她它]们?|我家|大家|有人|别人|自己|今天|昨天|明天|现在|早上|中午|下午|晚上|刚才|然后|部门|编号\d*|电话)$/u
export const isTelling = (words: string): boolean => !TELLS_NOTHING.test(words)
