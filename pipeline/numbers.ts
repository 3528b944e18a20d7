/** Numbers as people write them: 3, 三, 两, 十二, 一百零五, 数十, 上千, 300多. */
export const NUMBER =
  '(?:\\d{1,6}(?:\\.\\d+)?[万千百]?|[数几上近][十百千万]+|[零〇一二两三四五六七八九十百千万]{1,9})(?:[多余来]|以上)?(?![\\d零〇一二两三四五六七八九十百千万年月日时点分号楼栋幢层岁元块米吨度级斤路期届])'

const DIGITS = '零一二三四五六七八九'
const UNITS: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }

/** The least that the wording allows: 数十 = 20, 上千 = 1000; null where it is no number. */
export function readNumber(text: string): number | null {
  const plain = text.replace(/[多余来]$|以上$/, '')
  const arabic = /^(\d+(?:\.\d+)?)([万千百]?)$/.exec(plain)
  if (arabic) return Number(arabic[1]) * (arabic[2] === '万' ? 10_000 : (UNITS[arabic[2] ?? ''] ?? 1))
  // 数十 and 几百 are at least two of them, 上千 and 近千 about one.
  const vague = /^([数几上近])([十百千万]+)$/.exec(plain)
  if (vague) return (vague[1] === '数' || vague[1] === '几' ? 2 : 1) * (readChinese(`一${vague[2]}`) ?? 1)
  return readChinese(plain)
}

function readChinese(text: string): number | null {
  const [before, after, ...more] = text.split('万')
  if (more.length) return null
  if (after !== undefined) {
    const [high, low] = [readBelowTenThousand(before || '一'), after ? readBelowTenThousand(after) : 0]
    return high === null || low === null ? null : high * 10_000 + low
  }
  return readBelowTenThousand(text)
}

function readBelowTenThousand(text: string): number | null {
  if (!text) return null
  let [sum, digit] = [0, -1]
  for (const char of text.replace(/两/g, '二').replace(/〇/g, '零')) {
    const unit = UNITS[char]
    if (unit) {
      sum += (digit < 0 ? 1 : digit) * unit
      digit = -1
    } else {
      const value = DIGITS.indexOf(char)
      if (value < 0 || (digit > 0 && value > 0)) return null
      digit = value
    }
  }
  return sum + Math.max(0, digit)
}
