import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanText, originalRange } from '../../pipeline/clean.ts'

test('width, case, traditional characters, invisible ones, marks', () => {
  expect(cleanText('ＡＢ１２３ 應急管理局').text).toBe('ab123 应急管理局')
  expect(cleanText('爆\u200b炸\ufeff了\u00ad').text).toBe('爆炸了')
  expect(cleanText('爆\u0336炸\u0336').text).toBe('爆炸')
  expect(cleanText('㎡…①').text).toBe('m2...1')
})

test('every range leads back to what was typed', () => {
  const original = '甲\u200b醇㎡洩漏'
  const cleaned = cleanText(original)
  expect(cleaned.text).toBe('甲醇m2泄漏')
  const at = (from: number, to: number) => {
    const { start, end } = originalRange(cleaned, from, to)
    return original.slice(start, end)
  }
  expect(at(0, 2)).toBe('甲\u200b醇')
  expect(at(2, 3)).toBe('㎡')
  expect(at(4, 6)).toBe('洩漏')
})

test('any text: offsets rise, end where the text ends, and cleaning twice changes nothing', () => {
  const unit = fc.oneof(
    fc.constantFrom('火', '災', ' ', '\n', '㎡', 'Ａ', '\u200b', '😀', '\ud83d', 'é', 'İ'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 120 }), original => {
      const { text, offsets } = cleanText(original)
      expect(offsets).toHaveLength(text.length + 1)
      expect(offsets.at(-1)).toBe(original.length)
      expect([...offsets].every((offset, i) => i === 0 || offset >= (offsets[i - 1] as number))).toBe(true)
    }),
    { numRuns: 300, seed: 11 },
  )
})
