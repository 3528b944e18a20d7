import type { HitBuffer } from './automaton.ts'
import type { Lexicon } from './lexicon.ts'

/** What the lexicon sees in one text; the arrays are used again for the next. */
export interface Observation {
  /** Occurrences of each group, and whether one is in the title. */
  count: Int32Array
  inTitle: Uint8Array
  /** Where each group occurred first. */
  firstStart: Int32Array
  firstEnd: Int32Array
  /** Smallest gap of each pair in characters, `FAR` where it is wider than the pair's `within`. */
  gap: Int32Array
  /** Where the two closest occurrences of each pair are: start, end, start, end. */
  spots: Int32Array
  /** Groups, pairs and words that occurred, each once. */
  groups: number[]
  pairs: number[]
  words: number[]
}

export const FAR = 0x7fff_ffff

/** One pass over the hits: counts, titles, nearest pairs. The lexicon's words come first in the table of the hits. */
export function createObserver(lexicon: Lexicon): (hits: HitBuffer, titleEnd: number) => Observation {
  const { words, groupStart, groupList, pairStart, pairList, pairs, groups } = lexicon
  const lengths = Int32Array.from(words, word => word.length)
  const [pairA, pairB, within] = [
    Int32Array.from(pairs, ({ a }) => a),
    Int32Array.from(pairs, ({ b }) => b),
    Int32Array.from(pairs, each => each.within),
  ]
  const lastStart = new Int32Array(groups.length)
  const lastEnd = new Int32Array(groups.length)
  const seen = new Uint8Array(words.length)
  const found: Observation = {
    count: new Int32Array(groups.length),
    inTitle: new Uint8Array(groups.length),
    firstStart: new Int32Array(groups.length),
    firstEnd: new Int32Array(groups.length),
    gap: new Int32Array(pairs.length).fill(FAR),
    spots: new Int32Array(pairs.length * 4),
    groups: [],
    pairs: [],
    words: [],
  }

  function reset(): void {
    for (const group of found.groups) {
      found.count[group] = 0
      found.inTitle[group] = 0
    }
    for (const pair of found.pairs) found.gap[pair] = FAR
    for (const word of found.words) seen[word] = 0
    found.groups.length = 0
    found.pairs.length = 0
    found.words.length = 0
  }

  function pairUp(group: number, start: number, end: number): void {
    for (let at = pairStart[group] as number; at < (pairStart[group + 1] as number); at++) {
      const pair = pairList[at] as number
      const other = (pairA[pair] === group ? pairB[pair] : pairA[pair]) as number
      if (!found.count[other]) continue
      const gap = Math.max(0, start - (lastEnd[other] as number))
      const best = found.gap[pair] as number
      if (gap > (within[pair] as number) || gap >= best) continue
      if (best === FAR) found.pairs.push(pair)
      found.gap[pair] = gap
      found.spots[pair * 4] = lastStart[other] as number
      found.spots[pair * 4 + 1] = lastEnd[other] as number
      found.spots[pair * 4 + 2] = start
      found.spots[pair * 4 + 3] = end
    }
  }

  return (hits, titleEnd) => {
    reset()
    for (let i = 0; i < hits.count; i++) {
      const word = hits.word[i] as number
      if (word >= words.length) continue
      const end = hits.end[i] as number
      const start = end - (lengths[word] as number)
      if (!seen[word]) {
        seen[word] = 1
        found.words.push(word)
      }
      const [from, to] = [groupStart[word] as number, groupStart[word + 1] as number]
      // A hit makes no pair with itself: first look back in all its groups, then step in.
      for (let at = from; at < to; at++) pairUp(groupList[at] as number, start, end)
      for (let at = from; at < to; at++) {
        const group = groupList[at] as number
        if (!found.count[group]) {
          found.groups.push(group)
          found.firstStart[group] = start
          found.firstEnd[group] = end
        }
        found.count[group] = (found.count[group] as number) + 1
        if (start < titleEnd) found.inTitle[group] = 1
        lastStart[group] = start
        lastEnd[group] = end
      }
    }
    return found
  }
}
