import type { Measure } from '../../../api/statistics/routes.ts'

export const percent = (rate: number | null): string => (rate === null ? '—' : `${(rate * 100).toFixed(1)}%`)
export const averageDays = (days: number | null): string => (days === null ? '—' : `${days.toFixed(1)} 天`)

/** Columns of a breakdown, in their order. */
export const COLUMNS: readonly Measure[] = [
  'received',
  'due',
  'onTime',
  'late',
  'extended',
  'answered',
  'private',
  'secondRound',
  'feedback',
  'result',
]

/** The name of a measure stands before its formula: `受理：期内…`. */
export const nameOf = (formula: string): string => formula.split('：')[0] ?? ''
