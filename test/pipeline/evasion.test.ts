import { expect, test } from 'vitest'
import { cleanText, originalRange } from '../../pipeline/clean.ts'
import { unmask } from '../../pipeline/evasion.ts'

const read = (text: string) => unmask(cleanText(text))

test.each([
  ['化工厂爆*炸', '化工厂爆炸'],
  ['化工厂爆 炸 了', '化工厂爆炸了'],
  ['私藏炸.药', '私藏炸药'],
  ['爆\u200b~炸', '爆炸'],
  ['又bao炸了', '又爆炸了'],
  ['楼下着huo了', '楼下着火了'],
  ['昨晚BaoZha了', '昨晚爆炸了'],
  ['车间💥了', '车间爆炸了'],
  ['仓库着🔥了', '仓库着火了'],
  ['鍋爐火乍了', '锅炉炸了'],
  ['着着着着火了', '着火了'],
  // A split character that only stands there once the sign in it is gone.
  ['锅炉火*乍了', '锅炉炸了'],
  ['ran气 泄lou', '燃气泄漏'],
])('%s is read as %s', (written, meant) => {
  expect(read(written).text).toBe(meant)
})

test.each([
  '天天路过，看看就走',
  '住在12-3栋，2020-01-04报修',
  'PM2.5超标',
  '标题\n正文',
  '危房。险情、灾情',
  'shanghai fire brigade',
  '3 人，2 人   受伤',
  '路……灯',
  '💥被困在老房子里,没有水',
  '今晚八点开播!🔥🔥🔥',
])('%s stays as it is', text => {
  const cleaned = cleanText(text)
  expect(unmask(cleaned).text).toBe(cleaned.text)
})

test('what is highlighted is what was typed', () => {
  const original = '厂里BAO炸，又起*火，还有💥'
  const plain = read(original)
  const typed = (word: string) => {
    const at = plain.text.lastIndexOf(word)
    const { start, end } = originalRange(plain, at, at + word.length)
    return original.slice(start, end)
  }
  expect(plain.text).toBe('厂里爆炸，又起火，还有爆炸'.replaceAll('，', ','))
  expect(typed('起火')).toBe('起*火')
  expect(typed('爆炸')).toBe('💥')
  expect(typed('厂里爆炸')).toBe('厂里BAO炸')
})
