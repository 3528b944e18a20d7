import { randomFrom } from '../replica/random.ts'

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
