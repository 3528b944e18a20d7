/** What decisions of duty staff teach (design §4): words that kept and dismissed posts have in common. Pure. */
import { type FeedbackWeight, MOST_PER_WORD } from '../../pipeline/feedback.ts'
import type { DismissReason } from '../vocabulary.ts'

/** One flag that staff decided; `kept` = the filter was right to show it. */
export interface Decision {
  postId: number
  text: string
  kept: boolean
}

export interface LearnedWord extends FeedbackWeight {
  /** Decided posts that hold the word. */
  kept: number
  dismissed: number
}

/** A duplicate or an old story was rightly found; "not local" is the place's fault, so no word learns from it. */
const TEACHES: Record<DismissReason, boolean | null> = {
  duplicate: true,
  old: true,
  not_ours: false,
  advertisement: false,
  other: null,
  not_local: null,
}

/** Whether a decided flag was rightly shown; null = says nothing about its words. */
export const taught = (state: string, reason: string | null): boolean | null =>
  state === 'slip' ? true : state === 'dismissed' ? (TEACHES[reason as DismissReason] ?? null) : null

/** Fewer decisions than this teach nothing. */
export const LEAST_DECISIONS = 30
const LEAST_POSTS = 5
const MOST_WORDS = 60
/** So many posts of the usual share are counted besides those seen: rare words move little. */
const PRIOR = 8
/** Gate units for a share that lies 1 off the usual one. */
const SLOPE = 0.4
/** Standard errors that a word's share must lie off the usual one. */
const SURE = 2.5
/** Less is not worth a proposal. */
const LEAST_POINTS = 0.03

const isWord = (word: string) => /^\p{Script=Han}{2,}$/u.test(word)

/**
 * Words whose posts were kept or dismissed clearly oftener than usual, strongest first. Points are bounded, and the same
 * decisions in any order give the same words. `cut` splits a text into words.
 */
export function learnWords(
  decisions: readonly Decision[],
  cut: (text: string) => readonly string[],
): LearnedWord[] {
  const kept = decisions.filter(each => each.kept).length
  const usual = kept / decisions.length
  if (decisions.length < LEAST_DECISIONS || !kept || kept === decisions.length) return []
  const counts = new Map<string, { kept: number; dismissed: number }>()
  for (const { text, kept: isKept } of decisions)
    for (const word of new Set(cut(text).filter(isWord))) {
      const count = counts.get(word) ?? { kept: 0, dismissed: 0 }
      count[isKept ? 'kept' : 'dismissed']++
      counts.set(word, count)
    }
  return [...counts]
    .flatMap(([word, count]) => {
      const posts = count.kept + count.dismissed
      const sigmas = Math.abs(count.kept - posts * usual) / Math.sqrt(posts * usual * (1 - usual))
      if (posts < LEAST_POSTS || sigmas < SURE) return []
      const share = (count.kept + PRIOR * usual) / (posts + PRIOR)
      const points =
        Math.round(Math.max(-MOST_PER_WORD, Math.min(MOST_PER_WORD, SLOPE * (share - usual))) * 100) / 100
      return Math.abs(points) < LEAST_POINTS ? [] : [{ word, points, ...count }]
    })
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || (a.word < b.word ? -1 : 1))
    .slice(0, MOST_WORDS)
}

/** Whether two sets would judge alike: the same words with the same points. */
export const sameWords = (a: readonly FeedbackWeight[], b: readonly FeedbackWeight[]): boolean => {
  const told = (list: readonly FeedbackWeight[]) =>
    list
      .map(({ word, points }) => `${word} ${points}`)
      .sort()
      .join('\n')
  return told(a) === told(b)
}
