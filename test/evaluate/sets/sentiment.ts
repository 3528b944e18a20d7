/** Sentiment on rows that the model was not trained on: five folds over all labelled texts. */
import { cleanText } from '../../../pipeline/clean.ts'
import { readSentiment } from '../../../pipeline/sentiment.ts'
import { readSparse, writeSparse } from '../../../pipeline/sparse.ts'
import { randomFrom, shuffled } from '../../../pipeline/train/random.ts'
import { type Label, readSentimentSets, trainSentiment } from '../../../pipeline/train/trainers/sentiment.ts'
import { wilson } from '../../../pipeline/wilson.ts'
import type { Figure } from '../figure.ts'
import { bootstrap } from '../interval.ts'

const FOLDS = 5
const CLASSES: Label[] = ['negative', 'neutral', 'positive']

interface Answer {
  truth: Label
  label: Label
  score: number
}

const macroF1 = (answers: readonly Answer[]): number => {
  const f1 = CLASSES.map(own => {
    const hits = answers.filter(({ truth, label }) => truth === own && label === own).length
    const all =
      answers.filter(({ truth }) => truth === own).length +
      answers.filter(({ label }) => label === own).length
    return all ? (2 * hits) / all : 0
  })
  return f1.reduce((sum, value) => sum + value, 0) / CLASSES.length
}

export async function evaluate(dataDir: string): Promise<Figure[]> {
  const texts = readSentimentSets(dataDir)
  const order = shuffled(
    texts.map((_, at) => at),
    randomFrom(20),
  )
  const answers = new Map<number, Answer>()
  for (let fold = 0; fold < FOLDS; fold++) {
    const apart = new Set(order.filter((_, at) => at % FOLDS === fold))
    const model = readSparse(writeSparse(trainSentiment(texts.filter((_, at) => !apart.has(at)))))
    for (const at of apart) {
      const { text, label: truth } = texts[at]!
      const found = readSentiment(cleanText(text).text, model)
      answers.set(at, { truth, label: found?.label ?? 'neutral', score: found?.score ?? 0 })
    }
  }
  const of = (origin: string) =>
    texts.flatMap((text, at) => (text.origin === origin ? [answers.get(at)!] : []))
  const [general, topical, messages] = [of('general'), of('topical'), of('message')]
  const right = general.filter(({ truth, score }) => score > 0 === (truth === 'positive')).length
  const accuracy = right / general.length
  const macro = macroF1(topical)
  const weak = messages.filter(({ truth, label }) => truth === label).length
  return [
    {
      set: 'sentiment_weibo2018',
      slice: '',
      what: 'accuracy, 2 classes by sign of the score',
      value: accuracy,
      ...wilson(right, general.length),
      rows: general.length,
      goal: '>= 0.86',
      met: accuracy >= 0.86,
    },
    {
      set: 'sentiment_smp2020',
      slice: '',
      what: 'macro-F1, 3 classes',
      value: macro,
      ...bootstrap(topical, macroF1),
      rows: topical.length,
      goal: '>= 0.81',
      met: macro >= 0.81,
    },
    {
      set: 'zhengwu (weak labels)',
      slice: '',
      what: 'accuracy, 3 classes by title words',
      value: weak / messages.length,
      ...wilson(weak, messages.length),
      rows: messages.length,
      goal: '',
      met: null,
    },
  ]
}
