import type { HitBuffer } from './automaton.ts'
import { layoutOf, type PatternMatch, piecesOf, type Vector } from './features.ts'
import type { GateModel } from './gates.ts'
import type { Lexicon } from './lexicon.ts'
import type { Observation } from './observe.ts'

/** A range of the read text and how much it moved the score. */
export interface Ground {
  start: number
  end: number
  weight: number
}

interface Told {
  text: string
  titleEnd: number
  seen: Observation
  matches: readonly PatternMatch[]
  vector: Vector
  hits: HitBuffer
}

/** Every feature's part of the score, spread over the characters that it came from. */
function creditOf(model: GateModel, lexicon: Lexicon, told: Told): Float64Array {
  const { text, titleEnd, seen, matches, vector, hits } = told
  const layout = layoutOf(lexicon)
  const credit = new Float64Array(text.length)
  const parts = new Map<number, number>()
  for (let i = 0; i < vector.count; i++) {
    const index = vector.index[i] as number
    const part = (model.weights[index] as number) * (vector.value[i] as number)
    if (part) parts.set(index, (parts.get(index) ?? 0) + part)
  }
  const spread = (start: number, end: number, part: number) => {
    for (let at = start; at < end; at++) credit[at] = (credit[at] as number) + part / (end - start)
  }
  const partsFrom = (from: number, count: number) => {
    let sum = 0
    for (let at = from; at < from + count; at++) sum += parts.get(at) ?? 0
    return sum
  }
  const times = new Map<number, number>()
  for (let i = 0; i < hits.count; i++)
    times.set(hits.word[i] as number, (times.get(hits.word[i] as number) ?? 0) + 1)
  for (let i = 0; i < hits.count; i++) {
    const word = hits.word[i] as number
    if (word >= lexicon.words.length) continue
    const end = hits.end[i] as number
    const start = end - (lexicon.words[word] as string).length
    let part = (parts.get(layout.word + word) ?? 0) / (times.get(word) as number)
    const to = lexicon.groupStart[word + 1] as number
    for (let at = lexicon.groupStart[word] as number; at < to; at++) {
      const group = lexicon.groupList[at] as number
      if (group < lexicon.namedGroups)
        part += partsFrom(layout.group + group * 5, 5) / (seen.count[group] as number)
    }
    if (part) spread(start, end, part)
  }
  for (const pair of seen.pairs) {
    if (pair >= lexicon.namedPairs) continue
    const part = partsFrom(layout.pair + pair * 2, 2) / 2
    const at = pair * 4
    spread(seen.spots[at] as number, seen.spots[at + 1] as number, part)
    spread(seen.spots[at + 2] as number, seen.spots[at + 3] as number, part)
  }
  for (const { pattern, spots } of matches)
    for (const [start, end] of spots)
      spread(start, end, partsFrom(layout.pattern + pattern * 3, 3) / spots.length)
  for (const [inTitle, to] of [
    [false, text.length],
    [true, titleEnd],
  ] as const) {
    const pieces = piecesOf(text, to, inTitle)
    const often = new Map<number, number>()
    for (const { bucket } of pieces) often.set(bucket, (often.get(bucket) ?? 0) + 1)
    for (const { bucket, start, end } of pieces) {
      const part = parts.get(layout.named + bucket)
      if (part) spread(start, end, part / (often.get(bucket) as number))
    }
  }
  return credit
}

/** Words of the lexicon in the text; where it knows none, runs of characters that pull the same way. */
function candidates(lexicon: Lexicon, { hits, text }: Told, credit: Float64Array): Ground[] {
  const weigh = (start: number, end: number): Ground => {
    let weight = 0
    for (let at = start; at < end; at++) weight += credit[at] as number
    return { start, end, weight }
  }
  const words: Ground[] = []
  for (let i = 0; i < hits.count; i++) {
    const word = hits.word[i] as number
    if (word >= lexicon.words.length) continue
    const end = hits.end[i] as number
    const start = end - (lexicon.words[word] as string).length
    if (end - start > 1) words.push(weigh(start, end))
  }
  for (let start = 0; start + 2 <= text.length; start++) {
    const run = weigh(start, start + 2)
    if (/^[\p{L}\p{N}]{2}$/u.test(text.slice(start, start + 2)))
      words.push({ ...run, weight: run.weight * 0.5 })
  }
  return words
}

/** The strongest words for (sign 1) or against (sign -1), none over another, at most `most`. */
export function groundsOf(model: GateModel, lexicon: Lexicon, told: Told, sign: 1 | -1, most = 5): Ground[] {
  const credit = creditOf(model, lexicon, told)
  const kept: Ground[] = []
  const known = new Set<string>()
  const sorted = candidates(lexicon, told, credit)
    .filter(({ weight }) => weight * sign > 0)
    .sort((a, b) => (b.weight - a.weight) * sign || a.start - b.start || b.end - a.end)
  for (const ground of sorted) {
    if (kept.length >= most) break
    const word = told.text.slice(ground.start, ground.end)
    if (known.has(word) || kept.some(({ start, end }) => ground.start < end && start < ground.end)) continue
    known.add(word)
    kept.push(ground)
  }
  return kept.sort((a, b) => a.start - b.start)
}
