import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EventText, eventLikeness, groupEvents } from '../../pipeline/events.ts'
import { createPipeline } from '../../pipeline/run.ts'

const pipeline = createPipeline({ configDir: resolve(import.meta.dirname, '../../config') })

/** `at`: Shanghai time, null = the page shows none. */
function eventText(
  key: string,
  at: string | null,
  title: string | null,
  text: string,
  label: number | null = null,
): EventText {
  const publishedAt = at === null ? null : new Date(`${at}+08:00`).toISOString()
  const analysis = pipeline.analyse({ title, text, publishedAt, source: 'test' })
  return {
    key,
    at: publishedAt && Date.parse(publishedAt),
    label,
    ...pipeline.liken({ title, text }, analysis),
  } as EventText
}

const FIRE = [
  eventText(
    'f1',
    '2019-05-20T21:10',
    '博爱路瑞锦大厦着火了',
    '路过看到瑞锦大厦五楼窗户往外冒黑烟，消防车来了三辆。',
  ),
  eventText('f2', '2019-05-20T21:40', null, '瑞锦大厦那边浓烟滚滚，楼上还有人没下来，求消防快点！'),
  eventText(
    'f3',
    '2019-05-21T08:05',
    '昨晚瑞锦大厦火灾什么原因',
    '今早上班看到瑞锦大厦五楼全黑了，听说是电线老化，楼里的消防栓没有水。',
  ),
  eventText(
    'f4',
    '2019-05-21T10:30',
    '瑞锦大厦消防栓没水谁来管',
    '昨天起火的时候瑞锦大厦楼道的消防栓拧开没有水，太危险了。',
  ),
]
const CHARGING = [
  eventText(
    'c1',
    '2019-05-20T20:00',
    '丽华三村飞线充电',
    '丽华三村十二幢电动车飞线充电，楼道里停满了电瓶车，隐患太大。',
  ),
  eventText(
    'c2',
    '2019-05-22T09:00',
    '丽华三村又有人拉线充电',
    '丽华三村十五幢从四楼拉线下来给电动车充电，没人管。',
  ),
]
const OTHERS = [
  eventText(
    'o1',
    '2019-05-20T19:00',
    '清凉新村飞线充电',
    '清凉新村八幢电动车飞线充电，楼道里堵死了，隐患太大。',
  ),
  eventText('o2', '2019-05-21T12:00', '龙城大道积水', '暴雨过后龙城大道涵洞积水半米深，车子熄火了。'),
  eventText(
    'o3',
    '2019-05-21T13:00',
    '请问烟花爆竹证怎么办',
    '想在镇上开店卖烟花爆竹，请问许可证在哪里办理。',
  ),
]
const ALL = [...FIRE, ...CHARGING, ...OTHERS]
const groups = (texts: readonly EventText[]) => {
  const byEvent = new Map<string, string[]>()
  for (const [key, event] of groupEvents(texts)) byEvent.set(event, [...(byEvent.get(event) ?? []), key])
  return [...byEvent.values()].map(keys => keys.sort().join()).sort()
}

describe('events', () => {
  it('gather what is told about one incident in several ways, and nothing that is only of its kind', () => {
    expect(groups(ALL)).toEqual(['c1,c2', 'f1,f2,f3,f4', 'o1', 'o2', 'o3'])
  })

  it('keep the same words about different towns apart, and take a town whose name changed for the same', () => {
    const broken = (town: string) =>
      eventText(town, '2019-05-20T10:00', null, `${town}花园街东头的化粪池井盖断了，孩子差点掉下去。`)
    const towns = ['湖塘镇', '湖塘街道', '嘉泽镇', '金坛区', '溧阳'].map(broken)
    expect(groups(towns)).toEqual(['嘉泽镇', '湖塘街道,湖塘镇', '溧阳', '金坛区'])
  })

  it('a text that names no place joins no districts that deny each other', () => {
    const told = (key: string, place: string, hour: number) =>
      eventText(
        key,
        `2019-05-20T${String(hour).padStart(2, '0')}:00`,
        `${place}垃圾站旁边的配电箱敞着门`,
        `${place}垃圾站旁边的配电箱敞着门，里面的铜排都露在外面，放学的孩子从旁边跑过去，雨天怕漏电，麻烦供电所来锁上。`,
      )
    const known = ['湖塘镇', '嘉泽镇', '薛家镇', '金坛', '溧阳'].map((place, i) => told(`k${i}`, place, i))
    const unknown = ['东头', '老街', '桥西', '二号岗', '新桥头'].map((place, i) =>
      told(`u${i}`, place, i + 6),
    )
    const all = [...known, ...unknown]
    const districts = (keys: string) =>
      new Set(all.filter(({ key }) => keys.split(',').includes(key)).flatMap(text => [...text.districts]))
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 6 }), some => {
        for (const keys of groups(some)) expect(districts(keys).size, keys).toBeLessThanOrEqual(1)
      }),
      { numRuns: 50 },
    )
    // What names no place is still one matter with others that do not, and with one place at most.
    expect(groups(all).find(keys => keys.includes('u0'))).toMatch(/u0,u1,u2,u3,u4$/)
  })

  it('do not depend on the order in which texts arrive', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ALL, { minLength: ALL.length }), order => {
        expect(groups(order)).toEqual(groups(ALL))
      }),
      { numRuns: 50 },
    )
  })

  it.each(['薛家', '雪堰', '遥观镇', '清潭'])('do not join all that happens in %s', town => {
    const told = [
      '一个厂房冒黑烟，火很大，消防车来了三辆。',
      '我们小区楼道里飞线充电，电瓶车推上楼，物业不管。',
      '一家化工企业储罐阀门损坏，少量物料泄漏，附近居民闻到刺鼻气味。',
      '河边有一段护坡往下滑，泥土松了，树都歪了，水位又高。',
      '安置小区电梯困人，老人关了半个小时，物业说没钱修。',
    ].map((text, at) => eventText(`m${at}`, '2019-05-20T10:00', `${town}的事`, `${town}${text}`))
    expect(groups(told)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4'])
  })

  it('need more than a town and a kind of trouble, unless both are of one day', () => {
    const at = (time: string | null) => eventText(`t${time}`, time, null, '湖塘哪里着火了，好大的烟')
    const likenessAt = (a: string | null, b: string | null) => eventLikeness(at(a), at(b))
    const town = (key: string, time: string, text: string) => eventText(key, time, null, text)
    const sameNight = [
      town('n1', '2019-05-20T21:00', '湖塘哪里着火了，好大的烟'),
      town('n2', '2019-05-20T21:30', '湖塘这边起火了，有没有人知道怎么回事'),
    ]
    const nextWeek = town('n3', '2019-05-29T21:00', '湖塘又有地方失火了')
    expect(groups([...sameNight, nextWeek])).toEqual(['n1,n2', 'n3'])
    expect(likenessAt('2019-05-20T21:00', '2019-07-20T21:00')).toBe(0)
    expect(likenessAt('2019-05-20T21:00', '2019-05-20T21:00')).toBeGreaterThan(
      likenessAt('2019-05-20T21:00', '2019-05-24T21:00'),
    )
  })

  it('keep apart and together what people decided', () => {
    const split = [...FIRE.slice(0, 2), ...FIRE.slice(2).map(text => ({ ...text, label: 2 }))]
    expect(groups([{ ...(FIRE[0] as EventText), label: 1 }, ...split.slice(1)])).not.toContain('f1,f2,f3,f4')
    const merged = [...FIRE, ...CHARGING].map(text => ({ ...text, label: 9 }))
    expect(groups([...merged, ...OTHERS])).toContain('c1,c2,f1,f2,f3,f4')
  })
})
