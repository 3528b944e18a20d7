import { type Cleaned, originalRange } from './clean.ts'
import type { Explain } from './explain.ts'
import type { PatternMatch } from './features.ts'
import type { Gate } from './gates.ts'
import type { Lexicon } from './lexicon.ts'
import type { EventClass, Reason, SeverityGround, Span } from './post.ts'
import type { RuleMatch } from './rules.ts'
import type { Joined, Seen } from './scan.ts'
import { DANGER_POINTS } from './score.ts'

export interface Range {
  start: number
  end: number
}

/** Ranges of the text that was read, as spans of what was typed. */
export type Say = (ranges: readonly Range[]) => Span[]

export function spanOf(cleaned: Cleaned, from: number, to: number, { original, textAt }: Joined): Span {
  const { start, end } = originalRange(cleaned, from, to)
  const inTitle = start < textAt
  const shift = inTitle ? 0 : textAt
  return {
    field: inTitle ? 'title' : 'text',
    start: start - shift,
    end: end - shift,
    text: original.slice(start, end),
  }
}

const rankOf = ({ field }: Span): number => (field === 'title' ? 0 : 1)

/** Each range once, the title's before the text's. */
export function sayer(read: Cleaned, joined: Joined): Say {
  return ranges => {
    const spans = new Map<string, Span>()
    for (const { start, end } of ranges) {
      const span = spanOf(read, start, end, joined)
      const name = `${span.field} ${span.start} ${span.end}`
      if (!spans.has(name)) spans.set(name, span)
    }
    return [...spans.values()].sort((a, b) => rankOf(a) - rankOf(b) || a.start - b.start)
  }
}

const wordsOf = (spans: readonly Span[], most: number): string =>
  [...new Set(spans.map(({ text }) => text))].slice(0, most).join('、')

const SAYS: Record<Gate, { name: string; yes: string; no: string }> = {
  topic: { name: '主题', yes: '像本局关心的事', no: '不像本局关心的事' },
  action: { name: '需处置', yes: '像事故、隐患或诉求', no: '更像议论、宣传或感想' },
}
const OPEN = 0.5

/** What the model thinks at each gate, the patterns it recognised and its strongest words, however these are said. */
export function modelReasons(
  explain: Explain,
  gates: Record<Gate, number>,
  parts: Float64Array,
  lexicon: Lexicon,
  seen: Seen,
): ((say: Say) => Reason)[] {
  const signOf = (gate: Gate) => (gates[gate] >= OPEN ? 1 : -1)
  const grounds = explain(seen, parts, { topic: signOf('topic'), action: signOf('action') })
  return (Object.keys(SAYS) as Gate[]).map(gate => {
    const value = gates[gate]
    const isOpen = value >= OPEN
    const { name, yes, no } = SAYS[gate]
    const patterns = gate === 'topic' && isOpen ? patternNames(lexicon, seen) : ''
    return say => {
      const spans = say(grounds[gate])
      const words = wordsOf(spans, 5)
      return {
        kind: 'model',
        rule: null,
        message: `模型·${name} ${value.toFixed(2)}，${isOpen ? yes : no}${patterns}${words && `：${words}`}`,
        points: Math.round((value - OPEN) * 1000) / 1000,
        spans,
      }
    }
  })
}

const MOST_PATTERNS = 3

function patternNames(lexicon: Lexicon, { patterns }: Seen): string {
  const names = patterns.map(({ pattern }) => lexicon.patterns[pattern]?.pattern.name as string)
  return names.length ? `（${[...new Set(names)].slice(0, MOST_PATTERNS).join('、')}）` : ''
}

export const ruleReason = ({ rule, note }: RuleMatch, spans: Span[]): Omit<Reason, 'points'> => ({
  kind: 'rule',
  rule: rule.id,
  message: `规则「${rule.name}」：${wordsOf(spans, 4)}${note}`,
  spans,
})

export const feedbackReason = (word: string, points: number, spans: Span[]): Reason => ({
  kind: 'feedback',
  rule: null,
  message: `值班反馈：含「${word}」的多${points > 0 ? '被采用' : '被排除'}`,
  points,
  spans,
})

export const severityReason = ({ message, spans }: SeverityGround): Reason => ({
  kind: 'severity',
  rule: null,
  message: `严重程度提示：${message}${spans.length ? `（${wordsOf(spans, 3)}）` : ''}`,
  points: 0,
  spans,
})

/** Told of often without anything having happened; the other classes are dangers by themselves. */
const TALKED_ABOUT: ReadonlySet<EventClass> = new Set([
  'flood',
  'relief',
  'bureau_service',
  'weather',
  'earthquake',
])

/** Patterns of a concrete danger that hold. */
export const dangersIn = (lexicon: Lexicon, { patterns }: Seen): (PatternMatch & { name: string })[] =>
  patterns.flatMap(match => {
    const { pattern } = lexicon.patterns[match.pattern] as Lexicon['patterns'][number]
    return TALKED_ABOUT.has(pattern.event) ? [] : [{ ...match, name: pattern.name }]
  })

/** One reason for all of them, with the words of each. */
export function dangerReasons(dangers: ReturnType<typeof dangersIn>, say: Say): Reason[] {
  if (!dangers.length) return []
  const spans = say(dangers.flatMap(({ spots }) => spots.map(([start, end]) => ({ start, end }))))
  const names = [...new Set(dangers.map(({ name }) => name))].slice(0, MOST_PATTERNS).join('、')
  return [
    {
      kind: 'model',
      rule: null,
      message: `写到具体险情：${names}（${wordsOf(spans, 4)}），需处置 +${DANGER_POINTS}`,
      points: DANGER_POINTS,
      spans,
    },
  ]
}

export const figuresOf = (lexicon: Lexicon): number =>
  lexicon.groups.findIndex(({ id }) => id === 'figurative')

/** Words of the trade in a figure of speech (`group`): cheap, so said of every text that has them. */
export function figureReasons(group: number, { observation }: Seen, topic: number, say: Say): Reason[] {
  if (!observation.count[group] || topic >= OPEN) return []
  const [start, end] = [observation.firstStart[group] as number, observation.firstEnd[group] as number]
  const spans = say([{ start, end }])
  return [
    {
      kind: 'homonym',
      rule: null,
      message: `不是险情的说法：${wordsOf(spans, 1)}`,
      points: Math.round((topic - OPEN) * 1000) / 1000,
      spans,
    },
  ]
}
