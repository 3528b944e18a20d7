import { GATES, type Gate, type GateModel, type Gates, KINDS, type Kind } from '../gates.ts'
import type { Lexicon } from '../lexicon.ts'
import type { Example } from './examples.ts'
import { INNER, OUTER } from './folds.ts'
import { priorOf } from './prior.ts'
import { decide, type Fit, fitSvm, type Sample } from './svm.ts'

const COST: Record<Gate, number> = { topic: 0.3, action: 1 }
/** Flood posts are few, and the only ones that tell asking for help from talking about it. */
const MORE_FLOOD = 10
/** What posts learn apart from what all share counts so much; where 0, one model serves both kinds. */
const APART: Record<Gate, number> = { topic: 1, action: 0 }

/** Of each gate and kind: the share of these examples that must pass, judged by weights that have not seen them. */
interface Target {
  holds: (example: Example) => boolean
  recall: number
}
const FLOOD: Target = {
  holds: ({ slice, action }) => /^weibo_flood_(need_help|read)$/.test(slice) && action === 1,
  recall: 0.972,
}
const TARGETS: Record<Gate, Record<Kind, Target>> = {
  topic: {
    letter: {
      holds: ({ set, slice, topic }) =>
        topic === 1 && (set === 'zhengwu_duty' || (set.startsWith('zhengwu') && slice === 'read')),
      recall: 0.85,
    },
    post: {
      holds: ({ set, topic, isLetter }) => set === 'own texts' && topic === 1 && !isLetter,
      recall: 0.75,
    },
  },
  action: { letter: FLOOD, post: FLOOD },
}

const labelOf = (example: Example, gate: Gate): 0 | 1 | null =>
  gate === 'topic' ? example.topic : example.action

const kindOf = ({ isLetter }: Example): Kind => (isLetter ? 'letter' : 'post')

/** A score of an example, by the weights of its kind. */
const score = (fits: Record<Kind, Fit>, example: Example): number =>
  decide(fits[kindOf(example)], example.index, example.value)

/** Posts have every feature once more, behind all others. */
function withApart({ index, value, isLetter }: Example, apart: number, size: number) {
  if (isLetter || !apart) return { index, value }
  const count = index.length
  const both = { index: new Int32Array(count * 2), value: new Float32Array(count * 2) }
  both.index.set(index)
  both.index.set(
    index.map(each => each + size),
    count,
  )
  both.value.set(value)
  both.value.set(
    value.map(each => each * apart),
    count,
  )
  return both
}

/** Weights of one gate; positives and negatives weigh the same as wholes, by the square root of their ratio. */
function fitOne(examples: readonly Example[], gate: Gate, prior: Float64Array): Record<Kind, Fit> {
  const size = prior.length
  const apart = APART[gate]
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
      ...withApart(each, apart, size),
      label: isPositive ? 1 : -1,
      cost: costOf(each) * (isPositive ? balance : 1 / balance),
      prior: decide({ weights: prior, bias: 0 }, each.index, each.value),
    }
  })
  const { weights, bias } = fitSvm(samples, apart ? size * 2 : size, { c: COST[gate] })
  const letter = { weights: prior.map((weight, at) => weight + (weights[at] as number)), bias }
  if (!apart) return { letter, post: letter }
  const post = letter.weights.map((weight, at) => weight + apart * (weights[size + at] as number))
  return { letter, post: { weights: post, bias } }
}

const innerFold = ({ fold }: Example): number => Math.floor(fold / OUTER)

/** Score of each example by weights that were fitted without its inner fold. */
function scoresUnseen(examples: readonly Example[], gate: Gate, prior: Float64Array): Float64Array {
  const scores = new Float64Array(examples.length)
  for (let fold = 0; fold < INNER; fold++) {
    const fits = fitOne(
      examples.filter(each => innerFold(each) !== fold),
      gate,
      prior,
    )
    examples.forEach((each, at) => {
      if (innerFold(each) === fold) scores[at] = score(fits, each)
    })
  }
  return scores
}

/** The highest score that still lets `recall` of the target's examples pass; 0 where there are none. */
function thresholdFor(examples: readonly Example[], scores: Float64Array, { holds, recall }: Target): number {
  const wanted = examples
    .flatMap((example, at) => (holds(example) ? [scores[at] as number] : []))
    .sort((a, b) => b - a)
  return wanted[Math.max(0, Math.ceil(wanted.length * recall) - 1)] ?? 0
}

/** The slope at which the gates of unseen examples of these kinds are likeliest, in halves. */
function slopeFor(
  examples: readonly Example[],
  scores: Float64Array,
  gate: Gate,
  threshold: number,
  kinds: readonly Kind[],
): number {
  const loss = (slope: number) =>
    examples.reduce((sum, each, at) => {
      const label = labelOf(each, gate)
      if (label === null || !kinds.includes(kindOf(each))) return sum
      const margin = slope * ((scores[at] as number) - threshold) * (label === 1 ? 1 : -1)
      return sum + each.cost * Math.log1p(Math.exp(-margin))
    }, 0)
  const slopes = Array.from({ length: 16 }, (_, at) => 0.5 + at / 2)
  return slopes.reduce((best, slope) => (loss(slope) < loss(best) ? slope : best))
}

/** One gate of both kinds; threshold and slope come from an inner cross-validation over the examples given. */
function fitGate(examples: readonly Example[], gate: Gate, lexicon: Lexicon): Record<Kind, GateModel> {
  const prior = priorOf(lexicon, gate)
  const unseen = scoresUnseen(examples, gate, prior)
  const fits = fitOne(examples, gate, prior)
  const model = (kind: Kind, kinds: readonly Kind[]): GateModel => {
    const threshold = thresholdFor(examples, unseen, TARGETS[gate][kind])
    const slope = slopeFor(examples, unseen, gate, threshold, kinds)
    return { weights: Float32Array.from(fits[kind].weights), bias: fits[kind].bias, threshold, slope }
  }
  if (APART[gate]) return { letter: model('letter', ['letter']), post: model('post', ['post']) }
  const both = model('letter', KINDS)
  return { letter: both, post: both }
}

/** Both gates of both kinds. */
export function fitGates(examples: readonly Example[], lexicon: Lexicon): Gates {
  const [topic, action] = GATES.map(gate => fitGate(examples, gate, lexicon)) as [
    Record<Kind, GateModel>,
    Record<Kind, GateModel>,
  ]
  return {
    letter: { topic: topic.letter, action: action.letter },
    post: { topic: topic.post, action: action.post },
  }
}
