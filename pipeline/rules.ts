import { RE2JS } from 're2js'
import type { HitBuffer } from './automaton.ts'
import type { EventClass, SeverityHint } from './post.ts'
import { rowsOf, type WordTable } from './words.ts'

/** One rule of config/rules.yaml. Words are cleaned like the text (width, case, traditional); one that evades is refused by rule-check.ts. */
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

interface Range {
  start: number
  end: number
}

/** Of the words of a list so many are shown; a text may hold thousands. */
const MOST_SHOWN = 100

/** Gap between two ranges in characters; 0 where they touch or overlap. */
const distance = (a: Range, b: Range): number =>
  Math.max(0, Math.max(a.start, b.start) - Math.min(a.end, b.end))

export interface RuleContext {
  source?: string | null | undefined
  day?: string | null
}

/** Hits are of the automaton of the table that the rules were compiled into. */
export type MatchRules = (
  hits: HitBuffer,
  text: string,
  titleEnd: number,
  context: RuleContext,
) => RuleMatch[]

/**
 * Each list of each rule becomes a group of the table's words; a text touches only the groups of the words it holds,
 * and only the rules whose first list was touched are looked at: 5,000 rules cost little more than 50.
 * The answer wants all words of the table, once everything else has entered its own.
 */
export function compileRules(
  rules: readonly Rule[],
  table: WordTable,
  clean: (word: string) => string,
): (words: readonly string[]) => MatchRules {
  const entries: [word: number, group: number][] = []
  let groups = 0
  const groupOf = (words: readonly string[]): number => {
    for (const word of new Set(words.map(clean))) if (word) entries.push([table.numberOf(word), groups])
    return groups++
  }
  const compiled = rules.map(rule => ({
    rule,
    any: rule.any ? groupOf(rule.any) : -1,
    all: rule.all?.map(groupOf) ?? [],
    none: rule.none ? groupOf(rule.none) : -1,
    near: rule.near?.map(({ a, b, within }) => ({ a: groupOf(a), b: groupOf(b), within })) ?? [],
    regex: rule.regex ? RE2JS.compile(asRead(rule.regex, clean), RE2JS.CASE_INSENSITIVE) : null,
  }))
  // Without a list of words that must occur, only reading the text can tell.
  const anchorOf = ({ any, all, near }: (typeof compiled)[number]) =>
    any >= 0 ? any : (all[0] ?? near[0]?.a ?? -1)
  const always = compiled.flatMap((each, at) => (anchorOf(each) < 0 ? [at] : []))
  const [ruleStart, ruleList] = rowsOf(
    groups,
    compiled.flatMap((each, at) => (anchorOf(each) < 0 ? [] : [[anchorOf(each), at] as const])),
  )

  return words => {
    const [groupStart, groupList] = rowsOf(words.length, entries)
    const found: Range[][] = Array.from({ length: groups }, () => [])
    const touched: number[] = []

    function sort(hits: HitBuffer): void {
      for (const group of touched) (found[group] as Range[]).length = 0
      touched.length = 0
      for (let i = 0; i < hits.count; i++) {
        const word = hits.word[i] as number
        for (let at = groupStart[word] as number; at < (groupStart[word + 1] as number); at++) {
          const ranges = found[groupList[at] as number] as Range[]
          if (!ranges.length) touched.push(groupList[at] as number)
          const end = hits.end[i] as number
          ranges.push({ start: end - (words[word] as string).length, end })
        }
      }
    }

    return (hits, text, titleEnd, context) => {
      sort(hits)
      if (!touched.length && !always.length) return []
      const candidates = [...always]
      // A rule has one anchor, so none comes twice.
      for (const group of touched)
        for (let at = ruleStart[group] as number; at < (ruleStart[group + 1] as number); at++)
          candidates.push(ruleList[at] as number)
      const matches: RuleMatch[] = []
      for (const at of candidates.sort((a, b) => a - b)) {
        const match = matchOne(compiled[at] as (typeof compiled)[number])
        if (match) matches.push(match)
      }
      return matches

      function matchOne({ rule, any, all, none, near, regex }: (typeof compiled)[number]): RuleMatch | null {
        if (rule.sources && !rule.sources.includes(context.source ?? '')) return null
        if (context.day && ((rule.from && context.day < rule.from) || (rule.to && context.day > rule.to)))
          return null
        const inField = (group: number): Range[] => {
          const ranges = found[group] as Range[]
          if (!rule.field) return ranges
          return ranges.filter(({ start }) => (rule.field === 'title') === start < titleEnd)
        }
        if (none >= 0 && inField(none).length) return null
        const kept: Range[] = []
        let note = ''
        for (const group of any >= 0 ? [any, ...all] : all) {
          const some = inField(group)
          if (!some.length) return null
          kept.push(...some.slice(0, group === any ? MOST_SHOWN : 3))
        }
        for (const { a, b, within } of near) {
          const pair = closest(inField(a), inField(b), within)
          if (!pair) return null
          kept.push(pair.a, pair.b)
          note = `（相距 ${pair.gap} 字）`
        }
        if (regex) {
          const matcher = regex.matcher(text)
          if (!matcher.find()) return null
          kept.push({ start: matcher.start(), end: matcher.end() })
        }
        return { rule, ranges: kept, note }
      }
    }
  }
}

/** A text is read in half-width, simplified, small letters; what an expression says otherwise would never be found. */
const asRead = (regex: string, clean: (text: string) => string): string =>
  regex.replace(/[^\p{ASCII}]+/gu, run => clean(run).replace(/[$()*+.?[\\\]^{|}-]/g, '\\$&'))

interface NearPair {
  a: Range
  b: Range
  gap: number
}

/** Of equals the first. Both lists stand in the order of their ends, as the automaton finds them. */
function closest(as: readonly Range[], bs: readonly Range[], within: number): NearPair | null {
  const longest = [...as, ...bs].reduce((most, { start, end }) => Math.max(most, end - start), 0)
  let best: NearPair | null = null
  let first = 0
  for (const a of as) {
    // Starts may stand out of order, by no more than the longest word.
    while (first < bs.length && (bs[first] as Range).end < a.end - longest - within) first++
    for (let at = first; at < bs.length && (bs[at] as Range).end - longest <= a.end + within; at++) {
      const b = bs[at] as Range
      const gap = distance(a, b)
      if (gap <= within && (!best || gap < best.gap)) best = { a, b, gap }
    }
    if (best?.gap === 0) return best
  }
  return best
}
