/** Training of text-style.ts: multinomial logistic regression, plain gradient steps, order fixed by a seed. */
import { STYLE_SIZE, STYLES, type Style, type StyleWeights, styleOf, styleSlots } from '../text-style.ts'
import { randomFrom, shuffled } from './random.ts'

export interface StyledText {
  original: string
  style: Style
}

export function trainStyle(texts: readonly StyledText[]): StyleWeights & { values: Float32Array } {
  const values = new Float32Array(STYLE_SIZE * STYLES)
  const rows = texts.map(({ original, style }) => ({ slots: styleSlots(original).slice(), style }))
  const random = randomFrom(3)
  for (let round = 0; round < 12; round++)
    for (const { slots, style } of shuffled(rows, random)) {
      const sums = [0, 1, 2].map(each =>
        slots.reduce((sum, slot) => sum + (values[slot * STYLES + each] as number), 0),
      )
      const top = Math.max(...sums)
      const chances = sums.map(sum => Math.exp(sum - top))
      const total = chances.reduce((a, b) => a + b)
      for (let each = 0; each < STYLES; each++) {
        const slope = (chances[each] as number) / total - (each === style ? 1 : 0)
        const rate = 0.05 / (1 + round * 0.3)
        for (const slot of slots) {
          const index = slot * STYLES + each
          values[index] = (values[index] as number) * (1 - 0.01 * rate) - rate * slope
        }
      }
    }
  return { values, scale: 1 }
}

/** Style of each text as a model says that has not seen it, so that what learns from it meets the same errors. */
export function crossStyles(texts: readonly StyledText[], folds = 5): Style[] {
  const order = shuffled(
    texts.map((_, at) => at),
    randomFrom(5),
  )
  const styles: Style[] = texts.map(() => 0)
  for (let fold = 0; fold < folds; fold++) {
    const apart = new Set(order.filter((_, at) => at % folds === fold))
    const weights = trainStyle(texts.filter((_, at) => !apart.has(at)))
    for (const at of apart) styles[at] = styleOf((texts[at] as StyledText).original, weights)
  }
  return styles
}
