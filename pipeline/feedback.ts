import type { HitBuffer } from './automaton.ts'
import type { WordTable } from './words.ts'

/** A word that posts kept (points > 0) or dismissed (points < 0) by duty staff have in common; plain data, as from a table. */
export interface FeedbackWeight {
  word: string
  /** Gate units, of the topic gate. */
  points: number
}

/** No word moves the gate further than this, and all together no further than `MOST_IN_ALL`: rules decide, feedback leans. */
export const MOST_PER_WORD = 0.2
export const MOST_IN_ALL = 0.3

const bounded = (points: number, most: number) => Math.max(-most, Math.min(most, points))

export interface FeedbackHit {
  word: string
  points: number
  start: number
  end: number
}

/** Each word counts once a text, at its first place; sorted by how much it moves. */
export function compileFeedback(
  weights: readonly FeedbackWeight[],
  table: WordTable,
  clean: (word: string) => string,
): (hits: HitBuffer) => { points: number; hits: FeedbackHit[] } {
  const byNumber = new Map<number, FeedbackWeight>()
  for (const each of weights) {
    const word = clean(each.word)
    if (word) byNumber.set(table.numberOf(word), { word, points: bounded(each.points, MOST_PER_WORD) })
  }
  return hits => {
    if (!byNumber.size) return { points: 0, hits: [] }
    const found = new Map<number, FeedbackHit>()
    for (let i = 0; i < hits.count; i++) {
      const number = hits.word[i] as number
      const weight = byNumber.get(number)
      if (!weight || found.has(number)) continue
      const end = hits.end[i] as number
      found.set(number, { ...weight, start: end - weight.word.length, end })
    }
    const list = [...found.values()].sort(
      (a, b) => Math.abs(b.points) - Math.abs(a.points) || a.start - b.start,
    )
    const sum = list.reduce((total, { points }) => total + points, 0)
    return { points: bounded(sum, MOST_IN_ALL), hits: list }
  }
}
