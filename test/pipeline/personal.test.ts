import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskPersonal } from '../../api/mask.ts'
import { findPersonal, isCardNumber, isIdNumber, type PersonalKind } from '../../pipeline/personal.ts'

const found = (text: string) => findPersonal(text).map(({ kind, text: words }) => [kind, words])

/** Own sentences; each names what must be found, in order. */
const CASES: [text: string, ...found: [PersonalKind, string][]][] = [
  ['联系电话13861234567，请尽快处理', ['mobile', '13861234567']],
  ['打 138 6123 4567 或 139-1234-5678', ['mobile', '138 6123 4567'], ['mobile', '139-1234-5678']],
  ['电话１３８６１２３４５６７', ['mobile', '１３８６１２３４５６７']],
  ['+86 13861234567', ['mobile', '13861234567']],
  ['物业0519-85588123一直没人接', ['landline', '0519-85588123']],
  ['座机：85588123', ['landline', '85588123']],
  ['我的号是320402198001011234', ['idNumber', '320402198001011234']],
  ['本人证件号码：320402198001011234（输错也要遮住）', ['idNumber', '320402198001011234']],
  ['老证 320402800101123 已停用', ['idNumber', '320402800101123']],
  ['苏D8A123货车超载', ['plate', '苏D8A123']],
  ['一辆苏D·D12345新能源渣土车', ['plate', '苏D·D12345']],
  ['危险品车苏DK123挂停在路边', ['plate', '苏DK123挂']],
  ['发到 zhang.san@example.com 即可', ['email', 'zhang.san@example.com']],
  ['打到 6222021234567890128 就行', ['bankCard', '6222021234567890128']],
  ['加QQ：12345678 细说', ['account', '12345678']],
  ['微信号 abc_12345', ['account', 'abc_12345']],
  ['联系人：王小明，电话13861234567', ['name', '王小明'], ['mobile', '13861234567']],
  ['我叫李强，住在湖塘镇', ['name', '李强']],
  ['姓名：欧阳建国', ['name', '欧阳建国']],
]

/** Look like it and are none. */
const CLEAN = [
  '拨打12345或119',
  '编号20261124123456789处理单',
  '2026年11月24日08:30，第1386123456789号文',
  '我是武进区居民，单位在新北',
  '我是高三学生。',
  '余额1234567.89元',
  '苏州到常州的高铁',
  '联系人请速回电',
  '微信群里都在说',
  '订单号 100000000000000001',
]

describe('personal data in a text (S-38)', () => {
  it.each(CASES)('S-38 finds in %s', (text, ...expected) => {
    expect(found(text)).toEqual(expected)
    for (const { start, end, text: words } of findPersonal(text)) expect(text.slice(start, end)).toBe(words)
  })

  it.each(CLEAN)('S-38 leaves %s alone', text => {
    expect(found(text)).toEqual([])
    expect(maskPersonal(text)).toBe(text)
  })

  it('S-38 masks as the document shows: 138****1234', () => {
    expect(maskPersonal('网友13856781234，车牌苏D8A123，联系人：王小明，zhang@example.com')).toBe(
      '网友138****1234，车牌苏D****3，联系人：王**，z****@example.com',
    )
  })

  it('knows a wrong check digit', () => {
    expect([isIdNumber('320402198001011234'), isIdNumber('320402198001011235')]).toEqual([true, false])
    expect([isCardNumber('6222021234567890128'), isCardNumber('6222021234567890120')]).toEqual([true, false])
  })

  it('keeps the length of any text, and masks nothing twice', () => {
    const parts = fc.constantFrom(
      '13861234567',
      '苏D8A123',
      '联系人：王小明',
      '，',
      '我叫',
      'QQ',
      '0519',
      '张',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string()), { maxLength: 12 }), pieces => {
        const text = pieces.join('')
        const masked = maskPersonal(text)
        expect(masked).toHaveLength(text.length)
        expect(findPersonal(masked).filter(({ kind }) => kind === 'mobile')).toEqual([])
      }),
    )
  })
})
