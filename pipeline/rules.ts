import { RE2JS } from 're2js'
import { parse } from 'yaml'
import { buildAutomaton } from './automaton.ts'
import type { EventClass, SeverityHint } from './post.ts'

/** One rule of config/rules.yaml. Words are compared after cleaning (width, case, traditional, evasion). */
export interface Rule {
  id: string
  name: string
  /** `安全生产/危险化学品`; none = the rule only adds to the actionable gate or takes away. */
  topic?: string
  eventClass?: EventClass
  severity?: SeverityHint
  /** Unit of config/organisation.yaml. */
  unit?: string
  concern?: 'own' | 'watch'
  /** Points for the topic gate; negative takes away. 1 = enough alone. */
  topicPoints?: number
  actionPoints?: number
  any?: string[]
  /** Each group must occur: one word of each. */
  all?: string[][]
  none?: string[]
  /** Two groups within so many characters of each other. */
  near?: { a: string[]; b: string[]; within: number }[]
  /** Linear-time regular expression (RE2). */
  regex?: string
  field?: 'title' | 'text'
  sources?: string[]
  /** Days, both included. */
  from?: string
  to?: string
}

export interface RuleMatch {
  rule: Rule
  /** Ranges of the cleaned text. */
  ranges: { start: number; end: number }[]
  /** `相距 6 字`, for the sentence that staff read. */
  note: string
}

export class RulesFileError extends Error {}

const isList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(each => typeof each === 'string')

/** What is wrong with one rule, in Chinese; `at` counts from 0. */
export function ruleProblems(rule: Rule, at: number): string[] {
  const problems: string[] = []
  const where = `第${at + 1}条（${rule.id ?? '没有 id'}）`
  if (!rule.id || !rule.name) problems.push(`${where}：缺少 id 或 name。`)
  if (!rule.any && !rule.all && !rule.near && !rule.regex)
    problems.push(`${where}：any、all、near、regex 至少写一项。`)
  if (rule.any && !isList(rule.any)) problems.push(`${where}：any 应为词语清单。`)
  if (rule.all && !(Array.isArray(rule.all) && rule.all.every(isList)))
    problems.push(`${where}：all 应为若干组词语。`)
  if (rule.regex) {
    try {
      RE2JS.compile(rule.regex)
    } catch {
      problems.push(`${where}：正则表达式写错了。`)
    }
  }
  return problems
}

/** @throws RulesFileError naming every problem, in Chinese. */
export function readRules(text: string): Rule[] {
  const { words = {}, rules = [] } = parse(text) as { words?: Record<string, string[]>; rules?: Rule[] }
  const expand = (list: string[] | undefined) =>
    list?.flatMap(word => (word.startsWith('$') ? (words[word.slice(1)] ?? []) : [word]))
  const expanded = rules.map(rule => ({
    ...rule,
    ...(rule.any && { any: expand(rule.any) as string[] }),
    ...(rule.none && { none: expand(rule.none) as string[] }),
    ...(rule.all && { all: rule.all.map(group => expand(group) as string[]) }),
    ...(rule.near && {
      near: rule.near.map(({ a, b, within }) => ({
        a: expand(a) as string[],
        b: expand(b) as string[],
        within,
      })),
    }),
  }))
  const problems = expanded.flatMap(ruleProblems)
  const ids = expanded.map(({ id }) => id)
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at)))
    problems.push(`规则 id「${id}」重复。`)
  if (problems.length) throw new RulesFileError(`规则有误：\n${problems.join('\n')}`)
  return expanded
}

interface Range {
  start: number
  end: number
}

/** Gap between two ranges in characters; 0 where they touch or overlap. */
const distance = (a: Range, b: Range): number =>
  Math.max(0, Math.max(a.start, b.start) - Math.min(a.end, b.end))

/** One automaton over all words of all rules; `titleLength` tells where the title ends in the joined text. */
export function compileRules(rules: readonly Rule[], clean: (word: string) => string) {
  const numbers = new Map<string, number>()
  const numberOf = (word: string): number => {
    const plain = clean(word)
    const known = numbers.get(plain)
    if (known !== undefined) return known
    numbers.set(plain, numbers.size)
    return numbers.size - 1
  }
  const compiled = rules.map(rule => ({
    rule,
    any: rule.any?.map(numberOf),
    all: rule.all?.map(group => group.map(numberOf)),
    none: rule.none?.map(numberOf),
    near: rule.near?.map(({ a, b, within }) => ({ a: a.map(numberOf), b: b.map(numberOf), within })),
    regex: rule.regex ? RE2JS.compile(rule.regex) : null,
  }))
  const scan = buildAutomaton([...numbers.keys()])

  return (
    text: string,
    titleLength: number,
    context: { source?: string | null | undefined; day?: string | null },
  ): RuleMatch[] => {
    const found = new Map<number, Range[]>()
    for (const { word, start, end } of scan(text)) {
      const ranges = found.get(word)
      if (ranges) ranges.push({ start, end })
      else found.set(word, [{ start, end }])
    }
    const ranges = (list: readonly number[]): Range[] => list.flatMap(word => found.get(word) ?? [])
    return compiled.flatMap(each => {
      const { rule } = each
      if (rule.sources && !rule.sources.includes(context.source ?? '')) return []
      if (context.day && ((rule.from && context.day < rule.from) || (rule.to && context.day > rule.to)))
        return []
      const inField = ({ start }: Range) =>
        rule.field === 'title' ? start < titleLength : rule.field === 'text' ? start >= titleLength : true
      const kept: Range[] = []
      let note = ''
      if (each.none && ranges(each.none).some(inField)) return []
      if (each.any) {
        const some = ranges(each.any).filter(inField)
        if (!some.length) return []
        kept.push(...some)
      }
      for (const group of each.all ?? []) {
        const some = ranges(group).filter(inField)
        if (!some.length) return []
        kept.push(...some.slice(0, 3))
      }
      for (const { a, b, within } of each.near ?? []) {
        const pair = closest(ranges(a).filter(inField), ranges(b).filter(inField), within)
        if (!pair) return []
        kept.push(pair.a, pair.b)
        note = `（相距 ${pair.gap} 字）`
      }
      if (each.regex) {
        const matcher = each.regex.matcher(text)
        if (!matcher.find()) return []
        kept.push({ start: matcher.start(), end: matcher.end() })
      }
      return [{ rule, ranges: kept, note }]
    })
  }
}

function closest(as: Range[], bs: Range[], within: number): { a: Range; b: Range; gap: number } | null {
  let best: { a: Range; b: Range; gap: number } | null = null
  for (const a of as)
    for (const b of bs) {
      const gap = distance(a, b)
      if (gap <= within && (!best || gap < best.gap)) best = { a, b, gap }
    }
  return best
}
