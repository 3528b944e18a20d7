/** One line of `npm run evaluate`. */
export interface Figure {
  set: string
  /** Slice of the set; empty = the whole. */
  slice: string
  what: string
  /** 0..1 */
  value: number
  /** 95 % interval, where the figure is a share of counted rows. */
  low?: number
  high?: number
  rows: number
  /** e.g. `>= 0.90`; empty where none is set. */
  goal: string
  met: boolean | null
}

/** What each `NAME.ts` under test/evaluate/sets exports; `dataDir` is the folder that `--data` names. */
export type Evaluate = (dataDir: string) => Promise<Figure[]>
