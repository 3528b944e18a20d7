/**
 * Annotators of news, snippets and microblogs draw place names differently; which kind a text is, told from its
 * characters and its form. 0 = news, 1 = snippet or list of facts, 2 = microblog or forum.
 */
export type Style = 0 | 1 | 2
export const STYLES = 3
export const STYLE_SIZE = 1 << 13

export interface StyleWeights {
  values: Float32Array | Int8Array
  scale: number
}

const seen = new Uint32Array(STYLE_SIZE)
let stamp = 0
let slots = new Int32Array(256)

/** Puts a feature at `size` unless it is there; answers where the next one goes. */
function put(size: number, code: number): number {
  const mixed = Math.imul(code, 0x9e37_79b1)
  const slot = (mixed ^ (mixed >>> 16)) & (STYLE_SIZE - 1)
  if (seen[slot] === stamp) return size
  seen[slot] = stamp
  slots[size] = slot
  return size + 1
}

const [COMMA, COLON, SEMICOLON, QUESTION] = [0xff0c, 0xff1a, 0xff1b, 0xff1f]
const LIMITS = [15, 30, 50, 51, 80, 120]

/** Slots of a text's features, each once; the answer is valid until the next call. */
export function styleSlots(original: string): Int32Array {
  stamp++
  if (slots.length < original.length + 32) slots = new Int32Array(original.length * 2 + 32)
  const { length } = original
  let [size, digits, letters, wide, commas] = [0, 0, 0, 0, 0]
  for (let at = 0; at < length; at++) {
    const code = original.charCodeAt(at)
    size = put(size, code)
    // Most are Chinese characters, of which nothing else is asked.
    if (code >= 0x4e00 && code < 0xa000) continue
    if (code >= 48 && code < 58) digits = 1
    else if ((code | 32) >= 97 && (code | 32) < 123) letters = 1
    else if (code === COMMA) commas++
    else if (code >= 0xff10 && code < 0xff5b && code !== COLON && code !== SEMICOLON && code !== QUESTION)
      wide = 1
  }
  const traits = [
    0x1_0000 + digits + letters * 2 + wide * 4,
    0x1_0010 + wide,
    0x1_0020 + Math.min(15, length >> 3),
    ...LIMITS.filter(limit => length < limit).map(limit => 0x1_0100 + limit),
    0x1_0200 + Math.min(8, Math.floor((commas * 80) / (length || 1))),
    0x2_0000 + (original.charCodeAt(length - 1) || 0),
    0x4_0000 + (original.charCodeAt(0) || 0),
  ]
  for (const trait of traits) size = put(size, trait)
  return slots.subarray(0, size)
}

export function styleOf(original: string, { values, scale }: StyleWeights): Style {
  const found = styleSlots(original)
  const sums: [number, number, number] = [0, 0, 0]
  for (let at = 0; at < found.length; at++) {
    const slot = (found[at] as number) * STYLES
    sums[0] += values[slot] as number
    sums[1] += values[slot + 1] as number
    sums[2] += values[slot + 2] as number
  }
  let best: Style = 0
  for (const style of [1, 2] as const) if (sums[style] * scale > sums[best] * scale) best = style
  return best
}
