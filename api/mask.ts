/** S-38: personal data shown only where it is needed; lists, circulated prints and exports show it masked. */

/** First character kept: 张*, 龙城***. */
export function maskName(name: string | null): string | null {
  if (!name) return name
  const [first = '', ...rest] = [...name]
  return first + '*'.repeat(Math.min(3, Math.max(1, rest.length)))
}

/** Mobile numbers, ID numbers and car plates inside a text; its length stays the same so that offsets hold. */
export function maskPersonal(text: string): string {
  const hide = (found: string, head: number, tail: number) =>
    found.slice(0, head) + '*'.repeat(found.length - head - tail) + found.slice(found.length - tail)
  return text
    .replace(/(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?!\d)/g, found => hide(found, 3, 2))
    .replace(/(?<!\d)1[3-9]\d{9}(?!\d)/g, found => hide(found, 3, 2))
    .replace(/苏[A-Z][A-Z0-9]{5,6}(?![A-Z0-9])/g, found => hide(found, 2, 1))
}
