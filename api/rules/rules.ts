/** What a rule must look like, and what its figures mean. Pure. */
import { stringify } from 'yaml'
import { ruleProblems } from '../../pipeline/rule-check.ts'
import type { Rule } from '../../pipeline/rules.ts'
import { checkedRules, parseRules, RulesFileError } from '../../pipeline/rules-file.ts'
import { wilson } from '../../pipeline/wilson.ts'
import { AppError } from '../errors.ts'
import type { RuleChoices } from './choices.ts'

/** Reasons for dismissal that say the rule was wrong; a duplicate or an old story was rightly found. */
const WRONG = new Set(['not_ours', 'not_local', 'advertisement', 'other'])

export interface Counted {
  /** Flagged posts that it spoke for. */
  hits: number
  /** Made a slip of, or rightly found though a duplicate or old. */
  kept: number
  dismissed: number
  open: number
  /** kept / (kept + dismissed) with Wilson's 95 % interval; null before anything was decided. */
  precision: { value: number; low: number; high: number } | null
}

export function precisionOf(
  rows: readonly { state: string; reason: string | null; count: number }[],
): Counted {
  let [kept, dismissed, open] = [0, 0, 0]
  for (const { state, reason, count } of rows)
    if (state === 'open') open += count
    else if (state === 'dismissed' && WRONG.has(reason ?? 'other')) dismissed += count
    else kept += count
  const decided = kept + dismissed
  const bounds = wilson(kept, decided)
  return {
    hits: decided + open,
    kept,
    dismissed,
    open,
    precision: bounds && { value: kept / decided, ...bounds },
  }
}

/** What a well-formed rule names that does not exist, in Chinese. */
export function choiceProblems(rule: Rule, choices: RuleChoices): string[] {
  const { topic, eventClass, unit, sources = [] } = rule
  const problems: string[] = []
  if (topic && !choices.topics.includes(topic))
    problems.push(`类别「${topic}」不存在，可用的有：${choices.topics.join('、')}。`)
  if (eventClass && !choices.classes.includes(eventClass))
    problems.push(`事件类型「${eventClass}」不存在，可用的有：${choices.classes.join('、')}。`)
  if (unit && !choices.units.includes(unit))
    problems.push(`建议处室「${unit}」不存在或已撤销，可用的有：${choices.units.join('、')}。`)
  for (const source of sources.filter(each => !choices.sources.some(({ id }) => id === each)))
    problems.push(`信源「${source}」不存在，可用的有：${choices.sources.map(({ id }) => id).join('、')}。`)
  return problems
}

/** @throws AppError rule.invalid with every problem. */
export function requireRule(input: unknown, choices: RuleChoices): Rule {
  const shape = ruleProblems(input)
  const problems = shape.length ? shape : choiceProblems(input as Rule, choices)
  if (problems.length)
    throw new AppError('rule.invalid', { message: problems.join('\n'), details: { problems } })
  return input as Rule
}

/** The live rules as a file that config/rules.yaml could be. */
export const rulesToYaml = (rules: readonly Rule[]): string =>
  stringify({ rules: rules.map(rule => ({ ...rule })) }, { lineWidth: 0, flowCollectionPadding: false })

/** @throws AppError rule.invalid naming every fault of every rule of the file by its line. */
export function rulesFromYaml(text: string, choices: RuleChoices): Rule[] {
  try {
    const list = parseRules(text)
    if (!list.length) throw new RulesFileError('文件里没有规则，须以 rules: 开头，下面逐条列出。')
    return checkedRules(list, rule => choiceProblems(rule, choices))
  } catch (error) {
    if (!(error instanceof RulesFileError)) throw error
    throw new AppError('rule.invalid', { message: error.message, cause: error })
  }
}

/** The rules with one of them replaced or added. */
export const withRule = (rules: readonly Rule[], rule: Rule): Rule[] => [
  ...rules.filter(({ id }) => id !== rule.id),
  rule,
]
