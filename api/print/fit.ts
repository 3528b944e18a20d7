/** How much of a text a cell of fixed height can show; the rest goes to 附页, nothing is cut. */

/** Full-width units of a line: a Chinese character is 1, a letter or digit about a half. */
const unitsOf = (char: string): number => (char <= '\u00ff' ? 0.55 : 1)

export interface Cell {
  lines: number
  /** Full-width characters a line. */
  width: number
}

/** Lines that a text takes when wrapped at `width`; its own line breaks count. */
export function linesOf(text: string, width: number): number {
  let lines = 1
  let used = 0
  for (const char of text) {
    if (char === '\n') {
      lines++
      used = 0
      continue
    }
    const units = unitsOf(char)
    if (used + units > width) {
      lines++
      used = 0
    }
    used += units
  }
  return lines
}

export interface Fitted {
  shown: string
  /** True where the whole text has to stand in 附页. */
  more: boolean
}

const MORE = '……（全文见附页）'

/** The whole text where it fits, else its beginning with a pointer to 附页. */
export function fitInto(text: string, { lines, width }: Cell): Fitted {
  const whole = text.trim()
  if (linesOf(whole, width) <= lines) return { shown: whole, more: false }
  const chars = [...whole]
  let low = 0
  let high = chars.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (linesOf(chars.slice(0, middle).join('') + MORE, width) <= lines) low = middle
    else high = middle - 1
  }
  return { shown: chars.slice(0, low).join('').trimEnd() + MORE, more: true }
}
