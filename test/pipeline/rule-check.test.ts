import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ruleProblems } from '../../pipeline/rule-check.ts'
import type { Rule } from '../../pipeline/rules.ts'
import { parseRules, readRules } from '../../pipeline/rules-file.ts'
import { createPipeline } from '../../pipeline/run.ts'

const configDir = resolve(import.meta.dirname, '../../config')
const GOOD = { id: 'aa', name: '甲', topicPoints: 1, actionPoints: 1, any: ['乙'] }

describe('a rule of a wrong shape is told so once a field', () => {
  it.each<[string, object, string[]]>([
    ['words in place of groups', { all: [...'甲乙丙丁戊己庚辛壬'] }, ['每组第 1 组须为清单。']],
    [
      'numbers in place of words',
      { any: Array.from({ length: 20 }, (_, at) => at), topicPoints: 3 },
      ['主题分须在 −2 到 2 之间。', '任一第 1 个词须为文字（数字请加引号）。'],
    ],
    [
      'two kinds of fault in one field',
      { any: [5, 6, '长'.repeat(61)] },
      ['任一第 1 个词须为文字（数字请加引号）。', `任一第 3 个词「${'长'.repeat(12)}…」太长，最多 60 个字。`],
    ],
    [
      'what a pair does not have',
      { near: [{ a: ['气'], b: ['球'], within: 9, none: ['灯'] }] },
      ['相距第 1 对没有「none」这一项，请删去或改正写法。'],
    ],
    ['half a pair', { near: [{ a: ['气'] }] }, ['相距第 1 对缺少相距右边、相距的字数。']],
  ])('%s', (_, wrong, says) => {
    expect(ruleProblems({ ...GOOD, ...wrong })).toEqual(says)
  })

  it.each([['text'], [5], [null], [[GOOD]]])('%j is no rule at all', rule => {
    expect(ruleProblems(rule)).toEqual(['规则须按「项: 值」分项填写。'])
  })
})

describe('a word that would be looked for in vain is refused, saying what to write', () => {
  const found = (word: string, text: string) =>
    createPipeline({ configDir, rules: [{ ...GOOD, any: [word] }] })
      .analyse({ text }, { anywhere: true })
      .reasons.some(({ rule }) => rule === 'aa')

  it.each([
    ['常州·武进', '常州武进'],
    ['加气 站', '加气站'],
    ['哈哈哈', '哈'],
    ['火乍药', '炸药'],
  ])('%s -> %s', (word, read) => {
    const text = `听说${word}出事了`
    expect(found(word, text)).toBe(false)
    expect(found(read, text)).toBe(true)
    expect(ruleProblems({ ...GOOD, any: [word] }).join()).toContain(`「${word}」：读帖时`)
    expect(ruleProblems({ ...GOOD, any: [word] }).join()).toContain(`读作「${read}」，请照此写。`)
    expect(ruleProblems({ ...GOOD, any: [read] })).toEqual([])
  })

  it('one of invisible characters is empty', () => {
    expect(ruleProblems({ ...GOOD, none: ['\u200b'] })).toEqual(['都不得有里有空白的词，请去掉。'])
  })

  it.each(['SOS 求救', 'C++', '3-2-1', '！', '🔥', '天天', 'ＡＢ座'])('%s is left as it is', word => {
    expect(ruleProblems({ ...GOOD, any: [word] })).toEqual([])
  })
})

describe('an expression finds what it says', () => {
  it.each([
    ['[A-Z]座', '三号A座'],
    ['Ａ座', '三号A座'],
    ['（旧）楼', '（旧）楼倒了'],
    ['漏氣', '漏氣了'],
    ['[（【]急[】）]', '【急】求助'],
    ['\\S{2}栋\\D', '十三栋的'],
  ])('%s in %s', (regex, text) => {
    const { any: _, ...rest } = GOOD
    const pipeline = createPipeline({ configDir, rules: [{ ...rest, regex }] })
    const { reasons } = pipeline.analyse({ text }, { anywhere: true })
    expect(reasons.filter(({ rule }) => rule === 'aa')).toHaveLength(1)
  })
})

it('a class that the topics do not know counts as other, and stops nothing', () => {
  const rule = { ...GOOD, any: ['着火'], eventClass: 'ufo' } as unknown as Rule
  const pipeline = createPipeline({ configDir, rules: [rule] })
  expect(pipeline.analyse({ text: '厂房着火了' }, { anywhere: true }).flagged).toBe(true)
})

it('our own rules have no fault; a file of 20,000 rules is checked at once', () => {
  expect(readRules(readFileSync(resolve(configDir, 'rules.yaml'), 'utf8')).length).toBeGreaterThan(50)
  const many = Array.from(
    { length: 20_000 },
    (_, at) => `  - { id: r${at}, name: 甲, any: [乙], topicPoints: 1 }`,
  )
  expect(readRules(`rules:\n${many.join('\n')}`)).toHaveLength(20_000)
  expect(parseRules('rules:\r\n  - id: aa\r\n  - 5\r\n').map(({ line }) => line)).toEqual([2, 3])
})
