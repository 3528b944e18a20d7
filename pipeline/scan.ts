import { type HitBuffer, hitBuffer } from './automaton.ts'
import { type Cleaned, cleanText } from './clean.ts'
import { unmask } from './evasion.ts'
import { createExtractor, matchPatterns, type PatternMatch, type Vector } from './features.ts'
import { compileFeedback, type FeedbackHit, type FeedbackWeight } from './feedback.ts'
import type { Lexicon } from './lexicon.ts'
import { createObserver, type Observation } from './observe.ts'
import { compileRules, type Rule, type RuleContext, type RuleMatch } from './rules.ts'
import { WordTable } from './words.ts'

/** All that one pass over a text finds; its arrays are used again for the next text. */
export interface Seen {
  text: string
  titleEnd: number
  hits: HitBuffer
  observation: Observation
  patterns: PatternMatch[]
  vector: Vector
  rules: RuleMatch[]
  feedback: { points: number; hits: FeedbackHit[] }
}

/** Title and text as one, and where the text begins in it. */
export interface Joined {
  original: string
  textAt: number
}

export const joinTitle = ({ title, text }: { title?: string | null; text: string }): Joined => {
  const head = title ? `${title}\n` : ''
  return { original: head + text, textAt: head.length }
}

const LONGEST_TITLE = 60
const SHORTEST_BODY = 20

/** Where the title ends in the text that is read; without one, a short first line above the rest stands for it. */
export function titleEndOf({ text, offsets }: Cleaned, textAt: number): number {
  if (!textAt) {
    const line = text.indexOf('\n')
    return line > 0 && line <= LONGEST_TITLE && text.length - line > SHORTEST_BODY ? line : 0
  }
  let [low, high] = [0, offsets.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((offsets[middle] as number) < textAt) low = middle + 1
    else high = middle
  }
  return low
}

export type Scan = (read: Cleaned, titleEnd: number, context: RuleContext) => Seen

const plainWord = (word: string): string => cleanText(word).text

/** One automaton for the words of the lexicon, of all rules and of the duty feedback. */
export function compileScan(
  lexicon: Lexicon,
  rules: readonly Rule[] = [],
  feedback: readonly FeedbackWeight[] = [],
): Scan {
  const table = new WordTable()
  // The lexicon's numbers are its own: it enters first.
  for (const word of lexicon.words) table.numberOf(word)
  const withWords = compileRules(rules, table, plainWord)
  const findFeedback = compileFeedback(feedback, table, plainWord)
  const automaton = table.compile()
  const matchRules = withWords(automaton.words)
  const hits = hitBuffer()
  const observe = createObserver(lexicon)
  const extract = createExtractor(lexicon)
  return ({ text }, titleEnd, context) => {
    automaton.scan(text, hits)
    const observation = observe(hits, titleEnd)
    const patterns = matchPatterns(lexicon, observation)
    return {
      text,
      titleEnd,
      hits,
      observation,
      patterns,
      vector: extract(text, titleEnd, observation, patterns),
      rules: matchRules(hits, text, titleEnd, context),
      feedback: findFeedback(hits),
    }
  }
}

/** The lexicon alone, without the bureau's rules: for training. */
export function createLook(lexicon: Lexicon): (text: { title?: string | null; text: string }) => Seen {
  const scan = compileScan(lexicon)
  return text => {
    const { original, textAt } = joinTitle(text)
    const read = unmask(cleanText(original))
    return scan(read, titleEndOf(read, textAt), {})
  }
}
