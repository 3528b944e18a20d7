import type { HitBuffer } from './automaton.ts'
import { BUCKETS, eachPiece, layoutOf, type PatternMatch, type Vector } from './features.ts'
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

/** Part of the score of each feature of the text at hand, and occurrences of each character piece; empty between calls. */
let parts = new Float64Array(0)
let often = new Uint16Array(0)
let pieces = { bucket: new Int32Array(1024), start: new Int32Array(1024) }
const times = new Map<number, number>()

function reserve(features: number, characters: number): void {
  if (parts.length < features) {
    parts = new Float64Array(features)
    often = new Uint16Array(BUCKETS)
  }
  if (pieces.bucket.length < characters * 3)
    pieces = { bucket: new Int32Array(characters * 6), start: new Int32Array(characters * 6) }
}

/** Every feature's part of the score, spread over the characters that it came from. */
function creditOf(model: GateModel, lexicon: Lexicon, told: Told): Float64Array {
  const { text, titleEnd, seen, matches, vector, hits } = told
  const layout = layoutOf(lexicon)
  reserve(layout.named + BUCKETS, text.length)
  const credit = new Float64Array(text.length)
  for (let i = 0; i < vector.count; i++) {
    const index = vector.index[i] as number
    parts[index] = (parts[index] as number) + (model.weights[index] as number) * (vector.value[i] as number)
  }
  const spread = (start: number, end: number, part: number) => {
    for (let at = start; at < end; at++) credit[at] = (credit[at] as number) + part / (end - start)
  }
  const partsFrom = (from: number, count: number) => {
    let sum = 0
    for (let at = from; at < from + count; at++) sum += parts[at] as number
    return sum
  }
  times.clear()
  for (let i = 0; i < hits.count; i++) {
    const word = hits.word[i] as number
    times.set(word, (times.get(word) ?? 0) + 1)
  }
  for (let i = 0; i < hits.count; i++) {
    const word = hits.word[i] as number
    if (word >= lexicon.words.length) continue
    const end = hits.end[i] as number
    const start = end - (lexicon.words[word] as string).length
    let part = (parts[layout.word + word] as number) / (times.get(word) as number)
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
  spreadPieces(text, text.length, false, layout.named, spread)
  spreadPieces(text, titleEnd, true, layout.named, spread)
  for (let i = 0; i < vector.count; i++) parts[vector.index[i] as number] = 0
  return credit
}

/** The part of each character piece of text[0..to), shared among its occurrences. */
function spreadPieces(
  text: string,
  to: number,
  inTitle: boolean,
  named: number,
  spread: (start: number, end: number, part: number) => void,
): void {
  const { bucket, start } = pieces
  const end: number[] = []
  let count = 0
  eachPiece(text, to, inTitle, (piece, from, upTo) => {
    if (!parts[named + piece]) return
    often[piece] = (often[piece] as number) + 1
    bucket[count] = piece
    start[count] = from
    end[count++] = upTo
  })
  for (let at = 0; at < count; at++) {
    const piece = bucket[at] as number
    spread(
      start[at] as number,
      end[at] as number,
      (parts[named + piece] as number) / (often[piece] as number),
    )
  }
  for (let at = 0; at < count; at++) often[bucket[at] as number] = 0
}

/** Words of the lexicon in the text; where it knows none, runs of characters that pull the same way. */
function candidates(lexicon: Lexicon, { hits, text }: Told, credit: Float64Array, sign: 1 | -1): Ground[] {
  const weigh = (start: number, end: number): Ground => {
    let weight = 0
    for (let at = start; at < end; at++) weight += credit[at] as number
    return { start, end, weight }
  }
  const words: Ground[] = []
  const add = (ground: Ground) => {
    if (ground.weight * sign > 0) words.push(ground)
  }
  for (let i = 0; i < hits.count; i++) {
    const word = hits.word[i] as number
    if (word >= lexicon.words.length) continue
    const end = hits.end[i] as number
    const start = end - (lexicon.words[word] as string).length
    if (end - start > 1) add(weigh(start, end))
  }
  for (let start = 0; start + 2 <= text.length; start++) {
    if (!isLetter(text, start) || !isLetter(text, start + 1)) continue
    const run = weigh(start, start + 2)
    add({ ...run, weight: run.weight * 0.5 })
  }
  return words
}

/** Letters and digits of one unit; those outside of the common Chinese ones are asked of the expression. */
const isLetter = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return (code >= 0x4e00 && code < 0xa000) || /[\p{L}\p{N}]/u.test(text[at] as string)
}

/** The strongest words for (sign 1) or against (sign -1), none over another, at most `most`. */
export function groundsOf(model: GateModel, lexicon: Lexicon, told: Told, sign: 1 | -1, most = 5): Ground[] {
  const credit = creditOf(model, lexicon, told)
  const kept: Ground[] = []
  const known = new Set<string>()
  const sorted = candidates(lexicon, told, credit, sign).sort(
    (a, b) => (b.weight - a.weight) * sign || a.start - b.start || b.end - a.end,
  )
  for (const ground of sorted) {
    if (kept.length >= most) break
    const word = told.text.slice(ground.start, ground.end)
    if (known.has(word) || kept.some(({ start, end }) => ground.start < end && start < ground.end)) continue
    known.add(word)
    kept.push(ground)
  }
  return kept.sort((a, b) => a.start - b.start)
}
