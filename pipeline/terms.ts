import { readFileSync } from 'node:fs'
import { cleanText } from './clean.ts'
import { Jieba } from './jieba.ts'
import type { Segmenter } from './segment.ts'

/**
 * What sets a text apart from others: names that no dictionary knows (a compound, a road, a firm) and rare words.
 * Two texts about one matter share them; two about the same kind of matter elsewhere do not.
 */
type Terms = ReadonlyMap<string, number>

/** A name that the dictionary does not know falls apart into single characters, and so is told from words. */
const NAME = 12
const RARE_WORD = 5
/** What stands in the text only says less about the matter than what stands in the title. */
const TEXT_SHARE = 0.5
const MOST_TERMS = 24
/** Words that occur in more than one of exp(9) = 8,100 texts of the general idf list set nothing apart. */
const COMMON_IDF = 9

/** Single characters that are words by themselves, so no part of a name: grammar, numbers, directions, ranks of places. */
const WORD_CHARACTERS = new Set(
  '的了在是我有和就不人都一上也很到说要去你会着没看好自己这那他她它们个为与及以对于从把被让给向由因所其之而且但或若如则即将可能够该应请问吗呢吧啊哦嘛呀么什怎哪谁多少几每各某本此另又再还更最太较非常已曾正刚才仅只并同时中大小年月日时分秒点号元万千百十两二三四五六七八九零下前后里外内间旁边东西南北左右路市区县省镇乡村来出入起过得地做用想使令叫当等至今先生女士您',
)
const HAN_ONLY = /^\p{Script=Han}+$/u
const HAN = /\p{Script=Han}/u

let commonWords: Set<string> | undefined
function isCommon(word: string): boolean {
  commonWords ??= new Set(
    readFileSync(Jieba().DEFAULT_IDF_DICT, 'utf8')
      .split('\n')
      .flatMap(line => {
        const [known, idf] = line.split(' ')
        return known && Number(idf) < COMMON_IDF ? [known] : []
      }),
  )
  return commonWords.has(word)
}

export interface TermReader {
  segmenter: Segmenter
  /** Words of our trade and names of places: half our texts have them. */
  weak: ReadonlySet<string>
  /** Blanks names of places that the gazetteer knows: 薛家 falls apart into characters and would pass for a rare name. */
  withoutPlaces(text: string): string
}

function termsOf(text: string, { segmenter, weak, withoutPlaces }: TermReader): Set<string> {
  const found = new Set<string>()
  let run: string[] = []
  const endRun = () => {
    for (let i = 0; i + 2 <= run.length; i++) found.add(`${run[i]}${run[i + 1]}`)
    run = []
  }
  for (const word of segmenter.cutKnown(withoutPlaces(cleanText(text).text))) {
    if (word.length === 1 && HAN_ONLY.test(word) && !WORD_CHARACTERS.has(word)) {
      run.push(word)
      continue
    }
    endRun()
    if (word.length > 1 && HAN.test(word) && !weak.has(word) && !isCommon(word)) found.add(`=${word}`)
  }
  endRun()
  return found
}

/** At most 24 terms, heaviest first. */
export function readTerms(text: { title?: string | null; text: string }, reader: TermReader): Terms {
  const weights = new Map<string, number>()
  const weigh = (from: string, share: number) => {
    for (const term of termsOf(from, reader))
      weights.set(term, Math.max(weights.get(term) ?? 0, (term[0] === '=' ? RARE_WORD : NAME) * share))
  }
  weigh(text.text, TEXT_SHARE)
  weigh(text.title ?? '', 1)
  const heaviest = [...weights].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return new Map(heaviest.slice(0, MOST_TERMS))
}

/** Below this length a text says too little to be like another one: shared evidence counts as if it were this long. */
const LEAST_LENGTH = 16

export const lengthOf = (terms: Terms): number =>
  Math.max(LEAST_LENGTH, Math.sqrt([...terms.values()].reduce((sum, weight) => sum + weight * weight, 0)))

/** 0..1: cosine of the terms, damped where there are few. */
export function termLikeness(a: Terms, b: Terms): number {
  const [less, more] = a.size <= b.size ? [a, b] : [b, a]
  let shared = 0
  for (const [term, weight] of less) shared += weight * (more.get(term) ?? 0)
  return shared && shared / (lengthOf(a) * lengthOf(b))
}
