import { hash } from 'node:crypto'

const SIGNS = /[\s\p{P}\p{S}]+/gu
const SIGN = /[\s\p{P}\p{S}]/u
/** Of each unit, asked once of the expression: 1 = left out, 2 = kept. */
const asked = new Uint8Array(65_536)
const isSign = (code: number): boolean => {
  // Chinese characters are none, and most of what there is.
  if (code >= 0x4e00 && code < 0xa000) return false
  asked[code] ||= SIGN.test(String.fromCharCode(code)) ? 1 : 2
  return asked[code] === 1
}

const [SURROGATES, AFTER_SURROGATES] = [0xd800, 0xe000]
let bytes = new Uint8Array(8192)

/** Hash of a cleaned text without white space, punctuation and signs; equal for exact copies. */
export function fingerprintOf(text: string): string {
  if (bytes.length < text.length * 3) bytes = new Uint8Array(text.length * 6)
  let size = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    // Signs of two units are told by the expression alone.
    if (code >= SURROGATES && code < AFTER_SURROGATES) return hash('sha256', text.replace(SIGNS, ''))
    if (isSign(code)) continue
    if (code < 0x80) bytes[size++] = code
    else if (code < 0x800) {
      bytes[size++] = 0xc0 | (code >> 6)
      bytes[size++] = 0x80 | (code & 0x3f)
    } else {
      bytes[size++] = 0xe0 | (code >> 12)
      bytes[size++] = 0x80 | ((code >> 6) & 0x3f)
      bytes[size++] = 0x80 | (code & 0x3f)
    }
  }
  return hash('sha256', bytes.subarray(0, size))
}
