import type { Style } from './text-style.ts'
import type { Trie } from './trie.ts'

/** What kind of word a name of the gazetteer is; 0 = no word of it. Order = class numbers of the model. */
export const PLACE_CLASSES = [
  '',
  'region',
  'country',
  'foreignCity',
  'province',
  'city',
  'county',
  'countyShort',
  'town',
  'known',
  'rare',
  'word',
  'name',
  'organisation',
  'proper',
] as const
const LAST_PLACE = 10

/** Tags of a character: outside, begin, inside, end, single. */
export const TAGS = 9
export const SIZE = 1 << 20
const MASK = SIZE - 1
const AHEAD = '^$'.charCodeAt(1)

const SUFFIXES = '省市区县镇乡村路街巷弄桥河湖江山岛港站园苑厦庄寨屯洲州'
const isSuffix = new Uint8Array(65_536)
for (const char of SUFFIXES) isSuffix[char.charCodeAt(0)] = 1

/** Start, end and class of the word that covers each character; class 0 = none. */
interface Cover {
  start: Int32Array
  end: Int32Array
  kind: Uint8Array
}

/** Character codes of a text and the words that cover them; arrays are reused from text to text. */
export interface Covered {
  length: number
  codes: Uint16Array
  /** Of all words, and of names of places alone (中国 within 中国政府). */
  words: Cover
  places: Cover
  /** 1 where a name may stand: near a place word or the ending of one. */
  near: Uint8Array
}

const coverOf = (size: number): Cover => ({
  start: new Int32Array(size),
  end: new Int32Array(size),
  kind: new Uint8Array(size),
})
const room = (size: number): Covered => ({
  length: 0,
  codes: new Uint16Array(size),
  words: coverOf(size),
  places: coverOf(size),
  near: new Uint8Array(size),
})
let shared = room(4096)

function lay({ start, end, kind }: Cover, from: number, to: number, found: number): void {
  for (let at = from; at < to; at++) {
    start[at] = from
    end[at] = to
    kind[at] = found
  }
}

/** So short that `fill` costs more than it does. */
function mark(near: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) near[at] = 1
}

/** Longest words from left to right. The answer is valid until the next call. */
export function cover(text: string, trie: Trie): Covered {
  if (text.length > shared.codes.length) shared = room(text.length * 2)
  const { codes, words, places, near } = shared
  const length = text.length
  shared.length = length
  for (let at = 0; at < length; at++) codes[at] = text.charCodeAt(at)
  near.fill(0, 0, length)
  words.kind.fill(0, 0, length)
  places.kind.fill(0, 0, length)
  let word = 0
  let place = 0
  for (let at = 0; at < length; at++) {
    if (isSuffix[codes[at] as number]) mark(near, Math.max(0, at - 6), Math.min(length, at + 2))
    const size = trie.longest(codes, at, length, LAST_PLACE)
    if (!size) continue
    if (at >= word) {
      word = at + size
      lay(words, at, word, trie.found)
    }
    if (trie.limited && at >= place) {
      place = at + trie.limited
      lay(places, at, place, trie.limitedFound)
      mark(near, Math.max(0, at - 2), Math.min(length, place + 4))
    }
  }
  return shared
}

const type = (code: number): number =>
  code >= 0x4e00 && code < 0xa000 ? 1 : code >= 48 && code < 58 ? 2 : code >= 97 && code < 123 ? 3 : 4

const mix = (sum: number, value: number): number => {
  const mixed = Math.imul(sum ^ value, 0x9e37_79b1)
  return mixed ^ (mixed >>> 13)
}
/** Each kind of feature begins with its number mixed in. */
const BEGUN = Int32Array.from({ length: 64 }, (_, kind) => mix(0x2545_f491, kind))
const slot = (kind: number, b: number, c = 0, d = 0): number =>
  mix(mix(mix(BEGUN[kind] as number, b), c), d) & MASK

let slots: Int32Array = new Int32Array(0)
let size = 0
const add = (a: number, b: number, c = 0, d = 0): void => {
  slots[size++] = slot(a, b, c, d)
}

/** Slots of the features of one character, written to `out` from `from` on; answers where they end. */
export function featuresAt(at: number, text: Covered, style: Style, out: Int32Array, from = 0): number {
  const { codes, length, words, places } = text
  const code = (index: number) => (index < 0 ? 1 : index >= length ? AHEAD : (codes[index] as number))
  const [c3, c2, c1, c0] = [code(at - 3), code(at - 2), code(at - 1), code(at)]
  const [n1, n2] = [code(at + 1), code(at + 2)]
  slots = out
  size = from
  add(1, c0)
  add(2, c1)
  add(3, n1)
  add(4, c2)
  add(5, n2)
  add(6, c1, c0)
  add(7, c0, n1)
  add(8, c2, c1)
  add(9, n1, n2)
  add(10, c1, c0, n1)
  add(11, c0, n1, n2)
  add(12, c2, c1, c0)
  add(13, type(c1), type(c0), type(n1))
  add(14, style, c0)
  add(15, c3, c2, c1)
  add(16, style, type(c1) * 8 + type(c0))
  const own = words.kind[at] as number
  // The nearest ending of a name ahead, and how far it is.
  for (let far = 0; far < 6; far++)
    if (isSuffix[code(at + far)]) {
      add(17, far, code(at + far))
      add(18, far, own, style)
      break
    }
  const first = own ? (words.start[at] as number) : at
  const to = own ? (words.end[at] as number) : at + 1
  const edge = (at === first ? 1 : 0) | (at === to - 1 ? 2 : 0)
  const kindOf = ({ kind }: Cover, index: number) =>
    index < 0 || index >= length ? 15 : (kind[index] as number)
  const place = (own << 2) | edge
  const next = kindOf(words, to)
  const last = kindOf(words, first - 1)
  add(19, place, style)
  add(20, place, next)
  add(21, place, last)
  add(22, place, to - first)
  const known = places.kind[at] as number
  if (!known) {
    add(23, style, kindOf(places, at - 1), kindOf(places, at + 1))
    return size
  }
  const begin = places.start[at] as number
  const end = places.end[at] as number
  const spot = (known << 2) | (at === begin ? 1 : 0) | (at === end - 1 ? 2 : 0)
  // How the name stands in the word that covers it: alone, at its beginning, at its end, across.
  const inside = (begin > first ? 1 : 0) | (end < to ? 2 : 0)
  let name = spot
  for (let index = begin; index < end; index++) name = mix(name, codes[index] as number)
  let following = mix(1, inside & 2 ? to - end : 0)
  const stop = inside & 2 ? to : next && next < 15 ? (words.end[to] as number) : to
  for (let index = end; index < Math.min(stop, length); index++)
    following = mix(following, codes[index] as number)
  add(24, spot, style, inside)
  add(25, spot, end - begin)
  add(26, spot, code(end))
  add(27, spot, code(begin - 1))
  add(28, spot, inside & 2 ? own : next, style)
  add(29, spot, inside & 1 ? own : last, style)
  add(30, name)
  add(31, name, style)
  add(32, spot, code(end), code(end + 1))
  add(33, spot, code(begin - 2), code(begin - 1))
  add(34, spot, following)
  add(35, spot, following, style)
  add(36, spot, kindOf(places, end), kindOf(places, begin - 1))
  add(37, spot, inside, own)
  return size
}
