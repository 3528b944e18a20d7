/** What the form says of a field before anything is sent; the server checks all of it again. */
import type { FormRule } from 'antd'
import { pairsDoubt, pairsProblem } from './words.ts'

/** A check that knows the field's own value alone. */
export const check = (problemOf: (value: string | undefined) => string | null): FormRule => ({
  validator: (_, value: string | undefined) => {
    const problem = problemOf(value)
    return problem ? Promise.reject(new Error(problem)) : Promise.resolve()
  },
})

/** A pasted text is never cut in silence. */
export const longest = (label: string, max: number) =>
  check(value => ((value?.trim().length ?? 0) > max ? `${label}太长，最多 ${max} 个字。` : null))

export const ID: FormRule[] = [
  { required: true, message: '请填写编号，如 gas-leak' },
  check(value =>
    !value || /^[a-z0-9][a-z0-9-]{1,40}$/.test(value)
      ? null
      : '编号须为小写字母、数字和连字符，如 gas-leak。',
  ),
]

export const points = (label: string) =>
  check(value => {
    if (!value?.trim()) return null
    const isNumber = /^[-−]?\d+(\.\d+)?$/.test(value.trim())
    if (!isNumber) return `${label}须为数字，如 0.5；负数为扣分。`
    return Math.abs(Number(value.replace('−', '-'))) > 2 ? `${label}须在 −2 到 2 之间。` : null
  })

export const pairs: FormRule[] = [check(pairsProblem), { ...check(pairsDoubt), warningOnly: true }]

/** End day against the first day; `from` is read when it is asked. */
export const notBefore = (from: () => string | undefined) =>
  check(to => {
    const first = from()
    return first && to && to < first ? '止用日早于起用日，请改其中一个。' : null
  })

export const past = (today: string | undefined): FormRule => ({
  ...check(to => (to && today && to < today ? '止用日已过，启用后也不会命中。' : null)),
  warningOnly: true,
})
