import { layoutOf, PER_GROUP, PER_PATTERN } from '../features.ts'
import type { Gate } from '../gates.ts'
import type { Lexicon } from '../lexicon.ts'
import { BUCKETS } from '../pieces.ts'

/** What is known before any data: a danger told speaks for, talk of games, shares and thanks against. */
const PATTERN = 0.4
const [IN_TITLE, AT_HEAD] = [0.6, 0.3]
const TALK = ['figurative', 'story', 'play', 'calm', 'praise']
const ACTION = ['ask', 'need', 'hazard', 'injury', 'facbad', 'blocked', 'leak', 'liftbad', 'crash']
/** Patterns that talk about disasters as often as they tell of one. */
const TALKED_ABOUT = /^(flood-word|emergency-plan|relief-ask|bureau)$/

/** Weights to start from; learning adds to them, so that what no set shows keeps them. */
export function priorOf(lexicon: Lexicon, gate: Gate): Float64Array {
  const layout = layoutOf(lexicon)
  const weights = new Float64Array(layout.named + BUCKETS)
  lexicon.patterns.forEach(({ pattern }, number) => {
    if (gate === 'action' && TALKED_ABOUT.test(pattern.id)) return
    const at = layout.pattern + number * PER_PATTERN
    weights.set([PATTERN, PATTERN * IN_TITLE, PATTERN * AT_HEAD], at)
  })
  const setGroups = (ids: readonly string[], weight: number) => {
    for (const id of ids) {
      const group = lexicon.groups.findIndex(each => each.id === id)
      if (group < 0) throw new Error(`lexicon: no group ${id}`)
      weights[layout.group + group * PER_GROUP] = weight
    }
  }
  setGroups(TALK, -PATTERN)
  if (gate === 'action') setGroups(ACTION, PATTERN / 2)
  return weights
}
