/** What one version of a rule has otherwise than another, field by field. Pure. */
import { RULE_FIELDS } from '../../pipeline/rule-check.ts'
import type { Rule } from '../../pipeline/rules.ts'
import { EVENT_CLASSES } from '../vocabulary.ts'

/** Of a list only what went (`from`) and what came (`to`); empty = nothing. */
export interface RuleChange {
  field: string
  from: string
  to: string
}

const CONCERNS = { own: '我局办理', watch: '关注' } as const
const PLACES = { title: '标题', text: '正文' } as const

/** A field as the pieces that may come and go; none where it is not set. */
function piecesOf(rule: Rule, field: keyof Rule, sourceName: (id: string) => string): string[] {
  if (rule[field] === undefined) return []
  switch (field) {
    case 'any':
    case 'none':
      return rule[field] ?? []
    case 'sources':
      return rule.sources?.map(sourceName) ?? []
    case 'all':
      return rule.all?.map(group => `（${group.join('、')}）`) ?? []
    case 'near':
      return (
        rule.near?.map(({ a, b, within }) => `（${a.join('、')} … ${b.join('、')}，${within} 字内）`) ?? []
      )
    case 'eventClass':
      return rule.eventClass ? [EVENT_CLASSES[rule.eventClass] ?? rule.eventClass] : []
    case 'concern':
      return rule.concern ? [CONCERNS[rule.concern]] : []
    case 'field':
      return rule.field ? [PLACES[rule.field]] : []
    default:
      return [String(rule[field])]
  }
}

export function ruleChanges(before: Rule, after: Rule, sourceName: (id: string) => string): RuleChange[] {
  return (Object.keys(RULE_FIELDS) as (keyof Rule)[]).flatMap(field => {
    const [old, now] = [piecesOf(before, field, sourceName), piecesOf(after, field, sourceName)]
    const from = old.filter(piece => !now.includes(piece)).join('、')
    const to = now.filter(piece => !old.includes(piece)).join('、')
    return from || to ? [{ field: RULE_FIELDS[field], from, to }] : []
  })
}
