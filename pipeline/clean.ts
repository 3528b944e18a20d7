import { Converter } from 'opencc-js/t2cn'

const toSimplified: (text: string) => string = Converter({ from: 't', to: 'cn' })

/** Text to match in, and for each of its UTF-16 units where it stood in the original. */
export interface Cleaned {
  text: string
  /** offsets[i] = start in the original of unit i; one more at the end = length of the original. */
  offsets: number[]
}

/** Invisible, or put between characters to slip through filters. */
const NOISE = /\u00ad|[\u200b-\u200f]|[\u2028-\u202f]|[\u2060-\u206f]|[\ufe00-\ufe0f]|\ufeff/
const DECORATION = /[*_~^`|·•.…。、☆★◆◇○●□■/\\+=#@\-\s]/u
const HAN = /\p{Script=Han}/u
const folded = new Map<string, string>()

/** Width, case and traditional characters, one character at a time so that offsets can be told. */
function fold(char: string): string {
  const known = folded.get(char)
  if (known !== undefined) return known
  const plain = toSimplified(char.normalize('NFKC')).toLowerCase()
  if (folded.size < 50_000) folded.set(char, plain)
  return plain
}

/** NFKC, lower case, traditional to simplified, invisible characters out. Offsets map back (design §4). */
export function cleanText(original: string): Cleaned {
  let text = ''
  const offsets: number[] = []
  let at = 0
  for (const char of original) {
    const plain = NOISE.test(char) ? '' : fold(char)
    for (let i = 0; i < plain.length; i++) offsets.push(at)
    text += plain
    at += char.length
  }
  offsets.push(original.length)
  return { text, offsets }
}

/** The same without single decoration between Chinese characters: 爆*炸, 爆 炸, 炸.药 (read besides, not instead). */
export function withoutDecoration({ text, offsets }: Cleaned): Cleaned | null {
  const kept: number[] = []
  for (let i = 0; i < text.length; i++) {
    const isGap =
      DECORATION.test(text[i] as string) && HAN.test(text[i - 1] ?? '') && HAN.test(text[i + 1] ?? '')
    if (!isGap || text[i] === '。' || text[i] === '、') kept.push(i)
  }
  if (kept.length === text.length) return null
  return {
    text: kept.map(i => text[i]).join(''),
    offsets: [...kept.map(i => offsets[i] as number), offsets.at(-1) as number],
  }
}

/** A range of the cleaned text in the original. */
export const originalRange = (
  { offsets }: Cleaned,
  start: number,
  end: number,
): { start: number; end: number } => {
  const from = offsets[start] as number
  const last = offsets[end - 1] as number
  // The end is where the next different character begins.
  let next = end
  while (next < offsets.length - 1 && offsets[next] === last) next++
  return { start: from, end: offsets[next] as number }
}
