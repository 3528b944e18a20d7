import type { Lexicon } from './lexicon.ts'
import { FAR, type Observation } from './observe.ts'
import { Pieces } from './pieces.ts'

/** How much the lexicon counts against the character pieces, whose vector has length 1. */
const LEXICON_SCALE = 0.3
const TITLE_SCALE = 0.7
const NEAR = 12
const HEAD = 60
/** So many characters and a title make a letter; what is shorter is a post. */
const LETTER = 90

const SHAPES = [
  'short',
  'middle',
  'long',
  'length',
  'questions',
  'exclamations',
  'phone',
  'hashtag',
  'sentences',
  'noTitle',
  'bare',
] as const

/** Where each kind of feature begins; character pieces come after `named`. */
export interface Layout {
  word: number
  group: number
  pair: number
  pattern: number
  shape: number
  named: number
}

/** Features of each group and of each pattern. */
export const PER_GROUP = 5
export const PER_PATTERN = 3

export function layoutOf(lexicon: Lexicon): Layout {
  const group = lexicon.words.length
  const pair = group + lexicon.namedGroups * PER_GROUP
  const pattern = pair + lexicon.namedPairs * 2
  const shape = pattern + lexicon.patterns.length * PER_PATTERN
  return { word: 0, group, pair, pattern, shape, named: shape + SHAPES.length }
}

/** A text as numbers: feature `index[i]` has `value[i]`, for i below `count`; used again for the next text. */
export interface Vector {
  count: number
  index: Int32Array
  value: Float32Array
  /** A title and a text of some length under it. */
  isLetter: boolean
  /** Pieces of the whole text and, once more, of the title, with the number of the first feature of each. */
  body: { pieces: Pieces; from: number }
  title: { pieces: Pieces; from: number }
}

/** Where a pattern holds, and on which words. */
export interface PatternMatch {
  pattern: number
  start: number
  end: number
  spots: [start: number, end: number][]
}

/** Patterns that hold, by what was observed. */
export function matchPatterns(lexicon: Lexicon, seen: Observation): PatternMatch[] {
  const matches: PatternMatch[] = []
  lexicon.patterns.forEach(({ pair, group }, pattern) => {
    if (pair >= 0 && seen.gap[pair] !== FAR) {
      const [a, b, c, d] = seen.spots.subarray(pair * 4, pair * 4 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ]
      matches.push({
        pattern,
        start: Math.min(a, c),
        end: Math.max(b, d),
        spots: [
          [a, b],
          [c, d],
        ],
      })
    } else if (group >= 0 && seen.count[group]) {
      const [start, end] = [seen.firstStart[group] as number, seen.firstEnd[group] as number]
      matches.push({ pattern, start, end, spots: [[start, end]] })
    }
  })
  return matches
}

export type Extract = (
  text: string,
  titleEnd: number,
  seen: Observation,
  matches: readonly PatternMatch[],
) => Vector

/** One pass over the text, one over what the lexicon saw; no allocation once its arrays have grown. */
export function createExtractor(lexicon: Lexicon): Extract {
  const layout = layoutOf(lexicon)
  const vector: Vector = {
    count: 0,
    index: new Int32Array(4096),
    value: new Float32Array(4096),
    isLetter: false,
    body: { pieces: new Pieces(), from: 0 },
    title: { pieces: new Pieces(), from: 0 },
  }

  /** Room for so many more. */
  function reserve(more: number): void {
    const wanted = vector.count + more
    if (wanted <= vector.index.length) return
    const [indices, values] = [new Int32Array(wanted * 2), new Float32Array(wanted * 2)]
    indices.set(vector.index)
    values.set(vector.value)
    vector.index = indices
    vector.value = values
  }

  const add = (index: number, value: number) => {
    if (vector.count === vector.index.length) reserve(1)
    vector.index[vector.count] = index
    vector.value[vector.count++] = value
  }

  /** Pieces of text[0..to), their logarithmic counts scaled to length `scale`. */
  function addPieces(part: Vector['body'], text: string, to: number, inTitle: boolean, scale: number): void {
    const { pieces } = part
    pieces.read(text, to, inTitle)
    const { size, bucket, often } = pieces
    reserve(size)
    const { index, value, count: from } = vector
    part.from = from
    let square = 0
    for (let i = 0; i < size; i++) square += SQUARE[Math.min(MOST_COUNTED, often[i] as number)] as number
    const unit = square ? scale / Math.sqrt(square) : 0
    for (let i = 0; i < size; i++) {
      index[from + i] = layout.named + (bucket[i] as number)
      value[from + i] = (GROWTH[Math.min(MOST_COUNTED, often[i] as number)] as number) * unit
    }
    vector.count = from + size
  }

  function addLexicon(length: number, seen: Observation): void {
    for (const word of seen.words)
      if ((lexicon.groupList[lexicon.groupStart[word] as number] as number) < lexicon.namedGroups)
        add(layout.word + word, LEXICON_SCALE)
    for (const group of seen.groups) {
      if (group >= lexicon.namedGroups) continue
      const at = layout.group + group * PER_GROUP
      const count = seen.count[group] as number
      add(at, LEXICON_SCALE)
      add(at + 1, LEXICON_SCALE * Math.log1p(count))
      add(at + 2, LEXICON_SCALE * Math.min(1, (count * 20) / length))
      if (seen.inTitle[group]) add(at + 3, LEXICON_SCALE)
      if ((seen.firstStart[group] as number) < HEAD) add(at + 4, LEXICON_SCALE)
    }
    for (const pair of seen.pairs) {
      if (pair >= lexicon.namedPairs) continue
      add(layout.pair + pair * 2, LEXICON_SCALE)
      if ((seen.gap[pair] as number) <= NEAR) add(layout.pair + pair * 2 + 1, LEXICON_SCALE)
    }
  }

  function addPatterns(titleEnd: number, matches: readonly PatternMatch[]): void {
    for (const { pattern, start } of matches) {
      const at = layout.pattern + pattern * PER_PATTERN
      add(at, LEXICON_SCALE * 2)
      if (start < titleEnd) add(at + 1, LEXICON_SCALE)
      if (start < HEAD) add(at + 2, LEXICON_SCALE)
    }
  }

  return (text, titleEnd, seen, matches) => {
    vector.count = 0
    vector.isLetter = titleEnd > 0 && text.length >= LETTER
    addLexicon(Math.max(20, text.length), seen)
    addPatterns(titleEnd, matches)
    const shape = shapeOf(text, titleEnd)
    for (let at = 0; at < shape.length; at++)
      if (shape[at]) add(layout.shape + at, (shape[at] as number) * LEXICON_SCALE)
    addPieces(vector.body, text, text.length, false, 1)
    addPieces(vector.title, text, titleEnd, true, TITLE_SCALE)
    return vector
  }
}

/** What so many occurrences of a piece count, and its square. */
const MOST_COUNTED = 255
const GROWTH = Float64Array.from(
  { length: MOST_COUNTED + 1 },
  (_, count) => 1 + (count ? Math.log(count) : 0),
)
const SQUARE = GROWTH.map(growth => growth ** 2)

const [QUESTION, EXCLAMATION, HASH, STOP, PHONE_DIGITS] = [0x3f, 0x21, 0x23, 0x3002, 11]

/** Values 0..1 in the order of SHAPES. */
function shapeOf(text: string, titleEnd: number): number[] {
  let [questions, exclamations, hashes, stops, digits, phone] = [0, 0, 0, 0, 0, 0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x30 && code <= 0x39) {
      digits++
      if (digits === PHONE_DIGITS) phone = 1
      continue
    }
    digits = 0
    if (code === QUESTION) questions++
    else if (code === EXCLAMATION) exclamations++
    else if (code === HASH) hashes++
    else if (code === STOP) stops++
  }
  if (!phone && text.includes('[phone]')) phone = 1
  const { length } = text
  return [
    length < 40 ? 1 : 0,
    length >= 40 && length < 150 ? 1 : 0,
    length > 400 ? 1 : 0,
    Math.min(1.5, Math.log(length + 1) / 6),
    Math.min(1, questions / 3),
    Math.min(1, exclamations / 3),
    phone,
    hashes > 1 ? 1 : 0,
    Math.min(1, stops / 6),
    titleEnd > 0 ? 0 : 1,
    hashes > 1 && bareLength(text) < BARE ? 1 : 0,
  ]
}

/** What a feature of the lexicon is called, for the model card and for debugging. */
export function featureName(lexicon: Lexicon, index: number): string {
  const layout = layoutOf(lexicon)
  const group = (number: number) => (lexicon.groups[number] as { id: string }).id
  if (index < layout.group) return `word ${lexicon.words[index]}`
  if (index < layout.pair) {
    const at = index - layout.group
    return `group ${group(Math.floor(at / PER_GROUP))} ${['any', 'count', 'density', 'title', 'head'][at % PER_GROUP]}`
  }
  if (index < layout.pattern) {
    const at = index - layout.pair
    const { a, b, within } = lexicon.pairs[at >> 1] as Lexicon['pairs'][number]
    return `pair ${group(a)} ${group(b)} ${at & 1 ? NEAR : within}`
  }
  if (index < layout.shape) {
    const at = index - layout.pattern
    const { pattern } = lexicon.patterns[Math.floor(at / PER_PATTERN)] as { pattern: { id: string } }
    return `pattern ${pattern.id} ${['any', 'title', 'head'][at % PER_PATTERN]}`
  }
  if (index < layout.named) return `shape ${SHAPES[index - layout.shape]}`
  return `piece ${index - layout.named}`
}

const BARE = 12

/** How many characters stand outside of #hashtags# and @names. */
const bareLength = (text: string): number =>
  text.replace(/#[^#\n]{1,40}#|@[^\s:,]{1,30}|[^\p{L}\p{N}]/gu, '').length
