/** S-38: personal data shown only where it is needed; lists, circulated prints and exports show it masked. */
export { maskPersonal } from '../pipeline/personal.ts'

/** First character kept: 张*, 龙城***. */
export function maskName(name: string | null): string | null {
  if (!name) return name
  const [first = '', ...rest] = [...name]
  return first + '*'.repeat(Math.min(3, Math.max(1, rest.length)))
}
