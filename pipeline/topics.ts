import { parse } from 'yaml'
import type { PatternMatch } from './features.ts'
import type { Lexicon } from './lexicon.ts'
import type { Observation } from './observe.ts'
import type { Concern, EventClass, SeverityHint } from './post.ts'

/** What config/topics.yaml says of an event class. */
export interface Topic {
  topic: string
  concern: Concern
  unit: string
  severity: SeverityHint
}

export type Topics = Record<EventClass, Topic>

/** @throws Error naming the classes that the file leaves out. */
export function readTopics(text: string, lexicon: Lexicon): Topics {
  const topics = parse(text) as Topics
  const needed = new Set<EventClass>(['other', ...lexicon.patterns.map(({ pattern }) => pattern.event)])
  const missing = [...needed].filter(event => !topics[event]?.topic)
  if (missing.length) throw new Error(`config/topics.yaml 缺少：${missing.join('、')}`)
  return topics
}

const [PATTERN, IN_TITLE, AT_HEAD, GROUP] = [2, 2, 1, 0.5]
const HEAD = 60
const MOST_MENTIONS = 3

/** Event classes that a text speaks of, likeliest first; a pattern says more than a word, the title more than the text. */
export function eventsOf(
  lexicon: Lexicon,
  seen: Observation,
  matches: readonly PatternMatch[],
  titleEnd: number,
): EventClass[] {
  const votes = new Map<EventClass, number>()
  const vote = (event: EventClass, weight: number) => votes.set(event, (votes.get(event) ?? 0) + weight)
  for (const { pattern, start } of matches) {
    const { event } = (lexicon.patterns[pattern] as Lexicon['patterns'][number]).pattern
    vote(event, PATTERN + (start < titleEnd ? IN_TITLE : 0) + (start < titleEnd + HEAD ? AT_HEAD : 0))
  }
  for (const group of seen.groups) {
    const event = lexicon.groups[group]?.event
    if (!event) continue
    const mentions = Math.min(MOST_MENTIONS, seen.count[group] as number)
    vote(event, GROUP * (mentions + (seen.inTitle[group] ? 2 : 0)))
  }
  return [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([event]) => event)
}
