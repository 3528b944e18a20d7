import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPipeline } from '../../pipeline/run.ts'
import { createSegmenter } from '../../pipeline/segment.ts'
import { wholeWords, wordsBySentence } from '../../pipeline/whole-words.ts'

const configDir = resolve(import.meta.dirname, '../../config')

describe('words that are shown as a reason', () => {
  it.each<[string, string, string]>([
    ['戚墅堰 有人 在 自家 车库 里 存 了 一屋子 烟花爆竹', '自家车库里存了一', '自家车库'],
    ['旁边 就 是 饭店', '边就', '旁边'],
    ['化工 企业 泄漏', '工企', '化工企业'],
    ['一点 都 不 好吃', '不好吃', '不好吃'],
    ['水管 漏 了', '漏了', '漏了'],
    ['烟花爆竹 往外 卖', '爆竹', '烟花爆竹'],
    ['没 人 管', '没', '没'],
  ])('%s: %s -> %s', (cut, piece, shown) => {
    const words = cut.split(' ')
    const text = words.join('')
    const start = text.indexOf(piece)
    const whole = wholeWords(words)({ start, end: start + piece.length })
    expect(text.slice(whole.start, whole.end)).toBe(shown)
  })

  it('never begin or end inside a word where a post is flagged', () => {
    const pipeline = createPipeline({ configDir })
    const segmenter = createSegmenter(resolve(configDir, 'dictionary.txt'))
    for (const text of [
      '戚墅堰有人在自家车库里存了一屋子烟花爆竹往外卖，没有证，旁边就是饭店的灶台。快过年了，炸起来一片都完，希望安监来查。',
      '武进遥观镇化工厂半夜又有怪味，氨气味道刺鼻，孩子咳得睡不着，求应急管理局来查一查！',
    ]) {
      const { flagged, reasons, sentiment } = pipeline.analyse({ text, source: 'board' })
      expect(flagged).toBe(true)
      const bounds = new Set([0])
      let at = 0
      for (const word of segmenter.cut(text)) {
        at += word.length
        bounds.add(at)
      }
      const shown = [
        ...reasons.filter(({ kind }) => kind === 'model').flatMap(({ spans }) => spans),
        ...(sentiment?.phrases ?? []),
      ]
      expect(shown.length).toBeGreaterThan(3)
      for (const { start, end, text: words } of shown)
        expect([bounds.has(start), bounds.has(end)], words).toEqual([true, true])
    }
  })

  it('of sentences are those of the whole text, each sentence cut but once', () => {
    const segmenter = createSegmenter(resolve(configDir, 'dictionary.txt'))
    const text =
      '戚墅堰有人在车库里存了烟花爆竹,旁边就是饭店 没有证。化工园半夜有怪味\n求查一查。有人在车库里存了爆竹，还抽烟！'
    const whole = wholeWords(segmenter.cut(text))
    const asked: string[] = []
    const bySentence = wordsBySentence(sentence => {
      asked.push(sentence)
      return segmenter.cut(sentence)
    })(text)
    for (let start = 0; start < text.length; start++)
      for (let end = start + 1; end <= Math.min(text.length, start + 12); end++)
        expect(bySentence({ start, end }), text.slice(start, end)).toEqual(whole({ start, end }))
    expect(new Set(asked).size).toBe(asked.length)
  })
})
