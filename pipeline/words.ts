import { type Automaton, compileWords } from './automaton.ts'

/** The words of everything that looks for words, numbered once, so that one automaton finds them all. */
export class WordTable {
  readonly #numbers = new Map<string, number>()
  readonly #words: string[] = []

  /** Numbers are given in the order of first mention, from 0. */
  numberOf(word: string): number {
    const known = this.#numbers.get(word)
    if (known !== undefined) return known
    this.#numbers.set(word, this.#words.length)
    return this.#words.push(word) - 1
  }

  compile(): Automaton {
    return compileWords(this.#words)
  }
}

/** Lists by row in two flat arrays: those of row r are list[start[r] .. start[r + 1]]. */
export function rowsOf(
  count: number,
  entries: readonly (readonly [row: number, value: number])[],
): [start: Int32Array, list: Int32Array] {
  const start = new Int32Array(count + 1)
  for (const [row] of entries) start[row + 1] = (start[row + 1] as number) + 1
  for (let row = 0; row < count; row++) start[row + 1] = (start[row + 1] as number) + (start[row] as number)
  const fill = start.slice()
  const list = new Int32Array(entries.length)
  for (const [row, value] of entries) {
    list[fill[row] as number] = value
    fill[row] = (fill[row] as number) + 1
  }
  return [start, list]
}
