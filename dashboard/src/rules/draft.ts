/** A rule as the form holds it: word lists as lines that people can type. */
import type { Rule } from '../../../api/rules/routes.ts'
import { lines, pairOf, typed, typedPair, words } from './words.ts'

type Listed = 'any' | 'all' | 'near' | 'none'
type Pointed = 'topicPoints' | 'actionPoints'

/** Points are text too: a number out of range is said, never bent. */
export type Draft = Omit<Rule, Listed | Pointed> & Partial<Record<Listed | Pointed | 'why', string>>

export const toDraft = (rule: Rule): Draft => {
  const { any, all, near, none, topicPoints, actionPoints, ...rest } = rule
  return {
    ...rest,
    topicPoints: topicPoints?.toString() ?? '',
    actionPoints: actionPoints?.toString() ?? '',
    any: typed(any),
    all: all?.map(typed).join('\n') ?? '',
    near: near?.map(typedPair).join('\n') ?? '',
    none: typed(none),
  }
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length)

const numberOf = (text: string | undefined) => (text?.trim() ? Number(text.replace('−', '-')) : undefined)

/** The rule with what the form holds in it; empty fields are left out, and what the form does not show stays. */
export function fromDraft(draft: Draft, base: Rule): Rule {
  const { any, all, near, none, topicPoints, actionPoints, why: _, ...rest } = draft
  const rule = {
    ...base,
    ...rest,
    topicPoints: numberOf(topicPoints),
    actionPoints: numberOf(actionPoints),
    any: words(any),
    all: lines(all).map(words),
    near: lines(near).map(pairOf),
    none: words(none),
  }
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => !isEmpty(value))) as unknown as Rule
}
