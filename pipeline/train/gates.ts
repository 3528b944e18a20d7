import { GATES, type Gate, type GateModel, type Gates } from '../gates.ts'
import type { Lexicon } from '../lexicon.ts'
import type { Example } from './examples.ts'
import { INNER, OUTER } from './folds.ts'
import { priorOf } from './prior.ts'
import { decide, type Fit, fitSvm, type Sample } from './svm.ts'

const COST: Record<Gate, number> = { topic: 0.5, action: 1 }
/** Flood posts are few, and the only ones that tell asking for help from talking about it. */
const MORE_FLOOD = 10

/** Set, and the share of its positives that must pass, judged on rows that the weights have not seen. */
const TARGETS: Record<Gate, { holds: (example: Example) => boolean; recall: number }> = {
  topic: { holds: ({ set, topic }) => set === 'zhengwu_duty' && topic === 1, recall: 0.885 },
  action: { holds: ({ slice }) => slice === 'weibo_flood_need_help', recall: 0.965 },
}

const labelOf = (example: Example, gate: Gate): 0 | 1 | null =>
  gate === 'topic' ? example.topic : example.action

/** Weights of one gate; positives and negatives weigh the same as wholes, by the square root of their ratio. */
function fitOne(examples: readonly Example[], gate: Gate, prior: Float64Array): Fit {
  const known = examples.filter(example => labelOf(example, gate) !== null)
  const costOf = ({ cost, slice }: Example) =>
    gate === 'action' && slice.startsWith('weibo_flood') ? cost * MORE_FLOOD : cost
  const [positive, negative] = [1, 0].map(label =>
    known.reduce((sum, each) => sum + (labelOf(each, gate) === label ? costOf(each) : 0), 0),
  ) as [number, number]
  const balance = Math.sqrt(negative / positive)
  const samples = known.map((each): Sample => {
    const isPositive = labelOf(each, gate) === 1
    return {
      index: each.index,
      value: each.value,
      label: isPositive ? 1 : -1,
      cost: costOf(each) * (isPositive ? balance : 1 / balance),
      prior: decide({ weights: prior, bias: 0 }, each.index, each.value),
    }
  })
  const { weights, bias } = fitSvm(samples, prior.length, { c: COST[gate] })
  return { weights: weights.map((weight, at) => weight + (prior[at] as number)), bias }
}

const innerFold = ({ fold }: Example): number => Math.floor(fold / OUTER)

/** Score of each example by weights that were fitted without its inner fold. */
function scoresUnseen(examples: readonly Example[], gate: Gate, prior: Float64Array): Float64Array {
  const scores = new Float64Array(examples.length)
  for (let fold = 0; fold < INNER; fold++) {
    const fit = fitOne(
      examples.filter(each => innerFold(each) !== fold),
      gate,
      prior,
    )
    examples.forEach((each, at) => {
      if (innerFold(each) === fold) scores[at] = decide(fit, each.index, each.value)
    })
  }
  return scores
}

/** The highest score that still lets `recall` of the target's positives pass; 0 where there are none. */
function thresholdFor(examples: readonly Example[], scores: Float64Array, gate: Gate): number {
  const { holds, recall } = TARGETS[gate]
  const wanted = examples
    .flatMap((example, at) => (holds(example) ? [scores[at] as number] : []))
    .sort((a, b) => b - a)
  return wanted[Math.max(0, Math.ceil(wanted.length * recall) - 1)] ?? 0
}

/** The slope at which the gates of unseen examples are likeliest, in halves. */
function slopeFor(examples: readonly Example[], scores: Float64Array, gate: Gate, threshold: number): number {
  const loss = (slope: number) =>
    examples.reduce((sum, each, at) => {
      const label = labelOf(each, gate)
      if (label === null) return sum
      const margin = slope * ((scores[at] as number) - threshold) * (label === 1 ? 1 : -1)
      return sum + each.cost * Math.log1p(Math.exp(-margin))
    }, 0)
  const slopes = Array.from({ length: 16 }, (_, at) => 0.5 + at / 2)
  return slopes.reduce((best, slope) => (loss(slope) < loss(best) ? slope : best))
}

/** Both gates; thresholds and slopes come from an inner cross-validation over the examples given. */
export function fitGates(examples: readonly Example[], lexicon: Lexicon): Gates {
  const fitted = GATES.map((gate): [Gate, GateModel] => {
    const prior = priorOf(lexicon, gate)
    const unseen = scoresUnseen(examples, gate, prior)
    const threshold = thresholdFor(examples, unseen, gate)
    const { weights, bias } = fitOne(examples, gate, prior)
    return [
      gate,
      {
        weights: Float32Array.from(weights),
        bias,
        threshold,
        slope: slopeFor(examples, unseen, gate, threshold),
      },
    ]
  })
  return Object.fromEntries(fitted) as Gates
}
