/** What a rule must look like, and what its figures mean. Pure. */
import { stringify } from 'yaml'
import { type Rule, RulesFileError, readRules, ruleProblems } from '../../pipeline/rules.ts'
import { AppError } from '../errors.ts'

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
  return {
    hits: kept + dismissed + open,
    kept,
    dismissed,
    open,
    precision: interval(kept, kept + dismissed),
  }
}

/** Wilson's 95 % interval of a share. */
export function interval(hits: number, of: number): Counted['precision'] {
  if (!of) return null
  const z = 1.96
  const p = hits / of
  const centre = (p + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of)
  return { value: p, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/** @throws AppError rule.invalid with every problem. */
export function requireRule(rule: Rule): void {
  const problems = ruleProblems(rule, 0).map(problem => problem.replace(/^第1条（.*?）：/, ''))
  if (!/^[a-z0-9][a-z0-9-]{1,40}$/.test(rule.id))
    problems.push('编号须为小写字母、数字和连字符，如 gas-leak。')
  if (!rule.topicPoints && !rule.actionPoints) problems.push('主题分和需处置分至少填一项。')
  if (problems.length)
    throw new AppError('rule.invalid', { message: problems.join('\n'), details: { problems } })
}

/** The live rules as a file that config/rules.yaml could be. */
export const rulesToYaml = (rules: readonly Rule[]): string =>
  stringify({ rules: rules.map(rule => ({ ...rule })) }, { lineWidth: 0, flowCollectionPadding: false })

/** @throws AppError rule.invalid naming every problem of the file. */
export function rulesFromYaml(text: string): Rule[] {
  try {
    return readRules(text)
  } catch (error) {
    const message =
      error instanceof RulesFileError ? error.message : '不是有效的 YAML 文件，请检查缩进和冒号。'
    throw new AppError('rule.invalid', { message, cause: error })
  }
}

/** The rules with one of them replaced or added. */
export const withRule = (rules: readonly Rule[], rule: Rule): Rule[] => [
  ...rules.filter(({ id }) => id !== rule.id),
  rule,
]
