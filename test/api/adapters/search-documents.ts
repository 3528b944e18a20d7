import type { SearchDocument } from '../../../api/ports.ts'
import { randomFrom } from '../../replica/random.ts'

/** Few characters, so that every pair stands in many texts: Chinese, rare plane, letters, digits, wide, signs, emoji. */
const ALPHABET = [...'化工园厂异味水火𠮷常州aBcａ1２3 。，*|"\n-火灾爆😀é']
export const HOUR = 3_600_000

export function generated(count: number, seed = 7): SearchDocument[] {
  const random = randomFrom(seed)
  return Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    text: Array.from({ length: 4 + random.below(40) }, () => random.pick(ALPHABET)).join(''),
    source: random.pick(['zhongwu', 'hualongxiang']),
    board: random.pick(['百姓呼声', '龙城茶座', null]),
    topics: random.pick([[], ['安全生产/火灾'], ['安全生产/危险化学品', '自然灾害/洪涝'], ['安全生产面']]),
    places: random.pick([
      [],
      ['常州市武进区遥观镇'],
      ['常州市新北区', '常州市武进区'],
      ['常州市经济开发区横山桥镇'],
    ]),
    // Several at the same instant: the order must still be one.
    at: 1_500_000_000_000 + random.below(40) * HOUR,
    flagged: random.below(3) === 0,
  }))
}
