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

/** What is wrong with a rule of the file. */
export interface FileFault {
  /** null where it has none, or another rule has it already. */
  id: string | null
  /** `第 3 行（gas-leak）：缺少名称。` */
  text: string
}

/** The rules without fault, and every fault of the others; `more` knows what else is wrong with one. */
function sift(
  list: readonly FileRule[],
  more: (rule: Rule) => readonly string[] = () => [],
): { rules: Rule[]; faults: FileFault[] } {
  const lineOf = new Map<unknown, number>()
  const rules: Rule[] = []
  const faults: FileFault[] = []
  for (const { rule, line } of list) {
    const id = (rule as Partial<Rule> | null)?.id
    const twin = id ? lineOf.get(id) : undefined
    if (twin === undefined) lineOf.set(id, line)
    const own = ruleProblems(rule)
    if (twin !== undefined) own.push(`编号与第 ${twin} 行的规则重复，请换一个。`)
    const problems = own.length ? own : more(rule as Rule)
    if (!problems.length) rules.push(rule as Rule)
    for (const problem of problems)
      faults.push({
        id: typeof id === 'string' && twin === undefined ? id : null,
        text: `第 ${line} 行（${id ?? '没有编号'}）：${problem}`,
      })
  }
  return { rules, faults }
}

/** @throws RulesFileError naming every fault of every rule by its line. */
export function checkedRules(list: readonly FileRule[], more?: (rule: Rule) => readonly string[]): Rule[] {
  const { rules, faults } = sift(list, more)
  if (faults.length) throw new RulesFileError(`规则有误：\n${faults.map(({ text }) => text).join('\n')}`)
  return rules
}

/** The rules of config/rules.yaml. @throws RulesFileError naming every fault. */
export const readRules = (text: string): Rule[] => checkedRules(parseRules(text))

/** What is right in config/rules.yaml, and what is wrong with the rest: a first start does without that. */
export function usableRules(text: string): { rules: Rule[]; faults: FileFault[] } {
  try {
    return sift(parseRules(text))
  } catch (error) {
    if (!(error instanceof RulesFileError)) throw error
    return { rules: [], faults: [{ id: null, text: error.message }] }
  }
}
