import { cleanText } from '../../clean.ts'
import { OUTPUT_COUNT, OUTPUTS } from '../../sentiment.ts'
import { sentimentFeatures } from '../../sentiment-features.ts'
import { type Keys, type SparseRows, writeSparse } from '../../sparse.ts'
import { type LinearOptions, type Row, trainLinear } from '../linear.ts'
import { readRows, type Trained } from '../trainer.ts'

export type Label = 'negative' | 'neutral' | 'positive'
/** general: no third class in its labels; topical: three classes; message: citizens to the government, weakly labelled. */
export type Origin = 'general' | 'topical' | 'message'

export interface LabelledText {
  text: string
  label: Label
  origin: Origin
}

const BLAME =
  /投诉|举报|扰民|严重|违规|违法|乱|太|黑心|坑|骗|拖欠|噪音|污染|隐患|不作为|没人管|无人管|脏|臭|不合理|质疑|拖延|欺|恶劣/
const THANKS = /感谢|表扬|点赞/

/** Titles that say themselves what they are; others are left out. */
function weakLabel(title: string): Label | null {
  if (THANKS.test(title)) return 'positive'
  if (BLAME.test(title)) return 'negative'
  return /^(?:请问|关于)?.{0,4}(?:咨询|请问)/.test(title) ? 'neutral' : null
}

export function readSentimentSets(dataDir: string): LabelledText[] {
  type Post = { text: string; polarity: Label | null }
  type Message = { title: string | null; text: string }
  const posts = (set: string, origin: Origin) =>
    readRows<Post>(dataDir, `${set}/dev.jsonl`).flatMap(({ text, polarity }) =>
      polarity ? [{ text, label: polarity, origin }] : [],
    )
  const messages = ['zhengwu_pool', 'zhengwu_category7'].flatMap(set =>
    readRows<Message>(dataDir, `${set}/dev.jsonl`).flatMap(({ title, text }) => {
      const label = title ? weakLabel(title) : null
      return label ? [{ text: `${title}\n${text}`, label, origin: 'message' as const }] : []
    }),
  )
  return [...posts('sentiment_weibo2018', 'general'), ...posts('sentiment_smp2020', 'topical'), ...messages]
}

/** A feature of a post must occur twice; one of the long messages, which are only a side dish, more often. */
const IN_POSTS = 2
const IN_MESSAGES = 8

function countFeatures(texts: readonly LabelledText[]): { keys: Uint32Array; rows: Row[] } {
  const all = new Map<number, number>()
  const everyKey: Keys = {
    mayKnow: () => true,
    slotOf: key => {
      const number = all.get(key >>> 0) ?? all.size
      all.set(key >>> 0, number)
      return number
    },
  }
  const numbered = texts.map(({ text }) => {
    const { slot, count } = sentimentFeatures(cleanText(text).text, everyKey)
    return new Set(slot.subarray(0, count))
  })
  const keyOf = [...all.keys()]
  const found = numbered.map(numbers => Array.from(numbers, number => keyOf[number] as number))
  const posts = new Map<number, number>()
  const messages = new Map<number, number>()
  found.forEach((keys, at) => {
    const counts = texts[at]?.origin === 'message' ? messages : posts
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  })
  const kept = new Set<number>()
  for (const [key, count] of posts) if (count >= IN_POSTS) kept.add(key)
  for (const [key, count] of messages) if (count >= IN_MESSAGES) kept.add(key)
  const keys = Uint32Array.from(kept).sort()
  const numbers = new Map([...keys].map((key, at) => [key, at]))
  const rows = found.map(own => Int32Array.from([...own].flatMap(key => numbers.get(key) ?? [])).sort())
  return { keys, rows }
}

const GENERAL: LinearOptions = { cost: 1, rounds: 40 }
const CLASSES: LinearOptions = { cost: 0.5, rounds: 40 }
/** How much a pair of classes against each other adds to one class against the rest. */
const PAIRS = 0.5

const from = (own: Origin) => (text: LabelledText) => text.origin === own
const is = (own: Label) => (text: LabelledText) => text.label === own

/** Columns as in OUTPUTS of sentiment.ts. */
export function trainSentiment(texts: readonly LabelledText[]): SparseRows {
  const { keys, rows } = countFeatures(texts)
  const columns: { weights: Float64Array; constant: number }[] = Array.from({ length: OUTPUT_COUNT }, () => ({
    weights: new Float64Array(keys.length),
    constant: 0,
  }))
  const add = (
    output: number,
    factor: number,
    uses: (text: LabelledText) => boolean,
    isFirst: (text: LabelledText) => boolean,
    options: LinearOptions,
  ) => {
    const chosen = texts.flatMap((text, at) => (uses(text) ? [at] : []))
    const learned = trainLinear(
      chosen.map(at => rows[at] as Row),
      at => isFirst(texts[chosen[at] as number] as LabelledText),
      keys.length,
      options,
    )
    const column = columns[output] as { weights: Float64Array; constant: number }
    column.constant += factor * learned.constant
    learned.weights.forEach((weight, at) => {
      column.weights[at] = (column.weights[at] as number) + factor * weight
    })
    return learned
  }
  add(OUTPUTS.polarity, 1, from('general'), is('positive'), GENERAL)
  const classes: Label[] = ['negative', 'neutral', 'positive']
  classes.forEach((own, at) => {
    add(at + 1, 1, from('topical'), is(own), CLASSES)
    classes.forEach((other, after) => {
      if (after <= at) return
      const uses = ({ origin, label }: LabelledText) =>
        origin === 'topical' && (label === own || label === other)
      const pair = add(at + 1, PAIRS, uses, is(own), CLASSES)
      const opposite = columns[after + 1] as { weights: Float64Array; constant: number }
      opposite.constant -= PAIRS * pair.constant
      pair.weights.forEach((weight, key) => {
        opposite.weights[key] = (opposite.weights[key] as number) - PAIRS * weight
      })
    })
  })
  const isPost = ({ origin }: LabelledText) => origin !== 'message'
  add(OUTPUTS.general, 1, isPost, from('general'), CLASSES)
  add(OUTPUTS.message, 1, () => true, from('message'), CLASSES)
  add(OUTPUTS.complaint, 1, from('message'), is('negative'), CLASSES)
  const weights = new Float64Array(keys.length * OUTPUT_COUNT)
  columns.forEach((column, output) => {
    column.weights.forEach((weight, at) => {
      weights[at * OUTPUT_COUNT + output] = weight
    })
  })
  return { keys, weights, columns: OUTPUT_COUNT, constants: columns.map(({ constant }) => constant) }
}

export async function train(dataDir: string): Promise<Trained> {
  return { 'sentiment.bin.gz': writeSparse(trainSentiment(readSentimentSets(dataDir))) }
}
