import { Converter } from 'opencc-js/t2cn'

const toSimplified: (text: string) => string = Converter({ from: 't', to: 'cn' })

/** Text to match in, and for each of its UTF-16 units where it stood in the original. */
export interface Cleaned {
  text: string
  /** offsets[i] = start in the original of unit i; one more at the end = length of the original. */
  offsets: Uint32Array
}

/** Invisible, or put between characters to slip through filters. */
const NOISE = /\p{Cf}|\p{M}|[\u2028\u2029\u115f\u1160\u3164\uffa0]/u

/** What `fold` answers for a single unit: itself in `single`, 0 = look in `folded`. */
const single = new Uint16Array(65_536)
const folded = new Map<string, string>()

/** Width, case and traditional characters, one character at a time so that offsets can be told; '' = dropped. */
function fold(char: string): string {
  const known = folded.get(char)
  if (known !== undefined) return known
  // A mark of its own is noise only where it is no part of a composed character.
  const plain = NOISE.test(char) ? '' : toSimplified(char.normalize('NFKC')).toLowerCase()
  if (plain.length === 1 && char.length === 1) single[char.charCodeAt(0)] = plain.charCodeAt(0)
  else if (folded.size < 50_000) folded.set(char, plain)
  return plain
}

/** Grows to the longest text seen; the answer is copied out of it. */
let units = new Uint16Array(4096)
let starts = new Uint32Array(4097)

function reserve(length: number): void {
  if (length <= units.length) return
  const [wider, wide] = [new Uint16Array(length * 2), new Uint32Array(length * 2 + 1)]
  wider.set(units)
  wide.set(starts)
  ;[units, starts] = [wider, wide]
}

const decoder = new TextDecoder('utf-16le', { ignoreBOM: true })
const HIGH_SURROGATE = 0xd800
const AFTER_SURROGATES = 0xe000

/** NFKC, lower case, traditional to simplified, invisible characters out. Offsets map back (design §4). */
export function cleanText(original: string): Cleaned {
  let length = 0
  reserve(original.length)
  for (let at = 0; at < original.length; ) {
    const code = original.charCodeAt(at)
    const plain = single[code] as number
    if (plain) {
      if (length === units.length) reserve(length + 1)
      units[length] = plain
      starts[length++] = at++
      continue
    }
    const isPair = code >= HIGH_SURROGATE && code < AFTER_SURROGATES
    const char = isPair ? String.fromCodePoint(original.codePointAt(at) as number) : (original[at] as string)
    const written = fold(char)
    reserve(length + written.length)
    for (let i = 0; i < written.length; i++) {
      units[length] = written.charCodeAt(i)
      starts[length++] = at
    }
    at += char.length
  }
  starts[length] = original.length
  return { text: decode(length), offsets: starts.slice(0, length + 1) }
}

function decode(length: number): string {
  // A decoder would replace a surrogate that stands alone; String keeps it, and offsets with it.
  if (length < 64) return String.fromCharCode(...units.subarray(0, length))
  const text = decoder.decode(units.subarray(0, length))
  return text.includes('\ufffd') ? fromUnits(length) : text
}

function fromUnits(length: number): string {
  let text = ''
  for (let at = 0; at < length; at += 4096)
    text += String.fromCharCode(...units.subarray(at, Math.min(length, at + 4096)))
  return text
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
