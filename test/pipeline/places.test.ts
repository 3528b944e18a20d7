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

  it.each([
    '楼下重庆火锅店着火了',
    '北京烤鸭店后厨起火了，冒黑烟',
    '上海路上一家店着火了',
    '南京西路那边煤气味很重',
    '日本料理店后厨着火了',
    '兰州拉面馆的煤气罐爆炸了',
    '南京银行门口冒黑烟',
  ])('what is only called after a place is not there: %s', text => {
    const { gates, places, flagged } = read(text)
    expect(places.map(({ inChangzhou }) => inChangzhou)).toEqual([null])
    expect([gates.local > 0.5, flagged]).toEqual([true, true])
  })

  it.each([
    '兰州一家牛肉面馆爆炸了，三个人受伤',
    '上海北京路上着火了',
    '新闻里讲韩国地下车库电动车自燃，烧了一百多部',
    '美国得州化工厂爆炸',
  ])('what happened elsewhere is: %s', text => {
    expect([read(text).gates.local < 0.5, read(text).flagged]).toEqual([true, false])
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

  it('a town called by its short name is ours on a local board where the words after it speak of a place', () => {
    const districtOf = (text: string, source: string | null = 'board') =>
      pipeline.analyse({ text, source }).places.find(({ inChangzhou }) => inChangzhou)?.district ?? null
    expect(districtOf('青龙那边半夜有人烧东西')).toBe('天宁区')
    expect(districtOf('早上路过永红工地，围挡倒了')).toBe('钟楼区')
    expect(districtOf('茶山一家饭店后厨起火')).toBe('天宁区')
    expect(districtOf('三井小学门口路面塌了')).toBe('新北区')
    expect(districtOf('青龙那边半夜有人烧东西', null)).toBeNull()
    expect(districtOf('江阴青龙那边半夜有人烧东西')).toBeNull()
    for (const text of [
      '五星级酒店的消防栓没水',
      '给师傅一个五星好评',
      '三井物产招人',
      '洛阳那边下大雨',
      '两条青龙盘在柱子上',
    ])
      expect(districtOf(text), text).toBeNull()
  })

  it('what every city has is no place of ours by itself', () => {
    for (const text of ['高新区招人', '开发区的厂房', '经济开发区又开了一家'])
      expect(read(text).places.filter(({ inChangzhou }) => inChangzhou)).toEqual([])
  })

  it('a name that other cities have too is ours beside Changzhou or on a local board, not beside another city', () => {
    const here = (text: string, source: string | null) =>
      pipeline.analyse({ text, source }).places.some(({ inChangzhou }) => inChangzhou)
    expect(here('经开区一家厂冒黑烟', 'board')).toBe(true)
    expect(here('经开区一家厂冒黑烟', null)).toBe(false)
    expect(here('常州 经开区一家厂冒黑烟', null)).toBe(true)
    expect(here('合肥经开区一家厂冒黑烟', 'board')).toBe(false)
    expect(here('江阴新桥镇一家厂冒黑烟', 'board')).toBe(false)
    expect(here('新桥镇一家厂冒黑烟', 'board')).toBe(true)
    expect(here('西安钟楼人山人海', 'board')).toBe(false)
    expect(here('钟楼这边路灯坏了', 'board')).toBe(true)
  })

  it.each([
    ['滨江化工园夜里有异味', '常州市新北区滨江化工园', 'site', '新北区'],
    ['龙江高架上车辆追尾', '常州市龙江高架', 'road', null],
    ['长荡湖水位超警戒', '常州市金坛区长荡湖', 'site', '金坛区'],
    ['采菱港边上有人溺水', '常州市采菱港', 'site', null],
    ['翠竹新村飞线充电', '常州市天宁区翠竹新村', 'site', '天宁区'],
    ['戚墅堰那边停电', '常州市武进区戚墅堰', 'site', '武进区'],
    ['南夏墅一工地塌方', '常州市武进区南夏墅街道', 'town', '武进区'],
  ])('%s', (text, name, level, district) => {
    expect(read(text).places).toContainEqual(
      expect.objectContaining({ name, level, district, inChangzhou: true }),
    )
  })

  it('the order of posts changes nothing', () => {
    const once = CASES.map(([text]) => JSON.stringify(read(text).places))
    const again = [...CASES].reverse().map(([text]) => JSON.stringify(read(text).places))
    expect(again.reverse()).toEqual(once)
  })
})
