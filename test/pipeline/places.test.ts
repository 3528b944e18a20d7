import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPipeline } from '../../pipeline/run.ts'

const pipeline = createPipeline({ configDir: resolve(import.meta.dirname, '../../config') })
const read = (text: string) => pipeline.analyse({ text, source: 'board' })

/** Own sentences: the stretches that must be found, each with its official name, level, district and whether it is here. */
const CASES: [text: string, ...places: [string, string, string, string | null, boolean | null][]][] = [
  ['武进区湖塘镇花园街有人飞线充电', ['武进区湖塘镇花园街', '常州市武进区湖塘镇', 'town', '武进区', true]],
  ['钟楼区邹区镇灯具城起火', ['钟楼区邹区镇', '常州市钟楼区邹区镇', 'town', '钟楼区', true]],
  [
    '江苏常州溧阳天目湖发生事故',
    ['常州', '常州市', 'city', null, true],
    ['溧阳', '常州市溧阳市', 'district', '溧阳市', true],
    ['天目湖', '常州市溧阳市天目湖', 'site', '溧阳市', true],
  ],
  ['A市B区小区着火', ['A市', 'A市', 'city', null, false], ['B区', 'B区', 'city', null, false]],
]

describe('places', () => {
  it.each(CASES)('%s', (text, ...places) => {
    const found = read(text).places
    expect(
      found.map(({ text: words, name, level, district, inChangzhou }) => [
        words,
        name,
        level,
        district,
        inChangzhou,
      ]),
    ).toEqual(places)
    for (const { start, end, text: words } of found) expect(text.slice(start, end)).toBe(words)
  })

  it('elsewhere lowers the local gate, a hidden city too; no place on a local board counts as local', () => {
    expect(read('南京市江宁区一工厂爆炸').gates.local).toBeLessThan(0.5)
    expect(read('L10县鼎禾名苑小区楼下').gates.local).toBeLessThan(0.5)
    expect(read('我家小区楼道堆满杂物').gates.local).toBeGreaterThan(0.5)
    expect(read('遥观镇小作坊冒黑烟').gates.local).toBe(1)
  })

  it('an unknown road neither makes a post local nor takes it away', () => {
    expect(read('在茅山景区玩').gates.local).toBe(read('在景区玩').gates.local)
  })

  it('a short name that is oftener another place needs its ending', () => {
    expect(read('洛阳的牡丹开了').places.some(({ inChangzhou }) => inChangzhou)).toBe(false)
    expect(read('洛阳镇的牡丹开了').places.some(({ inChangzhou }) => inChangzhou)).toBe(true)
  })

  it('the order of posts changes nothing', () => {
    const once = CASES.map(([text]) => JSON.stringify(read(text).places))
    const again = [...CASES].reverse().map(([text]) => JSON.stringify(read(text).places))
    expect(again.reverse()).toEqual(once)
  })
})
