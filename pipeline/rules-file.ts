/** Rules as a YAML file: config/rules.yaml, and what 办公室 imports. */
import { LineCounter, parseDocument } from 'yaml'
import { ruleProblems } from './rule-check.ts'
import type { Rule } from './rules.ts'

export class RulesFileError extends Error {}

/** A rule as the file has it, its word groups filled in; its shape is unchecked. */
export interface FileRule {
  rule: unknown
  /** Of the file, from 1. */
  line: number
}

const SAYS: Record<string, string> = {
  TAB_AS_INDENT: '缩进不能用制表符，请用空格。',
  BAD_INDENT: '缩进不对，请与同级的行对齐。',
  DUPLICATE_KEY: '同一项写了两次，请去掉一个。',
  MISSING_CHAR: '少了引号、括号、逗号或冒号。',
}
const MOST_FAULTS = 5

/** @throws RulesFileError naming the lines that are no YAML, or that there is no list of rules. */
export function parseRules(text: string): FileRule[] {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter })
  const faults = document.errors.slice(0, MOST_FAULTS).map(({ code, pos }) => {
    const said = SAYS[code] ?? '写法不对，请检查缩进、冒号、引号和括号。'
    return `第 ${lineCounter.linePos(pos[0]).line} 行：${said}`
  })
  if (faults.length) throw new RulesFileError(`不是有效的 YAML 文件：\n${[...new Set(faults)].join('\n')}`)
  const file = contentOf(() => document.toJS() as unknown)
  const { words, rules } = (file ?? {}) as { words?: unknown; rules?: unknown }
  if (!Array.isArray(rules)) throw new RulesFileError('文件里没有规则，须以 rules: 开头。')
  const groups = (typeof words === 'object' ? words : null) ?? {}
  return rules.map((rule: unknown, at) => {
    const node = document.getIn(['rules', at], true) as
      | { range?: [number, number, number] | null }
      | undefined
    return { rule: filled(rule, groups), line: lineCounter.linePos(node?.range?.[0] ?? 0).line }
  })
}

/** Aliases may point to nothing, or blow up. */
function contentOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    throw new RulesFileError('不是有效的 YAML 文件：* 引用的内容没有定义，或引用过多。', { cause: error })
  }
}

/** `$name` in a list of words stands for a group of the file; one that the file lacks stays, to be named as a fault. */
function filled(rule: unknown, groups: object): unknown {
  const group = (word: unknown): unknown =>
    typeof word === 'string' && word.startsWith('$') && Object.hasOwn(groups, word.slice(1))
      ? (groups as Record<string, unknown>)[word.slice(1)]
      : word
  const expand = (list: unknown): unknown => (Array.isArray(list) ? list.flatMap(group) : list)
  const each = (list: unknown, change: (item: unknown) => unknown) =>
    Array.isArray(list) ? list.map(change) : list
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject(rule)) return rule
  const pair = (item: unknown) => (isObject(item) ? { ...item, a: expand(item.a), b: expand(item.b) } : item)
  return {
    ...rule,
    ...('any' in rule && { any: expand(rule.any) }),
    ...('none' in rule && { none: expand(rule.none) }),
    ...('all' in rule && { all: each(rule.all, expand) }),
    ...('near' in rule && { near: each(rule.near, pair) }),
  }
}

/** @throws RulesFileError naming every fault of every rule by its line; `more` knows what else is wrong with one. */
export function checkedRules(
  list: readonly FileRule[],
  more: (rule: Rule) => readonly string[] = () => [],
): Rule[] {
  const idOf = ({ rule }: FileRule) => (rule as Partial<Rule> | null)?.id
  const firstOf = new Map<unknown, FileRule>()
  const problems = list.flatMap(each => {
    const own = ruleProblems(each.rule)
    const first = firstOf.get(idOf(each)) ?? each
    firstOf.set(idOf(each), first)
    if (first !== each && idOf(each)) own.push(`编号与第 ${first.line} 行的规则重复，请换一个。`)
    const all = own.length ? own : more(each.rule as Rule)
    return all.map(problem => `第 ${each.line} 行（${idOf(each) ?? '没有编号'}）：${problem}`)
  })
  if (problems.length) throw new RulesFileError(`规则有误：\n${problems.join('\n')}`)
  return list.map(({ rule }) => rule as Rule)
}

/** The rules of config/rules.yaml. @throws RulesFileError naming every fault. */
export const readRules = (text: string): Rule[] => checkedRules(parseRules(text))
