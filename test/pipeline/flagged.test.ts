import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Analysis, Reason, Text } from '../../pipeline/post.ts'
import { createPipeline } from '../../pipeline/run.ts'

const pipeline = createPipeline({ configDir: resolve(import.meta.dirname, '../../config') })

const EXAMPLE: Text = {
  source: 'zhongwu',
  board: '百姓呼声',
  title: '遥观镇化工厂半夜又有怪味',
  text: '昨晚十一点多，武进遥观镇那家化工厂又在泄漏，氨气味道刺鼻，孩子咳得睡不着。😷求应急管理局来查一查！',
  publishedAt: '2026-11-20T15:20:00.000Z',
}

const spansOf = (reasons: readonly Reason[]) => reasons.flatMap(({ spans }) => spans)
/** Every offset counts UTF-16 units of its own field and cuts out exactly the words that are named. */
function expectOffsetsToFit(text: Text, analysis: Analysis): void {
  const all = [...spansOf(analysis.reasons), ...analysis.places]
  expect(all.length).toBeGreaterThan(0)
  for (const { field, start, end, text: words } of all)
    expect((field === 'title' ? (text.title ?? '') : text.text).slice(start, end)).toBe(words)
}

describe('the same flagged example says why', () => {
  const analysis = pipeline.analyse(EXAMPLE)

  it('with words whose offsets cut them out of the text, behind an emoji too', () => {
    expect(analysis.flagged).toBe(true)
    expectOffsetsToFit(EXAMPLE, analysis)
    const behind = spansOf(analysis.reasons).filter(
      ({ field, start }) => field === 'text' && start > EXAMPLE.text.indexOf('😷'),
    )
    expect(behind.length).toBeGreaterThan(0)
  })

  it('with the rule by name, the place and the score', () => {
    const rules = analysis.reasons.filter(({ kind, points }) => kind === 'rule' && points > 0)
    expect(rules.length).toBeGreaterThan(0)
    for (const { rule, message, spans } of rules) {
      expect(rule).toMatch(/^[\w-]+$/)
      expect(message).toMatch(/^规则「.+」/)
      expect(spans.length).toBeGreaterThan(0)
    }
    expect(spansOf(rules).map(({ text }) => text)).toContain('氨气')
    const place = analysis.reasons.find(({ kind }) => kind === 'place')
    expect(place?.message).toContain('遥观镇')
    expect(analysis.places).toContainEqual(expect.objectContaining({ text: '遥观镇', inChangzhou: true }))
    const score = analysis.reasons.find(({ kind }) => kind === 'score')
    expect(score?.message).toContain(String(analysis.score))
    for (const gate of Object.values(analysis.gates)) expect(gate).toBeGreaterThanOrEqual(0.5)
  })

  it('with what follows: concern, topic, class, severity, unit', () => {
    expect(['own', 'watch']).toContain(analysis.concern)
    expect(analysis.topics[0]).toMatch(/^安全生产/)
    expect(analysis.eventClass).not.toBeNull()
    expect(analysis.severityHint).not.toBeNull()
    expect(analysis.suggestedUnit).toContain('处')
  })

  it('and says the same every time', () => {
    const again = createPipeline({ configDir: resolve(import.meta.dirname, '../../config') })
    expect(again.version).toBe(pipeline.version)
    expect(again.analyse(EXAMPLE)).toEqual(analysis)
    expect(pipeline.analyse(EXAMPLE)).toEqual(analysis)
  })
})

describe('words in disguise are found and shown as written', () => {
  it.each([
    '武进遥观镇化工厂氨-气-泄-漏，求应急管理局来查一查',
    '武进遥观镇化工厂氨*气*泄*漏，求应急管理局来查一查',
    '武進遙觀鎮化工廠氨氣泄漏，求應急管理局來查一查',
    '武进遥观镇化工厂氨\u200b气\u200b泄\u200b漏，求应急管理局来查一查',
  ])('%s', text => {
    const analysis = pipeline.analyse({ source: 'zhongwu', text })
    expect(analysis.flagged).toBe(true)
    expectOffsetsToFit({ text }, analysis)
  })
})

describe('words of the trade in ordinary talk are not flagged, and it is said why not', () => {
  it.each([
    ['火锅店很火', '新开的火锅店很火，排队两小时，常州人真能吃辣'],
    ['价格跳水', '武进这边的房子价格跳水，去年三万的现在两万二，要不要抄底'],
    ['游戏爆炸好玩', '这游戏爆炸好玩，昨天通宵打到三点，有没有常州的队友一起'],
  ])('%s', (_name, text) => {
    const analysis = pipeline.analyse({ source: 'zhongwu', text })
    expect(analysis.flagged).toBe(false)
    expect([analysis.concern, analysis.topics, analysis.eventClass, analysis.severityHint]).toEqual([
      null,
      [],
      null,
      null,
    ])
    const against = analysis.reasons.filter(({ points }) => points < 0)
    const score = analysis.reasons.find(({ kind }) => kind === 'score')
    expect(score?.message).toMatch(/\d/)
    expect(Math.min(...Object.values(analysis.gates))).toBeLessThan(0.5)
    // Where a word of the trade stands there at all, the reason against it names it.
    if (/火锅|跳水|爆炸/.test(text)) expect(against.flatMap(({ spans }) => spans)).not.toEqual([])
    expectOffsetsToFit({ text }, analysis)
  })
})
