import type { HitBuffer } from './automaton.ts'
import { layoutOf, type PatternMatch, PER_GROUP, PER_PATTERN, type Vector } from './features.ts'
import { GATES, type Gate } from './gates.ts'
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
  observation: Observation
  patterns: readonly PatternMatch[]
  vector: Vector
  hits: HitBuffer
}

/** 1 = for the gate, -1 = against it. */
type Sign = 1 | -1

/**
 * The strongest words for or against each gate, none over another. `parts` = what each feature of the vector added to
 * the scores, gate beside gate, as `scoresOf` left them.
 */
export type Explain = (
  told: Told,
  parts: Float64Array,
  signs: Record<Gate, Sign>,
  most?: number,
) => Record<Gate, Ground[]>

export function createExplainer(lexicon: Lexicon): Explain {
  const layout = layoutOf(lexicon)
  const lengths = Int32Array.from(lexicon.words, word => word.length)
  const named = GATES.map(() => new Float64Array(layout.named))
  const times = new Int32Array(lexicon.words.length)
  const credits = GATES.map(() => new Float64Array(1024))
  const candidates = new Candidates()

  /** What words, pairs and patterns added to one gate, spread over the characters that they came from. */
  function spreadNamed(
    gate: number,
    { observation, patterns, vector, hits }: Told,
    parts: Float64Array,
  ): void {
    const credit = credits[gate] as Float64Array
    const own = named[gate] as Float64Array
    for (let i = 0; i < vector.body.from; i++) {
      const index = vector.index[i] as number
      own[index] = (own[index] as number) + (parts[i * GATES.length + gate] as number)
    }
    const spread = (start: number, end: number, part: number) => {
      const each = part / (end - start)
      for (let at = start; at < end; at++) credit[at] = (credit[at] as number) + each
    }
    const sumFrom = (from: number, count: number) => {
      let sum = 0
      for (let at = from; at < from + count; at++) sum += own[at] as number
      return sum
    }
    for (let i = 0; i < hits.count; i++) {
      const word = hits.word[i] as number
      if (word >= lexicon.words.length) continue
      const end = hits.end[i] as number
      let part = (own[layout.word + word] as number) / (times[word] as number)
      const to = lexicon.groupStart[word + 1] as number
      for (let at = lexicon.groupStart[word] as number; at < to; at++) {
        const group = lexicon.groupList[at] as number
        if (group < lexicon.namedGroups)
          part += sumFrom(layout.group + group * PER_GROUP, PER_GROUP) / (observation.count[group] as number)
      }
      spread(end - (lengths[word] as number), end, part)
    }
    for (const pair of observation.pairs) {
      if (pair >= lexicon.namedPairs) continue
      const part = sumFrom(layout.pair + pair * 2, 2) / 2
      const at = pair * 4
      spread(observation.spots[at] as number, observation.spots[at + 1] as number, part)
      spread(observation.spots[at + 2] as number, observation.spots[at + 3] as number, part)
    }
    for (const { pattern, spots } of patterns)
      for (const [start, end] of spots)
        spread(start, end, sumFrom(layout.pattern + pattern * PER_PATTERN, PER_PATTERN) / spots.length)
    for (let i = 0; i < vector.body.from; i++) own[vector.index[i] as number] = 0
  }

  return (told, parts, signs, most = 5) => {
    const { text, vector, hits } = told
    const { length } = text
    for (let i = 0; i < hits.count; i++) {
      const word = hits.word[i] as number
      if (word < times.length) times[word] = (times[word] as number) + 1
    }
    joinTitle(vector, parts)
    for (let gate = 0; gate < GATES.length; gate++) {
      if ((credits[gate] as Float64Array).length < length) credits[gate] = new Float64Array(length * 2)
      ;(credits[gate] as Float64Array).fill(0, 0, length)
      spreadNamed(gate, told, parts)
    }
    spreadPieces(vector.body, parts, credits)
    spreadPieces(vector.title, parts, credits)
    const found = GATES.map((gate, at) => {
      candidates.read(text, hits, lengths, credits[at] as Float64Array, signs[gate])
      return [gate, candidates.strongest(text, most)] as const
    })
    for (let i = 0; i < hits.count; i++)
      if ((hits.word[i] as number) < times.length) times[hits.word[i] as number] = 0
    return Object.fromEntries(found) as Record<Gate, Ground[]>
  }
}

/** A bucket may hold a piece of the title and another of the text: then both stand for the whole. */
function joinTitle({ body, title }: Vector, parts: Float64Array): void {
  for (let number = 0; number < title.pieces.size; number++) {
    const same = body.pieces.find(title.pieces.bucket[number] as number)
    if (same < 0) continue
    for (let gate = 0; gate < GATES.length; gate++) {
      const inBody = (body.from + same) * GATES.length + gate
      const inTitle = (title.from + number) * GATES.length + gate
      parts[inBody] = parts[inTitle] = (parts[inBody] as number) + (parts[inTitle] as number)
    }
  }
}

/** The part of each bucket for both gates, shared among the pieces that fell into it. */
function spreadPieces(
  { pieces, from }: Vector['body'],
  parts: Float64Array,
  credits: readonly Float64Array[],
): void {
  const [topic, action] = credits as [Float64Array, Float64Array]
  const { count, which, end, length, often } = pieces
  for (let piece = 0; piece < count; piece++) {
    const number = which[piece] as number
    const part = (from + number) * GATES.length
    const times = often[number] as number
    const size = length[piece] as number
    const forTopic = (parts[part] as number) / times / size
    const forAction = (parts[part + 1] as number) / times / size
    const stop = end[piece] as number
    for (let at = stop - size; at < stop; at++) {
      topic[at] = (topic[at] as number) + forTopic
      action[at] = (action[at] as number) + forAction
    }
  }
}

/** Letters and digits of one unit; those outside of the common Chinese ones are asked once of the expression: 1 = yes, 2 = no. */
const letters = new Uint8Array(65_536)
const isLetter = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  if (code >= 0x4e00 && code < 0xa000) return true
  letters[code] ||= /[\p{L}\p{N}]/u.test(text[at] as string) ? 1 : 2
  return letters[code] === 1
}

/** A run of two letters says half of what a word of the lexicon does. */
const RUN = 0.5

/** Words of the lexicon in the text and runs of two letters, as far as they pull to the side that is asked for. */
class Candidates {
  #count = 0
  #start = new Int32Array(1024)
  #end = new Int32Array(1024)
  /** Always over 0; 0 once taken or out of question. */
  #weight = new Float64Array(1024)
  #sign: Sign = 1

  read(text: string, hits: HitBuffer, lengths: Int32Array, credit: Float64Array, sign: Sign): void {
    this.#count = 0
    this.#sign = sign
    const most = hits.count + text.length
    if (this.#start.length < most) {
      this.#start = new Int32Array(most * 2)
      this.#end = new Int32Array(most * 2)
      this.#weight = new Float64Array(most * 2)
    }
    for (let i = 0; i < hits.count; i++) {
      const word = hits.word[i] as number
      if (word >= lengths.length || (lengths[word] as number) < 2) continue
      const end = hits.end[i] as number
      const start = end - (lengths[word] as number)
      let weight = 0
      for (let at = start; at < end; at++) weight += credit[at] as number
      this.#add(start, end, weight * sign)
    }
    let isAfter = text.length > 0 && isLetter(text, 0)
    for (let start = 0; start + 2 <= text.length; start++) {
      const isBefore = isAfter
      isAfter = isLetter(text, start + 1)
      if (isBefore && isAfter)
        this.#add(start, start + 2, ((credit[start] as number) + (credit[start + 1] as number)) * RUN * sign)
    }
  }

  #add(start: number, end: number, weight: number): void {
    if (!(weight > 0)) return
    this.#start[this.#count] = start
    this.#end[this.#count] = end
    this.#weight[this.#count++] = weight
  }

  /** At most `most` in the order of the text, no word twice. */
  strongest(text: string, most: number): Ground[] {
    const kept: Ground[] = []
    while (kept.length < most) {
      const at = this.#heaviest()
      if (at < 0) break
      const [start, end] = [this.#start[at] as number, this.#end[at] as number]
      kept.push({ start, end, weight: (this.#weight[at] as number) * this.#sign })
      this.#drop(text, start, end)
    }
    return kept.sort((a, b) => a.start - b.start)
  }

  /** The first and then the longest of equals; -1 = none is left. */
  #heaviest(): number {
    const weights = this.#weight
    let best = -1
    let top = 0
    for (let at = 0; at < this.#count; at++) {
      const weight = weights[at] as number
      if (weight === 0 || weight < top) continue
      if (weight > top || this.#isBefore(at, best)) {
        best = at
        top = weight
      }
    }
    return best
  }

  /** What lies over the word taken, and the same word elsewhere, are out of question. */
  #drop(text: string, start: number, end: number): void {
    const [starts, ends, weights] = [this.#start, this.#end, this.#weight]
    const word = text.slice(start, end)
    for (let at = 0; at < this.#count; at++) {
      const [from, to] = [starts[at] as number, ends[at] as number]
      if ((from < end && start < to) || (to - from === word.length && text.startsWith(word, from)))
        weights[at] = 0
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [start, other] = [this.#start[a] as number, this.#start[b] as number]
    return start < other || (start === other && (this.#end[a] as number) > (this.#end[b] as number))
  }
}
