/**
 * Linear two-class models on sparse binary features: weights of naive Bayes (log of how much more often a feature
 * stands in one class) inside a support vector machine, trained by coordinate descent in a fixed order.
 */
import { randomFrom, shuffled } from './random.ts'

export interface LinearOptions {
  /** Price of an error. */
  cost: number
  rounds: number
}

/** One row: the numbers of its features, ascending, each once. */
export type Row = Int32Array

/** Log ratio of each feature, add-one smoothed. */
export function logRatios(
  rows: readonly Row[],
  isFirst: (at: number) => boolean,
  features: number,
): Float64Array {
  const first = new Float64Array(features).fill(1)
  const second = new Float64Array(features).fill(1)
  rows.forEach((row, at) => {
    const counts = isFirst(at) ? first : second
    for (const feature of row) counts[feature] = (counts[feature] as number) + 1
  })
  const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0)
  const shift = Math.log(sum(second) / sum(first))
  return first.map((count, at) => Math.log(count / (second[at] as number)) + shift)
}

/**
 * Weight of each feature and the constant; a text's score is (sum of its weights) / sqrt(number of its features) +
 * constant: over 0 = first class.
 */
export function trainLinear(
  rows: readonly Row[],
  isFirst: (at: number) => boolean,
  features: number,
  { cost, rounds }: LinearOptions,
): { weights: Float64Array; constant: number } {
  const ratios = logRatios(rows, isFirst, features)
  const weights = new Float64Array(features)
  const alphas = new Float64Array(rows.length)
  let constant = 0
  const scales = rows.map(row => 1 / Math.sqrt(Math.max(1, row.length)))
  const lengths = rows.map((row, at) => {
    let sum = 1
    for (const feature of row) sum += ((ratios[feature] as number) * (scales[at] as number)) ** 2
    return sum
  })
  const slack = 1 / (2 * cost)
  const random = randomFrom(11)
  const order = rows.map((_, at) => at)
  for (let round = 0; round < rounds; round++) {
    let moved = 0
    for (const at of shuffled(order, random)) {
      const row = rows[at] as Row
      const scale = scales[at] as number
      const sign = isFirst(at) ? 1 : -1
      let sum = 0
      for (const feature of row) sum += (weights[feature] as number) * (ratios[feature] as number)
      const slope = sign * (sum * scale + constant) - 1 + slack * (alphas[at] as number)
      const alpha = Math.max(0, (alphas[at] as number) - slope / ((lengths[at] as number) + slack))
      const step = (alpha - (alphas[at] as number)) * sign
      if (!step) continue
      moved = Math.max(moved, Math.abs(step))
      alphas[at] = alpha
      constant += step
      for (const feature of row)
        weights[feature] = (weights[feature] as number) + step * scale * (ratios[feature] as number)
    }
    if (moved < 1e-3) break
  }
  return { weights: weights.map((weight, at) => weight * (ratios[at] as number)), constant }
}
