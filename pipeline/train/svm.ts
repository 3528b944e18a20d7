import { randomFrom } from './random.ts'

/** A text as features, ready to learn from. */
export interface Sample {
  index: Int32Array
  value: Float32Array
  /** +1 or -1. */
  label: 1 | -1
  /** How much a mistake on it costs; 1 is usual. */
  cost: number
  /** Score that it has before anything is learned. */
  prior: number
}

export interface Fit {
  weights: Float64Array
  bias: number
}

/** The constant feature is this long: the larger, the freer the bias. */
const BIAS_VALUE = 1

/**
 * Linear support vector machine with squared hinge loss, by dual coordinate descent (Hsieh et al. 2008).
 * `c` is the usual cost; the same samples in the same order give the same weights.
 */
export function fitSvm(
  samples: readonly Sample[],
  size: number,
  options: { c: number; epochs?: number; tolerance?: number; seed?: number },
): Fit {
  const { c, epochs = 60, tolerance = 0.05, seed = 1 } = options
  const weights = new Float64Array(size)
  let bias = 0
  const alpha = new Float64Array(samples.length)
  const order = Int32Array.from(samples, (_, at) => at)
  const diagonal = Float64Array.from(samples, ({ cost }) => 0.5 / (c * cost))
  const square = Float64Array.from(
    samples,
    ({ value }, at) =>
      value.reduce((sum, each) => sum + each * each, BIAS_VALUE * BIAS_VALUE) + (diagonal[at] as number),
  )
  const random = randomFrom(seed)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let at = order.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1))
      const kept = order[at] as number
      order[at] = order[other] as number
      order[other] = kept
    }
    let worst = 0
    for (const at of order) {
      const { index, value, label, prior } = samples[at] as Sample
      let sum = prior + bias * BIAS_VALUE
      for (let i = 0; i < index.length; i++)
        sum += (weights[index[i] as number] as number) * (value[i] as number)
      const before = alpha[at] as number
      const gradient = label * sum - 1 + before * (diagonal[at] as number)
      const projected = before === 0 ? Math.min(gradient, 0) : gradient
      if (projected === 0) continue
      worst = Math.max(worst, Math.abs(projected))
      const after = Math.max(before - gradient / (square[at] as number), 0)
      const step = (after - before) * label
      alpha[at] = after
      if (!step) continue
      for (let i = 0; i < index.length; i++) {
        const feature = index[i] as number
        weights[feature] = (weights[feature] as number) + step * (value[i] as number)
      }
      bias += step * BIAS_VALUE
    }
    if (worst < tolerance) break
  }
  return { weights, bias: bias * BIAS_VALUE }
}

export function decide(
  fit: { weights: Float64Array | Float32Array; bias: number },
  index: Int32Array,
  value: Float32Array,
): number {
  let sum = fit.bias
  for (let i = 0; i < index.length; i++)
    sum += (fit.weights[index[i] as number] as number) * (value[i] as number)
  return sum
}
