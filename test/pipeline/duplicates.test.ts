import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareTexts, isCopy, liken, sketchOf } from '../../pipeline/duplicates.ts'
import { createLikeness } from '../../pipeline/likeness.ts'

const read = createLikeness({ configDir: resolve(import.meta.dirname, '../../config') })
const compare = (a: string, b: string) => compareTexts(read({ text: a }), read({ text: b }))

const ORIGINAL =
  '昨晚十一点多，丽华三村十二幢楼下的电动车棚突然冒烟，邻居用水桶接水才浇灭。车棚里私拉的插线板有七八个，物业说装了充电桩却一直没通电，住在二楼的老人吓得一夜没睡，希望有人来管一管。'

describe('copies of a text', () => {
  it('are told whatever their punctuation, width and decoration', () => {
    const dressed = ORIGINAL.replaceAll('，', ' , ')
      .replace('充电桩', '充*电*桩')
      .replace('十二幢', '十 二 幢')
    expect(compare(ORIGINAL, `【转发】${dressed}`)).toMatchObject({ same: true, copy: true })
    expect(compare(ORIGINAL, dressed)).toEqual({ score: 1, same: true, copy: true })
  })

  it('are told when cut short, touched up or quoted in a longer text', () => {
    expect(compare(ORIGINAL, ORIGINAL.slice(0, 62)).copy).toBe(true)
    expect(
      compare(ORIGINAL, `${ORIGINAL}大家转起来，让物业看到！我们小区已经反映了三次都没有回音。`).copy,
    ).toBe(true)
    expect(compare(ORIGINAL, ORIGINAL.replace('昨晚', '前天晚上').replace('七八个', '八九个')).copy).toBe(
      true,
    )
  })

  it('are not found among short questions that differ by a word', () => {
    expect(compare('请问有限空间作业证在哪里办', '请问高处作业证在哪里办')).toMatchObject({
      same: false,
      copy: false,
    })
    expect(compare('天宁区哪里可以举报飞线充电', '钟楼区哪里可以举报飞线充电')).toMatchObject({ same: false })
    expect(compare('顶', '顶')).toMatchObject({ same: true })
  })

  it('are not one template about two places', () => {
    const notice = (town: string) =>
      `【出警快报】今天上午九时许，${town}一处厂房屋顶起火，消防救援站出动三车十五人到场处置，火势已经扑灭，没有人员伤亡，起火原因正在调查。`
    const at = (town: string) => liken(notice(town), { places: new Set([`常州市武进区${town}`]) })
    expect(isCopy(at('遥观镇'), at('横林镇'))).toBe(false)
    expect(isCopy(at('遥观镇'), at('遥观镇'))).toBe(true)
    const house = (number: string) => liken(notice(`建材路${number}`))
    expect(isCopy(house('15号'), house('218号'))).toBe(false)
    expect(isCopy(house('十二幢'), house('十三幢'))).toBe(false)
    expect(isCopy(house('，11月3号，'), house('，11月4号，'))).toBe(true)
    const of = (district: string) => liken(notice(district), { districts: new Set([district]) })
    expect(isCopy(of('武进区'), of('金坛区'))).toBe(false)
    // Nor where only one of the places is known.
    const said = (place: string, spots: string[] = []) =>
      liken(
        `${place}消防通道又被堵死了。${place}我家楼下消防通道天天停满车，昨天救护车都进不来，打了物业电话说会处理，一个月了还是老样子。`,
        { spots: new Set(spots) },
      )
    expect(isCopy(said('清潭'), said('薛家', ['薛家']))).toBe(false)
    expect(isCopy(said('薛家', ['薛家']), said('清潭'))).toBe(false)
    expect(isCopy(said(''), said('薛家', ['薛家']))).toBe(true)
    expect(isCopy(said('薛家', ['薛家']), said('薛家镇', ['薛家镇']))).toBe(true)
    // Nor where no gazetteer knows the places.
    const moved = liken(ORIGINAL.replaceAll('丽华三村', '金谷花园'))
    expect(isCopy(liken(ORIGINAL), moved)).toBe(false)
    expect(isCopy(liken(ORIGINAL), liken(`转自金谷花园业主群：${ORIGINAL}`))).toBe(true)
  })
})

describe('one matter in other words', () => {
  it('is told by the names and rare words it shares', () => {
    const first = read({
      title: '青枫苑的窨井盖碎裂',
      text: '青枫苑北门垃圾房旁边的窨井盖碎裂三个月了，上周有小孩一脚踩空，社区说不归他们管，请求尽快换掉。',
    })
    const again = read({
      title: '第二次反映青枫苑窨井盖',
      text: '青枫苑北门垃圾房旁边的窨井盖还是碎裂的，三个月了没有人换，上周有小孩踩空，社区推给物业。',
    })
    expect(compareTexts(first, again)).toMatchObject({ same: true, copy: false })
    const elsewhere = read({
      title: '金谷花园窨井盖不见了',
      text: '金谷花园南门配电箱旁边的窨井盖不见了，晚上没有路灯，担心有人踩空，请求城管部门尽快补上。',
    })
    expect(compareTexts(first, elsewhere).same).toBe(false)
  })

  it('does not depend on which text comes first', () => {
    const words = fc.array(
      fc.constantFrom('青枫苑', '井盖', '碎裂', '北门', '着火', '没人管', '，', '三个月了', '孩子踩空'),
      {
        maxLength: 30,
      },
    )
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(compare(a.join(''), b.join(''))).toEqual(compare(b.join(''), a.join('')))
      }),
    )
  })
})

describe('sketches', () => {
  it('share hashes between copies and hardly any between others', () => {
    const shared = (a: string, b: string) => {
      const known = new Set(sketchOf(liken(a).bare))
      return sketchOf(liken(b).bare).filter(hash => known.has(hash)).length
    }
    expect(shared(ORIGINAL, ORIGINAL.replace('昨晚', '前天晚上'))).toBeGreaterThanOrEqual(6)
    expect(shared(ORIGINAL, ORIGINAL.slice(0, 62))).toBeGreaterThanOrEqual(2)
    expect(
      shared(ORIGINAL, '外环路高架下的积水一直没有排掉，早高峰三条车道只剩一条，公交车绕行了也没有通知。'),
    ).toBe(0)
  })

  it('leave out texts that are too short to be near copies', () => {
    expect(sketchOf(liken('这里太危险了，没人管吗').bare)).toEqual([])
    expect(sketchOf(liken(ORIGINAL).bare)).toHaveLength(12)
  })
})
