import { gunzipSync } from 'node:zlib'
import { readModel } from './models.ts'
import { DEGREES, NEGATORS, POLARITY } from './sentiment-words.ts'
import type { Keys } from './sparse.ts'
import { buildTrie, type Trie } from './trie.ts'

export interface Opinion {
  start: number
  end: number
  /** Sign and strength, degree and negation counted in. */
  value: number
}

/** Features of one text, written over by the next: `slot[i]` is the stretch start[i]..end[i], for i below `count`. */
export interface Features {
  count: number
  slot: Int32Array
  /** start = end where the feature is a property of the whole. */
  start: Int32Array
  end: Int32Array
  opinions: Opinion[]
}

const room = (size: number): Features => ({
  count: 0,
  slot: new Int32Array(size),
  start: new Int32Array(size),
  end: new Int32Array(size),
  opinions: [],
})
let shared = room(4096)

const LONGEST = 4
const BLANK = 0
const mix = (sum: number, value: number): number => {
  const mixed = Math.imul(sum ^ value, 0x9e37_79b1)
  return mixed ^ (mixed >>> 15)
}

let codes = new Uint16Array(4096)

/** Links, tags of places, names of users; words that only look like feeling. */
const SILENT = /https?:\/\/[\w./-]+|\{%.{0,200}?%\}|@[\p{L}\p{N}_\-·]{1,30}|加油[站枪机卡车]/gu
const LOOKS = /@|http|\{%|加油/

/** Character codes with what is SILENT blanked. */
function read(text: string): void {
  if (text.length > codes.length) codes = new Uint16Array(text.length * 2)
  for (let at = 0; at < text.length; at++) codes[at] = text.charCodeAt(at)
  if (!LOOKS.test(text)) return
  for (const { 0: found, index } of text.matchAll(SILENT))
    codes.fill(BLANK, index + (found[0] === '@' ? 1 : 0), index + found.length)
}

const slotOf = (keys: Keys, key: number): number => (keys.mayKnow(key) ? keys.slotOf(key) : -1)

function add(slot: number, start: number, end: number): void {
  const { count } = shared
  shared.slot[count] = slot
  shared.start[count] = start
  shared.end[count] = end
  shared.count = count + 1
}

/**
 * Longer pieces are only looked at where the shorter one is known. First by the small table alone, then all that is
 * left by the large one: what waits for memory waits together.
 */
function grams(from: number, to: number, seed: number, longest: number, keys: Keys): void {
  const { slot, start, end } = shared
  const first = shared.count
  let count = first
  for (let at = from; at < to; at++) {
    let key = seed
    const stop = Math.min(to, at + longest)
    for (let next = at; next < stop; next++) {
      const code = codes[next] as number
      if (code === BLANK) break
      key = mix(key, code)
      if (!keys.mayKnow(key)) break
      slot[count] = key
      start[count] = at
      end[count++] = next + 1
    }
  }
  let kept = first
  let unknownFrom = -1
  for (let each = first; each < count; each++) {
    if (start[each] === unknownFrom) continue
    const found = keys.slotOf(slot[each] as number)
    if (found < 0) {
      unknownFrom = start[each] as number
      continue
    }
    slot[kept] = found
    start[kept] = start[each] as number
    end[kept++] = end[each] as number
  }
  shared.count = kept
}

/** How often a sign of the cleaned text stands in it, up to three. */
function countOf(sign: string, length: number): number {
  const wanted = sign.charCodeAt(0)
  let count = 0
  for (let at = 0; at < length && count < 3; at++) if (codes[at] === wanted) count++
  return count
}

/** Every feature of a cleaned text that is known; one that occurs twice is told twice. */
export function sentimentFeatures(text: string, keys: Keys): Features {
  read(text)
  const { length } = text
  // Of every character at most LONGEST + 2 pieces and one face, besides the properties.
  if (shared.slot.length < length * (LONGEST + 3) + PROPERTIES) shared = room(length * 2 * (LONGEST + 3))
  shared.count = 0
  const repost = text.includes('@') ? text.search(/\/\/ ?@/) : -1
  const own = repost < 0 ? length : repost
  grams(0, length, 17, LONGEST, keys)
  // What the writer added counts apart from what is passed on.
  if (repost > 0) grams(0, own, 29, 2, keys)
  if (text.includes('[')) faces(text, keys)
  const { opinions, praise, blame } = findWords(text)
  shared.opinions = opinions
  const sum = opinions.reduce((total, { value }) => total + value, 0)
  property(keys, 1, Math.max(-6, Math.min(6, Math.round(sum * 1.5))))
  property(keys, 2, Math.sign(opinions.at(-1)?.value ?? 0))
  property(keys, 3, Math.min(6, Math.floor(Math.log2(1 + length))))
  property(keys, 4, own === 0 ? 1 : repost > 0 ? 2 : 0)
  property(keys, 5, countOf('!', length))
  property(keys, 6, countOf('?', length))
  property(keys, 7, Math.min(4, praise))
  property(keys, 8, Math.min(4, blame))
  property(keys, 9, Math.max(-3, Math.min(3, praise - blame)))
  return shared
}

const PROPERTIES = 10

function property(keys: Keys, name: number, value: number): void {
  const slot = slotOf(keys, mix(mix(71, name), value))
  if (slot >= 0) add(slot, 0, 0)
}

/** Faces by name ([怒]), the last one once more. */
function faces(text: string, keys: Keys): void {
  let last = 0
  for (const { 0: face, index } of text.matchAll(/\[[^[\]\s]{1,8}\]/g)) {
    let key = 43
    for (const char of face) key = mix(key, char.charCodeAt(0))
    last = key
    const slot = slotOf(keys, key)
    if (slot >= 0) add(slot, index, index + face.length)
  }
  const slot = last ? slotOf(keys, mix(last, 1)) : -1
  if (slot >= 0) add(slot, 0, 0)
}

/** Classes of the words: up to DEGREE they are shown as reasons, the wide list is only counted. */
const PRAISE = 1
const BLAME = 2
const NEGATE = 3
const DEGREE = 4
const WIDE_PRAISE = 5
const WIDE_BLAME = 6
const REACH = 5
const NEGATED = new Set(NEGATORS)

/** The wide list is pipeline/models/polarity.txt.gz: a line of words after `+`, one after `-`. */
function readWords(): Trie {
  const wide = gunzipSync(readModel('polarity.txt.gz'))
    .toString('utf8')
    .split('\n')
    .flatMap(line => {
      const [sign, ...list] = line.split(' ')
      return list.map(word => [word, sign === '+' ? WIDE_PRAISE : WIDE_BLAME] as const)
    })
  return buildTrie([
    ...NEGATORS.map(word => [word, NEGATE] as const),
    ...Object.keys(DEGREES).map(word => [word, DEGREE] as const),
    ...[...POLARITY].map(([word, value]) => [word, value > 0 ? PRAISE : BLAME] as const),
    ...wide,
  ])
}
let words: Trie | undefined

/** Punctuation or white space of a cleaned text. */
export const isBreak = (code: number): boolean =>
  code < 48 || (code > 57 && code < 65) || (code > 0x2000 && code < 0x3100) || code > 0xff00

interface WordsFound {
  opinions: Opinion[]
  /** Words of both lists that praise and that blame. */
  praise: number
  blame: number
}

/** Words of POLARITY with what turns or strengthens them just before: 不太满意, 非常感谢, 一点都不好. */
function findWords(text: string): WordsFound {
  words ??= readWords()
  const found: WordsFound = { opinions: [], praise: 0, blame: 0 }
  const { length } = text
  let turn = 1
  let force = 1
  let since = -1
  let word = 0
  let counted = 0
  for (let at = 0; at < length; at++) {
    if (since >= 0 && (at - since > REACH || isBreak(codes[at] as number))) {
      turn = force = 1
      since = -1
    }
    const size = words.longest(codes, at, length, DEGREE)
    if (!size) continue
    const { found: kind, limited, limitedFound } = words
    if (at >= counted && (kind <= BLAME || kind >= WIDE_PRAISE)) {
      if (kind === PRAISE || kind === WIDE_PRAISE) found.praise++
      else found.blame++
      counted = at + size
    }
    if (!limited || at < word) continue
    word = at + limited
    const name = text.slice(at, word)
    if (limitedFound >= NEGATE) {
      if (since < 0) since = at
      if (NEGATED.has(name)) turn = -turn
      force *= DEGREES[name] ?? 1
    } else {
      const value = (POLARITY.get(name) ?? 0) * force * (turn < 0 ? -0.8 : 1)
      found.opinions.push({ start: since < 0 ? at : since, end: word, value })
      turn = force = 1
      since = -1
    }
  }
  return found
}
