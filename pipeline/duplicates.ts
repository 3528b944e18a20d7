import { cleanText } from './clean.ts'
import type { Likeness } from './post.ts'
import { termLikeness } from './terms.ts'

/**
 * Copies. exact: the same letters and digits. near: the same text shortened, extended or touched up. Two texts about
 * one matter in other words are no copies; `compareTexts` tells those too, for back-tests and for the same sender.
 */
export interface Comparison {
  /** 0..1; 0.5 and more = the same matter. */
  score: number
  same: boolean
  /** One can be read for the other: what the triage list folds. */
  copy: boolean
}

const GRAM = 3
/** Shorter texts (questions, 顶) differ by one character that changes everything: only equal ones are copies. */
const LEAST_GRAMS = 24
const SKETCH_GRAM = 4
const SKETCH_SIZE = 12

/** Jaccard of character trigrams from which two texts are the same matter, and from which they are copies. */
const SAME_AT = 0.45
const COPY_AT = 0.6
/** A shorter text that stands nearly whole in a longer one is a copy too, if there is enough of it. */
const CONTAINED_AT = 0.85
const CONTAINED_GRAMS = 50
/** Likeness of terms times containment, from which two differently worded texts are one matter. */
const RETOLD_AT = 0.21
const RETOLD_TERMS = 3

/** Letters and digits after cleaning: what punctuation, spaces and decoration can't change. */
export const bareText = (text: string): string => cleanText(text).text.replace(/[^\p{L}\p{N}]+/gu, '')

const grams = (bare: string, length: number): Set<string> => {
  const found = new Set<string>()
  for (let i = 0; i + length <= bare.length; i++) found.add(bare.slice(i, i + length))
  return found
}

type Likened = Pick<Likeness, 'bare' | 'grams' | 'names' | 'places' | 'districts' | 'spots'>

/**
 * The end of what a compound, road, school or firm is called, with the two characters before it that tell one from
 * another; and numbers of houses (but for days of a month).
 */
const NAMED =
  /(?<!月)(?<!\d)(?:\d{1,4}|[一二三四五六七八九十百]{1,4})(?:号|弄|幢|栋)|\p{Script=Han}{2}(?:小区|社区|花园|花苑|家园|新村|[一二三四五六七八九十]村|公寓|大厦|大楼|广场|商城|市场|公园|小学|中学|幼儿园|医院|大道|大街|街道|工业园|化工园|公司|苑|路|街|镇|村|厂)/gu

/** `text` = title and text together. */
export function liken(
  text: string,
  scene: Partial<Pick<Likeness, 'places' | 'districts' | 'spots'>> = {},
): Likened {
  const bare = bareText(text)
  return {
    bare,
    grams: grams(bare, GRAM),
    names: new Set(bare.match(NAMED)),
    places: scene.places ?? new Set(),
    districts: scene.districts ?? new Set(),
    spots: scene.spots ?? new Set(),
  }
}

const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  const [less, more] = a.size <= b.size ? [a, b] : [b, a]
  let both = 0
  for (const each of less) if (more.has(each)) both++
  return both
}

/** Both name some, none of them the same. */
export const differ = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size > 0 && b.size > 0 && overlap(a, b) === 0

/** Jaccard and share of the smaller one; both 0 where a text is too short to tell or the places differ. */
function gramOverlap(a: Likened, b: Likened): { jaccard: number; contained: number } {
  if (a.bare === b.bare) return { jaccard: 1, contained: 1 }
  const less = Math.min(a.grams.size, b.grams.size)
  if (less < LEAST_GRAMS || differ(a.places, b.places) || differ(a.districts, b.districts))
    return { jaccard: 0, contained: 0 }
  const both = overlap(a.grams, b.grams)
  return { jaccard: both / (a.grams.size + b.grams.size - both), contained: both / less }
}

/** Each names something that the other does not: the same words, said of another place. */
const otherNames = (a: Likened, b: Likened): boolean =>
  [...a.names].some(name => !b.names.has(name)) && [...b.names].some(name => !a.names.has(name))

/** Units of text before and after a place by which its spot is known again, and how long what stands there may be. */
const [BEFORE_SPOT, AFTER_SPOT, LONGEST_SPOT] = [2, 4, 8]

/** Where one names a place that the other never does, the other has some other words: the gazetteer need not know them. */
function movesAway(a: Likened, b: Likened): boolean {
  for (const spot of a.spots) {
    if (b.bare.includes(spot)) continue
    const at = a.bare.indexOf(spot)
    const before = a.bare.slice(Math.max(0, at - BEFORE_SPOT), at)
    const after = a.bare.slice(at + spot.length, at + spot.length + AFTER_SPOT)
    if (at < 0 || after.length < AFTER_SPOT) continue
    for (let end = b.bare.indexOf(after); end >= 0; end = b.bare.indexOf(after, end + 1)) {
      const from = before ? b.bare.lastIndexOf(before, end - 1) + before.length : 0
      if (before && from < before.length) continue
      const instead = b.bare.slice(from, end)
      // 薛家 for 薛家镇 is the same place.
      if (instead && instead.length <= LONGEST_SPOT && !spot.includes(instead)) return true
    }
  }
  return false
}

/** True where one text can be read for the other. */
export function isCopy(a: Likened, b: Likened): boolean {
  if (otherNames(a, b) || movesAway(a, b) || movesAway(b, a)) return false
  const { jaccard, contained } = gramOverlap(a, b)
  if (jaccard >= COPY_AT) return true
  return contained >= CONTAINED_AT && Math.min(a.grams.size, b.grams.size) >= CONTAINED_GRAMS
}

/** Symmetric. Scores are scaled so that 0.5 is where `same` begins, whichever measure says so. */
export function compareTexts(
  a: Likened & Pick<Likeness, 'terms'>,
  b: Likened & Pick<Likeness, 'terms'>,
): Comparison {
  const { jaccard, contained } = gramOverlap(a, b)
  const shared = overlap(new Set(a.terms.keys()), new Set(b.terms.keys()))
  const retold = shared >= RETOLD_TERMS ? contained * termLikeness(a.terms, b.terms) : 0
  const copy = isCopy(a, b)
  const score = Math.min(1, Math.max(jaccard / SAME_AT, retold / RETOLD_AT, copy ? 1 : 0) / 2)
  return { score: Math.round(score * 1000) / 1000, same: score >= 0.5, copy }
}

/** FNV-1a over UTF-16 units, unsigned 32 bits. */
function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}

/**
 * The smallest hashes of a text's four-grams: copies share some of them (all but 0.2 % of copies at Jaccard 0.6), so
 * an index over them finds candidates without comparing with everything. Empty for texts too short to be near copies.
 */
export function sketchOf(bare: string): number[] {
  const all = [...grams(bare, SKETCH_GRAM)].map(hash32)
  if (all.length < LEAST_GRAMS - 1) return []
  return Array.from(Uint32Array.from(new Set(all)).sort().subarray(0, SKETCH_SIZE))
}
