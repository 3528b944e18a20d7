import { randomFrom } from '../replica/random.ts'

/** Wilson's 95 % interval of a share, both ends 0..1; null where nothing was counted. */
export function wilson(hits: number, of: number): { low: number; high: number } | null {
  if (!of) return null
  const z = 1.96
  const p = hits / of
  const centre = (p + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of)
  return { low: centre - half, high: centre + half }
}

/** Percentile interval of any statistic: 1,000 samples of the rows with replacement, the same ones for the same rows. */
export function bootstrap<T>(
  rows: readonly T[],
  statistic: (sample: readonly T[]) => number,
): { low: number; high: number } {
  const { pick } = randomFrom(95)
  const values = Array.from({ length: 1000 }, () => statistic(rows.map(() => pick(rows)))).sort(
    (a, b) => a - b,
  )
  return { low: values[25] as number, high: values[974] as number }
}
