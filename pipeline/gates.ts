import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { layoutOf, type Vector } from './features.ts'
import type { Lexicon } from './lexicon.ts'
import { readModel } from './models.ts'
import { BUCKETS } from './pieces.ts'

/** topic: does it concern us; action: is it an event, hazard, request or complaint, not talk about one. */
export const GATES = ['topic', 'action'] as const
export type Gate = (typeof GATES)[number]

/** One linear judgement: score = bias + sum of weights; the gate is 0.5 where the score is `threshold`. */
export interface GateModel {
  /** Of the features in the order of `layoutOf`, character pieces last. */
  weights: Float32Array
  bias: number
  threshold: number
  /** How fast the gate opens around the threshold. */
  slope: number
}

/** A letter under a title and a post of a sentence or two say the same thing in other words. */
export const KINDS = ['letter', 'post'] as const
export type Kind = (typeof KINDS)[number]

/** Of each kind of text; where one model serves both kinds, it is the same object. */
export type Gates = Record<Kind, Record<Gate, GateModel>>

/** Of one kind of text. */
interface Joined {
  gates: Record<Gate, GateModel>
  /** feature x gate, in the order of GATES. */
  bytes: Uint8Array
  /** gate x byte: the weight that a byte stands for. */
  weightOf: Float32Array
}

/** Weights of both gates side by side, one byte each as the file has them: a quarter of the memory that a text walks through. */
export type JoinedGates = Record<Kind, Joined>

const BYTES = 256

function joinKind(gates: Record<Gate, GateModel>): Joined {
  const bytes = new Uint8Array(gates.topic.weights.length * GATES.length)
  const weightOf = new Float32Array(BYTES * GATES.length)
  GATES.forEach((gate, column) => {
    const { weights } = gates[gate]
    const largest = largestOf(weights)
    for (let at = 0; at < weights.length; at++)
      bytes[at * GATES.length + column] = toByte(weights[at] as number, largest)
    for (let byte = -STEPS; byte <= STEPS; byte++)
      weightOf[column * BYTES + (byte & (BYTES - 1))] = fromByte(byte, largest)
  })
  return { gates, bytes, weightOf }
}

export function joinGates(gates: Gates): JoinedGates {
  return { letter: joinKind(gates.letter), post: joinKind(gates.post) }
}

/** What each feature added to the scores, feature x gate; written over by the next text. */
let parts = new Float64Array(8192)

/** Scores of both gates, of what they are the sum, and the models that gave them. */
export function scoresOf(
  joined: JoinedGates,
  { index, value, count, isLetter }: Vector,
): Record<Gate, number> & { parts: Float64Array; gates: Record<Gate, GateModel> } {
  const { gates, bytes, weightOf } = joined[isLetter ? 'letter' : 'post']
  if (parts.length < count * 2) parts = new Float64Array(count * 4)
  let topic = gates.topic.bias
  let action = gates.action.bias
  for (let i = 0; i < count; i++) {
    const at = (index[i] as number) * 2
    const size = value[i] as number
    const forTopic = (weightOf[bytes[at] as number] as number) * size
    const forAction = (weightOf[BYTES + (bytes[at + 1] as number)] as number) * size
    topic += forTopic
    action += forAction
    parts[i * 2] = forTopic
    parts[i * 2 + 1] = forAction
  }
  return { topic, action, parts, gates }
}

/** 0..1; 0.5 = open. */
export const gateOf = (model: GateModel, score: number): number =>
  1 / (1 + Math.exp(-model.slope * (score - model.threshold)))

/** The lexicon that a model was trained with; another one gives its weights to other words. */
export const lexiconHash = ({ source }: Lexicon): string =>
  createHash('sha256').update(source).digest('hex').slice(0, 16)

interface Header {
  lexicon: string
  size: number
  gates: { gate: Gate; kinds: Kind[]; bias: number; threshold: number; slope: number; largest: number }[]
}

/** A weight as one byte: the square root keeps small ones apart. */
const STEPS = 127
const toByte = (weight: number, largest: number): number =>
  largest ? Math.sign(weight) * Math.round(Math.sqrt(Math.abs(weight) / largest) * STEPS) : 0
const fromByte = (byte: number, largest: number): number =>
  Math.sign(byte) * (byte / STEPS) * (byte / STEPS) * largest

const largestOf = (weights: Float32Array): number =>
  weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)

/** Every model once, with the kinds of text that it serves. */
export const modelsOf = (gates: Gates): { gate: Gate; kinds: Kind[]; model: GateModel }[] =>
  GATES.flatMap(gate =>
    [...Map.groupBy(KINDS, kind => gates[kind][gate])].map(([model, kinds]) => ({ gate, kinds, model })),
  )

/** Header as one line of JSON, then one byte a weight, model after model. */
export function writeGates(gates: Gates, lexicon: Lexicon): Uint8Array {
  const size = layoutOf(lexicon).named + BUCKETS
  const models = modelsOf(gates)
  const header: Header = {
    lexicon: lexiconHash(lexicon),
    size,
    gates: models.map(({ gate, kinds, model: { bias, threshold, slope, weights } }) => {
      return { gate, kinds, bias, threshold, slope, largest: largestOf(weights) }
    }),
  }
  const bytes = new Int8Array(size * models.length)
  models.forEach(({ model }, at) => {
    const { largest } = header.gates[at] as Header['gates'][number]
    model.weights.forEach((weight, i) => {
      bytes[at * size + i] = toByte(weight, largest)
    })
  })
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.from(bytes.buffer)])
}

/** @throws Error where the model was trained with another lexicon: `npm run train` first. */
export function readGates(bytes: Uint8Array, lexicon: Lexicon): Gates {
  const end = bytes.indexOf(10)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Header
  if (header.lexicon !== lexiconHash(lexicon))
    throw new Error(
      'pipeline/models/flag.bin.gz 与 pipeline/lexicon 不是一起训练的，请先运行 npm run train。',
    )
  // A Buffer is a window on a larger one: its own offset counts.
  const body = new Int8Array(bytes.buffer, bytes.byteOffset + end + 1, header.size * header.gates.length)
  const gates: Record<Kind, Partial<Record<Gate, GateModel>>> = { letter: {}, post: {} }
  header.gates.forEach(({ gate, kinds, largest, ...rest }, at) => {
    const bytesOfIt = body.subarray(at * header.size, (at + 1) * header.size)
    const model = { ...rest, weights: Float32Array.from(bytesOfIt, byte => fromByte(byte, largest)) }
    for (const kind of kinds) gates[kind][gate] = model
  })
  return gates as Gates
}

/** Packed, as pipeline/models holds it. */
export const MODEL_NAME = 'flag.bin.gz'

export const packGates = (gates: Gates, lexicon: Lexicon): Uint8Array =>
  gzipSync(writeGates(gates, lexicon), { level: 9 })

export const loadGates = (lexicon: Lexicon): Gates => readGates(gunzipSync(readModel(MODEL_NAME)), lexicon)
