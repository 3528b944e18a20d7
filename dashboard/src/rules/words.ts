/** Word lists as lines that people type: words apart by 、 , or spaces; what stands in 「」 or "" is one word, spaces and all. */
import type { Rule } from '../../../api/rules/routes.ts'

type Pair = NonNullable<Rule['near']>[number]

const USUAL_DISTANCE = 20
/** A quote within quotes is doubled. */
const QUOTED = /「(?:[^」]|」」)*」|"(?:[^"]|"")*"|“[^”]*”/
const WORD = new RegExp(`${QUOTED.source}|[^\\s、，,]+`, 'gu')
/** Besides quotes only … parts the sides of a pair. */
const PART = new RegExp(`${QUOTED.source}|…+|\\.{3,}`, 'gu')
const DISTANCE = /[（(]\s*(\d+)\s*字(?:以)?内\s*[)）]\s*$/
const SPECIAL = /[\s、，,「」"“”…]|\.{3}|字(?:以)?内/

const unquoted = (word: string): string => {
  if (!new RegExp(`^(?:${QUOTED.source})$`, 'u').test(word)) return word
  const inside = word.slice(1, -1)
  return word.startsWith('「') ? inside.replaceAll('」」', '」') : inside.replaceAll('""', '"')
}
const quoted = (word: string): string => (SPECIAL.test(word) ? `「${word.replaceAll('」', '」」')}」` : word)

export const words = (text: string | undefined): string[] =>
  ((text ?? '').match(WORD) ?? []).map(word => unquoted(word).trim()).filter(Boolean)

export const typed = (list: readonly string[] | undefined): string => (list ?? []).map(quoted).join('、')

export const lines = (text: string | undefined): string[] =>
  (text ?? '').split('\n').filter(line => line.trim())

/** The sides of `化工 … 泄漏`; more than two where more … stand in the line. */
function sidesOf(line: string): string[] {
  const sides = ['']
  let from = 0
  for (const { 0: part, index } of line.matchAll(PART)) {
    if (!/^[…. ]+$/.test(part)) continue
    sides[sides.length - 1] = line.slice(from, index)
    from = index + part.length
    sides.push('')
  }
  sides[sides.length - 1] = line.slice(from)
  return sides
}

/** `化工、储罐 … 泄漏、爆炸（30 字内）`; where no distance is said, 20 characters. */
export function pairOf(line: string): Pair {
  const within = Number(DISTANCE.exec(line)?.[1] ?? USUAL_DISTANCE)
  const [left = '', right = ''] = sidesOf(line.replace(DISTANCE, ''))
  return { a: words(left), b: words(right), within }
}

export const typedPair = ({ a, b, within }: Pair): string => `${typed(a)} … ${typed(b)}（${within} 字内）`

/** What is wrong with a line of 相距, in Chinese; null = nothing. */
function pairProblem(line: string): string | null {
  const rest = line.replace(DISTANCE, '')
  const sides = sidesOf(rest)
  if (sides.length !== 2) return '两组词之间要有一个省略号，如：化工、储罐 … 泄漏、爆炸（30 字内）。'
  const [left, right] = sides.map(side => words(side).length)
  if (!left) return '省略号左边没有词，请补上。'
  if (!right) return '省略号右边没有词，请补上。'
  const odd = new RegExp(`${QUOTED.source}|字(?:以)?内`, 'gu')
  if ((rest.match(odd) ?? []).some(part => /^字/.test(part))) return '距离请写在行末，用数字，如（30 字内）。'
  return null
}

/** Of the whole field, naming the line. */
export function pairsProblem(text: string | undefined): string | null {
  for (const [at, line] of lines(text).entries()) {
    const problem = pairProblem(line)
    if (problem) return `相距第 ${at + 1} 行：${problem}`
  }
  return null
}

/** A number at the end of a line was once its distance: said once more before it counts as a word. */
export function pairsDoubt(text: string | undefined): string | null {
  for (const line of lines(text)) {
    const last = DISTANCE.test(line) ? undefined : pairOf(line).b.at(-1)
    if (last && /^\d{1,3}$/.test(last)) return `「${last}」当作词语；若是距离，请写（${last} 字内）。`
  }
  return null
}
