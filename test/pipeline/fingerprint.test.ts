import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { fingerprintOf } from '../../pipeline/fingerprint.ts'

/** As it is defined: the hash of what is left without white space, punctuation and signs. */
const defined = (text: string): string =>
  createHash('sha256')
    .update(text.replace(/[\s\p{P}\p{S}]+/gu, ''))
    .digest('hex')

it('a fingerprint is that of the letters and digits alone, of any script', () => {
  const everyUnit = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code))
  const texts = [
    '',
    '遥观镇，化工园 着火了！！',
    'Привет, мир! café ½ ① ㎡',
    '着火💥了😷，快来',
    '半个字\ud83d在这里',
    everyUnit.slice(0, 0xd800).join(''),
    everyUnit.slice(0xe000).join(''),
  ]
  for (const text of texts) expect(fingerprintOf(text)).toBe(defined(text))
  expect(fingerprintOf('着火 了!')).toBe(fingerprintOf('着火了'))
  expect(fingerprintOf('着火了')).not.toBe(fingerprintOf('着火'))
})
