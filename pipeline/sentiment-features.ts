import { gunzipSync } from 'node:zlib'
import { readModel } from './models.ts'
import { DEGREES, NEGATORS, POLARITY } from './sentiment-words.ts'
import { buildTrie, type Trie } from './trie.ts'

/** What a feature stands for: a stretch of the cleaned text, or (start = end) a property of the whole. */
export type Visit = (key: number, start: number, end: number) => void
/** Whether a key is worth going on with: longer n-grams are only looked at where the shorter one is known. */
export type Known = (key: number) => boolean

export interface Opinion {
  start: number
  end: number
  /** Sign and strength, degree and negation counted in. */
  value: number
}

const LONGEST = 4
const BLANK = 0
const mix = (sum: number, value: number): number => {
  const mixed = Math.imul(sum ^ value, 0x9e37_79b1)
  return mixed ^ (mixed >>> 15)
}

let codes = new Uint16Array(4096)

/** Links, tags of places, names of users; words that only look like feeling. */
const SILENT = /https?:\/\/[\w./-]+|\{%.*?%\}|@[\p{L}\p{N}_\-·]{1,30}|加油[站枪机卡车]/gu
const LOOKS = /@|http|\{%|加油/

/** Character codes with what is SILENT blanked. */
function read(text: string): void {
  if (text.length > codes.length) codes = new Uint16Array(text.length * 2)
  for (let at = 0; at < text.length; at++) codes[at] = text.charCodeAt(at)
  if (!LOOKS.test(text)) return
  for (const { 0: found, index } of text.matchAll(SILENT))
    codes.fill(BLANK, index + (found[0] === '@' ? 1 : 0), index + found.length)
}

function grams(from: number, to: number, seed: number, longest: number, known: Known, visit: Visit): void {
  for (let at = from; at < to; at++) {
    let key = seed
    const stop = Math.min(to, at + longest)
    for (let next = at; next < stop; next++) {
      const code = codes[next] as number
      if (code === BLANK) break
      key = mix(key, code)
      if (!known(key)) break
      visit(key, at, next + 1)
    }
  }
}

/** How often a sign of the cleaned text stands in it, up to three. */
function countOf(sign: string, length: number): number {
  const wanted = sign.charCodeAt(0)
  let count = 0
  for (let at = 0; at < length && count < 3; at++) if (codes[at] === wanted) count++
  return count
}

/** Every feature of a cleaned text; one that occurs twice is visited twice. */
export function visitSentiment(text: string, known: Known, visit: Visit): Opinion[] {
  read(text)
  const repost = text.includes('@') ? text.search(/\/\/ ?@/) : -1
  const own = repost < 0 ? text.length : repost
  grams(0, text.length, 17, LONGEST, known, visit)
  // What the writer added counts apart from what is passed on.
  if (repost > 0) grams(0, own, 29, 2, known, visit)
  let last = 0
  for (const { 0: face, index } of text.includes('[') ? text.matchAll(/\[[^[\]\s]{1,8}\]/g) : []) {
    let key = 43
    for (const char of face) key = mix(key, char.charCodeAt(0))
    last = key
    if (known(key)) visit(key, index, index + face.length)
  }
  if (last && known(mix(last, 1))) visit(mix(last, 1), 0, 0)
  const { opinions, praise, blame } = findWords(text)
  const property = (name: number, value: number) => {
    const key = mix(mix(71, name), value)
    if (known(key)) visit(key, 0, 0)
  }
  const sum = opinions.reduce((total, { value }) => total + value, 0)
  property(1, Math.max(-6, Math.min(6, Math.round(sum * 1.5))))
  property(2, Math.sign(opinions.at(-1)?.value ?? 0))
  property(3, Math.min(6, Math.floor(Math.log2(1 + text.length))))
  property(4, own === 0 ? 1 : repost > 0 ? 2 : 0)
  property(5, countOf('!', text.length))
  property(6, countOf('?', text.length))
  property(7, Math.min(4, praise))
  property(8, Math.min(4, blame))
  property(9, Math.max(-3, Math.min(3, praise - blame)))
  return opinions
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
