import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Sentiment } from '../../pipeline/post.ts'
import { createPipeline } from '../../pipeline/run.ts'
import { readSparse, writeSparse } from '../../pipeline/sparse.ts'
import { type LabelledText, trainSentiment } from '../../pipeline/train/trainers/sentiment.ts'

const pipeline = createPipeline({ configDir: resolve(import.meta.dirname, '../../config') })
const read = (text: string, title?: string): Sentiment =>
  pipeline.analyse({ text, title: title ?? null }).sentiment as Sentiment

/** Own sentences with the words that must be among those that decided. */
const CASES: [text: string, label: Sentiment['label'], ...phrases: string[]][] = [
  ['物业不作为，垃圾堆了一个星期没人管，臭味难闻', 'negative', '不作为', '没人管'],
  ['化工厂又排放刺鼻气味，半夜根本睡不着，投诉多次没人管！', 'negative', '刺鼻', '根本睡不着'],
  ['楼上装修噪音扰民，已经忍无可忍', 'negative', '扰民', '忍无可忍'],
  ['加油站旁边有人抽烟，太危险了', 'negative', '太危险'],
  ['工地没有任何安全措施，真吓人', 'negative', '真吓人'],
  ['一点都不好，太差劲了', 'negative', '太差'],
  ['服务态度不太满意', 'negative', '不太满意'],
  ['燃气管道老化漏气，打了三次电话都推诿', 'negative', '漏气', '推诿'],
  ['消防通道长期被堵死，物业敷衍了事', 'negative', '敷衍'],
  ['非常感谢消防员，来得很及时', 'positive', '非常感谢', '很及时'],
  ['感谢遥观镇政府，路灯修好了，晚上出门安心多了', 'positive', '感谢', '安心'],
  ['工作人员态度很好，解决问题迅速，点赞', 'positive', '很好', '点赞'],
  ['并不危险，请大家放心', 'positive', '放心'],
  ['请问办理危化品经营许可证需要什么材料', 'neutral'],
  ['常州市应急管理局召开安全生产会议', 'neutral'],
  ['今天天气晴，气温20度', 'neutral'],
]

describe('sentiment says what decided', () => {
  it.each(CASES)('%s -> %s', (text, label, ...phrases) => {
    const found = read(text)
    expect(found.label).toBe(label)
    expect(found.phrases.map(({ text: words }) => words)).toEqual(expect.arrayContaining(phrases))
    if (label === 'neutral') expect(found.phrases).toEqual([])
    for (const { start, end, text: words } of found.phrases) expect(text.slice(start, end)).toBe(words)
  })

  it('sign of the score never contradicts the label', () => {
    for (const [text] of CASES) {
      const { label, score } = read(text)
      expect(Math.abs(score)).toBeLessThanOrEqual(1)
      if (label === 'positive') expect(score).toBeGreaterThan(0)
      if (label === 'negative') expect(score).toBeLessThan(0)
      if (label === 'neutral') expect(Math.abs(score)).toBeLessThanOrEqual(0.2)
    }
  })

  it('degree counts: the stronger word weighs more', () => {
    expect(read('对处理结果非常满意').score).toBeGreaterThan(read('对处理结果比较满意').score)
  })

  it('of a danger only praise and thanks are positive, and what is denied is no blame', () => {
    const feelingOf = (text: string) => {
      const { flagged, sentiment } = pipeline.analyse({ text, source: 'board' })
      expect(flagged, text).toBe(true)
      return sentiment
    }
    expect(feelingOf('我也闻到了，住在旁边，晚上更明显。')?.label).toBe('neutral')
    expect(
      feelingOf('感谢应急局的同志，昨晚我们厂里氨气泄漏，他们十分钟就到了，处置得很及时，给他们点赞！')
        ?.label,
    ).toBe('positive')
    const fire = feelingOf(
      '今天凌晨，兰陵一家木器厂房起火，黑烟很大，消防部门出动九辆消防车，一个多小时后明火被扑灭。现场无人员伤亡，起火原因正在调查。',
    )
    expect(fire?.label).toBe('negative')
    expect(fire?.phrases.map(({ text }) => text)).toContain('起火')
    for (const { text } of fire?.phrases ?? []) expect(text).not.toContain('伤亡')
  })

  it('negation turns: 满意 and 不满意', () => {
    expect(read('对处理结果满意').score).toBeGreaterThan(read('对处理结果不满意').score)
    expect(read('对处理结果不满意').phrases.map(({ text }) => text)).toContain('不满意')
  })

  it('spans point into the title and into the text as written, width and case aside', () => {
    const { phrases } = read('投诉好几次，没人管', '垃圾无人清运，臭味难闻')
    expect(phrases.some(({ field }) => field === 'title')).toBe(true)
    expect(phrases.some(({ field, text }) => field === 'text' && text === '没人管')).toBe(true)
    expect(read('Ｔｅｓｔ　太危险了').phrases.at(-1)).toMatchObject({ start: 5, end: 8, text: '太危险' })
  })

  it('the order of posts changes nothing', () => {
    const forward = CASES.map(([text]) => JSON.stringify(read(text)))
    const backward = [...CASES].reverse().map(([text]) => JSON.stringify(read(text)))
    expect(backward.reverse()).toEqual(forward)
  })

  it('a text without anything known has no sentiment', () => {
    expect(pipeline.analyse({ text: '' }).sentiment).toBeNull()
  })
})

describe('training', () => {
  const texts: LabelledText[] = ['general', 'topical', 'message'].flatMap(origin =>
    Array.from({ length: 12 }, (_, at): LabelledText => {
      const label = (['negative', 'neutral', 'positive'] as const)[at % (origin === 'general' ? 2 : 3)]!
      const word = { negative: '难看极了', neutral: '开会通知', positive: '漂亮极了' }[label]
      return { text: `第${at}条${word}${origin}`, label, origin: origin as LabelledText['origin'] }
    }),
  )

  it('the same texts give the same bytes', () => {
    expect(Buffer.from(writeSparse(trainSentiment(texts)))).toEqual(
      Buffer.from(writeSparse(trainSentiment(texts))),
    )
  })

  it('weights survive packing to a hundredth of the greatest', () => {
    const rows = trainSentiment(texts)
    const model = readSparse(writeSparse(rows))
    const columns = rows.constants.length
    rows.keys.forEach((key, at) => {
      const slot = model.slotOf(key)
      expect(slot).toBeGreaterThanOrEqual(0)
      expect(model.mayKnow(key)).toBe(true)
      expect(model.marks[(slot >> 2) + model.markAt]).toBeGreaterThan(0)
      for (let column = 0; column < columns; column++)
        expect(
          Math.abs(
            model.values[slot + column]! * model.scales[column]! - rows.weights[at * columns + column]!,
          ),
        ).toBeLessThanOrEqual(model.scales[column]! / 2 + 1e-9)
    })
    expect(model.slotOf(123_456_789)).toBe(-1)
  })
})
