/** One figure of a bench; `ratio` = value / reference, both measured in the same run. */
export interface BenchRow {
  what: string
  value: number
  unit: string
  reference?: number
  ratio?: number
  /** As design §9 words it: `>= 0.5`, `p95 < 50 ms`. */
  goal: string
  met: boolean
}

/** How a bench hands over its rows: the last line of its stdout. */
export const printRows = (rows: readonly BenchRow[]): void => console.log(JSON.stringify(rows))
