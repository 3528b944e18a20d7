/** A rule as the form holds it: word lists as lines that people can type. */
import type { Rule } from '../../../api/rules/routes.ts'

export interface Draft extends Pick<Rule, 'id' | 'name'> {
  topic?: string
  eventClass?: Rule['eventClass']
  topicPoints?: number
  actionPoints?: number
  concern?: Rule['concern']
  unit?: string
  any?: string
  all?: string
  near?: string
  none?: string
  regex?: string
  field?: Rule['field']
  from?: string
  to?: string
  why?: string
}

const words = (text: string | undefined): string[] => (text ?? '').split(/[\s、，,]+/).filter(Boolean)
const lines = (text: string | undefined): string[] => (text ?? '').split('\n').filter(line => line.trim())

export const toDraft = ({ any, all, near, none, sources: _, ...rest }: Rule): Draft => ({
  ...rest,
  any: any?.join('、') ?? '',
  all: all?.map(group => group.join('、')).join('\n') ?? '',
  near: near?.map(({ a, b, within }) => `${a.join('、')} … ${b.join('、')} ${within}`).join('\n') ?? '',
  none: none?.join('、') ?? '',
})

/** `化工、储罐 … 泄漏、爆炸 30`; without a number 20 characters. */
function pairOf(line: string): NonNullable<Rule['near']>[number] {
  const [left = '', right = ''] = line.split(/…+|\.{3}/)
  const within = Number(/(\d+)\s*$/.exec(right)?.[1] ?? 20)
  return { a: words(left), b: words(right.replace(/\d+\s*$/, '')), within }
}

/** Empty fields are left out, so that a rule says only what it means. */
export function fromDraft(draft: Draft): Rule {
  const { any, all, near, none, why: _, ...rest } = draft
  const plain = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as unknown as Rule
  return {
    ...plain,
    ...(words(any).length && { any: words(any) }),
    ...(lines(all).length && { all: lines(all).map(words) }),
    ...(lines(near).length && { near: lines(near).map(pairOf) }),
    ...(words(none).length && { none: words(none) }),
  }
}
