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

/** What features are made of: characters before (c) and after (n), how known words and names of places lie over them. */
const V = {
  none: 0,
  c3: 1,
  c2: 2,
  c1: 3,
  c0: 4,
  n1: 5,
  n2: 6,
  type1: 7,
  type0: 8,
  typeAhead: 9,
  types: 10,
  style: 11,
  far: 12,
  suffix: 13,
  own: 14,
  place: 15,
  next: 16,
  last: 17,
  width: 18,
  before: 19,
  after: 20,
  spot: 21,
  inside: 22,
  size: 23,
  end1: 24,
  end2: 25,
  begin1: 26,
  begin2: 27,
  wordAfter: 28,
  wordBefore: 29,
  name: 30,
  following: 31,
} as const
const values = new Int32Array(Object.keys(V).length)
/** A kind of feature: its number, mixed in, and the three values that make one of it. */
const PARTS = 4

/** Kinds numbered from `first` on, by the values that each is made of. */
const kinds = (first: number, ...lists: string[]): Int32Array =>
  Int32Array.from(
    lists.flatMap((list, at) => {
      const [b, c, d] = [...list.split(' '), 'none', 'none'] as (keyof typeof V)[]
      return [mix(0x2545_f491, first + at), V[b as 'c0'], V[c as 'c0'], V[d as 'c0']]
    }),
  )
const AROUND = kinds(
  1,
  ...['c0', 'c1', 'n1', 'c2', 'n2', 'c1 c0', 'c0 n1', 'c2 c1', 'n1 n2', 'c1 c0 n1', 'c0 n1 n2', 'c2 c1 c0'],
  ...['type1 type0 typeAhead', 'style c0', 'c3 c2 c1', 'style types'],
)
const ENDING = kinds(17, 'far suffix', 'far own style')
const WORD = kinds(19, 'place style', 'place next', 'place last', 'place width')
const NO_NAME = kinds(23, 'style before after')
const NAME = kinds(
  24,
  ...['spot style inside', 'spot size', 'spot end1', 'spot begin1', 'spot wordAfter style'],
  ...[
    'spot wordBefore style',
    'name',
    'name style',
    'spot end1 end2',
    'spot begin2 begin1',
    'spot following',
  ],
  ...['spot following style', 'spot after before', 'spot inside own'],
)

/** One slot of each of the kinds, from the values as they stand. */
function write(list: Int32Array, out: Int32Array, from: number): number {
  let size = from
  for (let kind = 0; kind < list.length; kind += PARTS)
    out[size++] =
      mix(
        mix(
          mix(list[kind] as number, values[list[kind + 1] as number] as number),
          values[list[kind + 2] as number] as number,
        ),
        values[list[kind + 3] as number] as number,
      ) & MASK
  return size
}

/** Slots of the features of one character, written to `out` from `from` on; answers where they end. */
export function featuresAt(at: number, text: Covered, style: Style, out: Int32Array, from = 0): number {
  const { codes, length, words, places } = text
  const code = (index: number) => (index < 0 ? 1 : index >= length ? AHEAD : (codes[index] as number))
  const [c1, c0, n1] = [code(at - 1), code(at), code(at + 1)]
  values[V.c3] = code(at - 3)
  values[V.c2] = code(at - 2)
  values[V.c1] = c1
  values[V.c0] = c0
  values[V.n1] = n1
  values[V.n2] = code(at + 2)
  values[V.type1] = type(c1)
  values[V.type0] = type(c0)
  values[V.typeAhead] = type(n1)
  values[V.types] = type(c1) * 8 + type(c0)
  values[V.style] = style
  let size = write(AROUND, out, from)
  const own = words.kind[at] as number
  values[V.own] = own
  // The nearest ending of a name ahead, and how far it is.
  for (let far = 0; far < 6; far++) {
    const suffix = code(at + far)
    if (!isSuffix[suffix]) continue
    values[V.far] = far
    values[V.suffix] = suffix
    size = write(ENDING, out, size)
    break
  }
  const first = own ? (words.start[at] as number) : at
  const to = own ? (words.end[at] as number) : at + 1
  const edge = (at === first ? 1 : 0) | (at === to - 1 ? 2 : 0)
  const kindOf = ({ kind }: Cover, index: number) =>
    index < 0 || index >= length ? 15 : (kind[index] as number)
  const next = kindOf(words, to)
  const last = kindOf(words, first - 1)
  values[V.place] = (own << 2) | edge
  values[V.next] = next
  values[V.last] = last
  values[V.width] = to - first
  size = write(WORD, out, size)
  const known = places.kind[at] as number
  const begin = known ? (places.start[at] as number) : at
  const end = known ? (places.end[at] as number) : at + 1
  values[V.before] = kindOf(places, begin - 1)
  values[V.after] = kindOf(places, end)
  if (!known) return write(NO_NAME, out, size)
  const spot = (known << 2) | (at === begin ? 1 : 0) | (at === end - 1 ? 2 : 0)
  // How the name stands in the word that covers it: alone, at its beginning, at its end, across.
  const inside = (begin > first ? 1 : 0) | (end < to ? 2 : 0)
  let name = spot
  for (let index = begin; index < end; index++) name = mix(name, codes[index] as number)
  let following = mix(1, inside & 2 ? to - end : 0)
  const stop = inside & 2 ? to : next && next < 15 ? (words.end[to] as number) : to
  for (let index = end; index < Math.min(stop, length); index++)
    following = mix(following, codes[index] as number)
  values[V.spot] = spot
  values[V.inside] = inside
  values[V.size] = end - begin
  values[V.end1] = code(end)
  values[V.end2] = code(end + 1)
  values[V.begin1] = code(begin - 1)
  values[V.begin2] = code(begin - 2)
  values[V.wordAfter] = inside & 2 ? own : next
  values[V.wordBefore] = inside & 1 ? own : last
  values[V.name] = name
  values[V.following] = following
  return write(NAME, out, size)
}
