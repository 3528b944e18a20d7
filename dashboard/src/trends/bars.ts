import type { TrendAnswer } from '../../../api/trends/routes.ts'
import { MOODS } from '../../../api/vocabulary.ts'

export const DIMENSIONS = { topic: '主题', source: '信源', district: '辖区', mood: '情感' } as const
export type Dimension = keyof typeof DIMENSIONS
export const MEASURES = { flagged: '全部线索', own: '我局办理', watch: '关注' } as const
export type Measure = keyof typeof MEASURES

const UNSAID: Record<Dimension, string> = {
  topic: '未分主题',
  source: '未知信源',
  district: '未提及辖区',
  mood: '未判情感',
}

export const nameOf = (dimension: Dimension, row: { value: string; name: string }): string =>
  row.value === ''
    ? UNSAID[dimension]
    : dimension === 'mood'
      ? (MOODS[row.value as keyof typeof MOODS] ?? row.name)
      : row.name.replace(/^.*\//, '')

const COLOURS = ['#1d5bb8', '#e08a1e', '#15754b', '#b42318', '#6d4fc2', '#0891a5', '#c0457e'] as const
const REST = '#aab5c6'
/** Beyond this many days a bar is a week: one of a day would be too thin to press. */
const MOST_BARS = 92

export interface Bars {
  spans: { from: string; to: string }[]
  series: { name: string; values: number[]; colour: string; of: string[] }[]
}

/** Days or weeks (the last one whole), the largest values apart and the others together; `of` = the values of a series. */
export function barsOf(answer: TrendAnswer): Bars {
  const { days, rows, dimension } = answer
  const step = days.length > MOST_BARS ? 7 : 1
  const starts: number[] = []
  for (let end = days.length; end > 0; end -= step) starts.unshift(Math.max(0, end - step))
  const ends = starts.map((_, i) => starts[i + 1] ?? days.length)
  const sums = (values: readonly number[]) =>
    starts.map((start, i) => values.slice(start, ends[i]).reduce((sum, n) => sum + n, 0))
  const shown = rows.filter(({ total }) => total > 0)
  const apart = shown.slice(0, shown.length > COLOURS.length ? COLOURS.length - 1 : COLOURS.length)
  const rest = shown.slice(apart.length)
  return {
    spans: starts.map((start, i) => ({
      from: days[start] as string,
      to: days[(ends[i] as number) - 1] as string,
    })),
    series: [
      ...apart.map((row, i) => ({
        name: nameOf(dimension, row),
        values: sums(row.days),
        colour: COLOURS[i] as string,
        of: [row.value],
      })),
      ...(rest.length
        ? [
            {
              name: `其余 ${rest.length} 项`,
              values: sums(
                days.map((_, day) => rest.reduce((sum, row) => sum + (row.days[day] as number), 0)),
              ),
              colour: REST,
              of: rest.map(({ value }) => value),
            },
          ]
        : []),
    ],
  }
}
