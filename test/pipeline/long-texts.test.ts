import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildAutomaton, hitBuffer } from '../../pipeline/automaton.ts'
import type { Analysis } from '../../pipeline/post.ts'
import { compileRules } from '../../pipeline/rules.ts'
import { createPipeline } from '../../pipeline/run.ts'
import { WordTable } from '../../pipeline/words.ts'

const pipeline = createPipeline({ configDir: resolve(import.meta.dirname, '../../config') })

const LETTERS = 200_000
const filled = (text: string): string => text.repeat(LETTERS / text.length)

/** Whoever can post a text must not be able to keep the worker from all others: each of these once took minutes. */
describe('a text of 200,000 characters is read like any other', () => {
  const spansOf = ({ reasons, places }: Analysis) => [...reasons.flatMap(({ spans }) => spans), ...places]

  it.each<[string, string, boolean]>([
    ['one word for ever', '着火', true],
    ['a complaint copied on and on', '武进区小区噪音太大投诉没人管燃气泄漏消防道堵，', true],
    ['the same without a stop', '武进区小区噪音太大投诉没人管燃气泄漏消防道堵塞', true],
    ['names of cities', '北京上海', false],
    ['marks that open and never close', '{%好', false],
    ['figures', '三人死亡五人受伤', true],
    ['lines of Windows', '着火了\r\n', true],
    ['pictures', '里💥', true],
    ['halves of characters', '\ud83d', false],
  ])('%s', (_, text, flagged) => {
    const long = filled(text)
    const analysis = pipeline.analyse({ text: long }, { anywhere: true })
    expect(analysis.flagged).toBe(flagged)
    expect(spansOf(analysis).length).toBeGreaterThanOrEqual(flagged ? 1 : 0)
    for (const { start, end, text: words } of spansOf(analysis)) expect(long.slice(start, end)).toBe(words)
    for (const { spans } of analysis.reasons) expect(spans.length).toBeLessThanOrEqual(100)
  })
})

describe('the two words of a rule that stand closest', () => {
  it('are those that comparing all with all would find', () => {
    const [a, b] = [
      ['火', '着火', '着火了'],
      ['厂', '化工厂', '了'],
    ] as const
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('着火了', '火', '化工厂', '厂', '了', '，', '在家'), { maxLength: 30 }),
        fc.integer({ min: 1, max: 6 }),
        (pieces, within) => {
          const text = pieces.join('')
          const table = new WordTable()
          const rule = { id: 'near', name: '近', topicPoints: 1, near: [{ a: [...a], b: [...b], within }] }
          const withWords = compileRules([rule], table, word => word)
          const automaton = table.compile()
          const hits = hitBuffer()
          automaton.scan(text, hits)
          const [match] = withWords(automaton.words)(hits, text, 0, {})
          const [as, bs] = [buildAutomaton(a)(text), buildAutomaton(b)(text)]
          const all = as.flatMap(one => bs.map(other => ({ one, other, gap: gapOf(one, other) })))
          const near = all.filter(({ gap }) => gap <= within)
          const least = Math.min(...near.map(({ gap }) => gap))
          const first = near.find(({ gap }) => gap === least)
          const range = ({ start, end }: Place) => ({ start, end })
          expect(match?.ranges ?? null).toEqual(first ? [range(first.one), range(first.other)] : null)
        },
      ),
    )
  })
})

interface Place {
  start: number
  end: number
}
const gapOf = (a: Place, b: Place): number => Math.max(0, Math.max(a.start, b.start) - Math.min(a.end, b.end))
