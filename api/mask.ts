/** S-38: personal data shown only where it is needed; lists, circulated prints and exports show it masked. */
import { maskPersonal } from '../pipeline/personal.ts'

export { maskPersonal }

/** First character kept: 张*, 龙城***. */
export function maskName(name: string | null): string | null {
  if (!name) return name
  const [first = '', ...rest] = [...name]
  return first + '*'.repeat(Math.min(3, Math.max(1, rest.length)))
}

/** A record as it may be shown: every text of it masked, names of posters too. */
export function maskRecord<T>(value: T, key = ''): T {
  if (typeof value === 'string') return (key === 'author' ? maskName(value) : maskPersonal(value)) as T
  if (Array.isArray(value)) return value.map(item => maskRecord(item, key)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, maskRecord(item as unknown, name)]),
  ) as T
}
