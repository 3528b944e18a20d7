import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rule } from '../../api/rules/routes.ts'
import { fromDraft, toDraft } from '../../dashboard/src/rules/draft.ts'
import { pairOf, pairsDoubt, pairsProblem, words } from '../../dashboard/src/rules/words.ts'

const FULL: Rule = {
  id: 'full',
  name: '各项都有',
  topic: '安全生产/燃气',
  eventClass: 'gas',
  severity: 3,
  unit: '办公室',
  concern: 'own',
  topicPoints: 0.5,
  actionPoints: -0.2,
  any: ['煤气味', 'SOS 求救'],
  all: [['化工', '储罐'], ['说了、又说']],
  none: ['演练'],
  near: [{ a: ['举报'], b: ['12350', '等…'], within: 8 }],
  regex: '漏.{0,3}气',
  field: 'text',
  sources: ['zhongwu', 'hualong'],
  from: '2026-01-01',
  to: '2027-01-01',
}

describe('a rule in the form', () => {
  it('comes out as it went in, every field of it', () => {
    expect(fromDraft(toDraft(FULL), FULL)).toEqual(FULL)
  })

  it('keeps what the form does not show, and leaves out what was emptied', () => {
    const { severity: _, sources: __, ...shown } = toDraft(FULL)
    expect(fromDraft(shown, FULL)).toMatchObject({ severity: 3, sources: ['zhongwu', 'hualong'] })
    const emptied = fromDraft({ ...toDraft(FULL), sources: [], unit: '', any: '' }, FULL)
    expect(Object.keys(emptied)).not.toEqual(expect.arrayContaining(['sources']))
    expect(emptied).not.toHaveProperty('unit')
    expect(emptied).not.toHaveProperty('any')
  })

  it('any word at all comes back, quotes, marks and spaces too', () => {
    const word = fc.string({ unit: fc.constantFrom(...'泄漏ab12 、，,「」"“”…./（）30字以内') })
    const list = fc.array(
      word.map(text => text.trim()).filter(text => text !== ''),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(list, list, fc.integer({ min: 1, max: 200 }), (a, b, within) => {
        const rule: Rule = { id: 'x', name: '词', any: a, all: [a, b], none: b, near: [{ a, b, within }] }
        expect(fromDraft(toDraft(rule), rule)).toEqual(rule)
      }),
    )
  })

  it('phrases stand in quotes of any kind; other spaces part words', () => {
    expect(words('「SOS 求救」、"help me"“煤气 味” 漏气\n着火，冒烟')).toEqual([
      'SOS 求救',
      'help me',
      '煤气 味',
      '漏气',
      '着火',
      '冒烟',
    ])
  })

  it('a number among the words of a pair is a word; a distance is said in brackets', () => {
    expect(pairOf('举报 … 12350')).toEqual({ a: ['举报'], b: ['12350'], within: 20 })
    expect(pairOf('举报...12350（8字内）')).toEqual({ a: ['举报'], b: ['12350'], within: 8 })
    expect(pairOf('化工、储罐 … 泄漏 (30 字以内)')).toEqual({ a: ['化工', '储罐'], b: ['泄漏'], within: 30 })
    expect(pairsDoubt('化工 … 泄漏 30')).toContain('（30 字内）')
    expect(pairsDoubt('化工 … 12350')).toBeNull()
  })

  it('a pair that is none says which line and what to do', () => {
    expect(pairsProblem('化工 … 泄漏\n化工 泄漏')).toMatch(/第 2 行：两组词之间要有一个省略号/)
    expect(pairsProblem(' … 泄漏')).toMatch(/左边没有词/)
    expect(pairsProblem('化工 … （30 字内）')).toMatch(/右边没有词/)
    expect(pairsProblem('化工 … 泄漏（三十字内）')).toMatch(/距离请写在行末，用数字/)
    expect(pairsProblem('化工、「a … b」 … 泄漏（5 字内）')).toBeNull()
  })
})
