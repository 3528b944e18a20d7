/** Words with a class each, found at a place of a text: the longest wins. One probe a character, no allocation. */
export interface Trie {
  /**
   * Length of the longest word that begins at `at`, 0 where none does; its class is then `found`. `limited` and
   * `limitedFound` tell the same of the longest word whose class is at most `limit`.
   */
  longest(codes: Uint16Array, at: number, end: number, limit: number): number
  found: number
  limited: number
  limitedFound: number
}

/** Nodes level by level: the children of a node stand side by side, by their characters. */
interface Nodes {
  /**
   * Of node n its first child, shifted, and below it the class of the word that ends there, 0 = none: read together,
   * fetched together. The children end where those of n + 1 begin.
   */
  nodes: Int32Array
  /** Character that leads to a node. */
  letters: Uint16Array
}

const CLASS_BITS = 8
const CLASS = (1 << CLASS_BITS) - 1

function layNodes(classOf: ReadonlyMap<string, number>): Nodes {
  const words = [...classOf.keys()].sort()
  const [from, to, depth, codes, first, classes] = [
    [0],
    [words.length],
    [0],
    [0],
    [] as number[],
    [] as number[],
  ]
  for (let node = 0; node < from.length; node++) {
    let at = from[node] as number
    const [end, length] = [to[node] as number, depth[node] as number]
    first.push(from.length)
    const own = at < end && words[at]?.length === length
    classes.push(own ? (classOf.get(words[at] as string) as number) : 0)
    if (own) at++
    while (at < end) {
      const code = (words[at] as string).charCodeAt(length)
      codes.push(code)
      depth.push(length + 1)
      from.push(at)
      while (at < end && (words[at] as string).charCodeAt(length) === code) at++
      to.push(at)
    }
  }
  first.push(from.length)
  classes.push(0)
  return {
    nodes: Int32Array.from(first, (child, node) => (child << CLASS_BITS) | (classes[node] as number)),
    letters: Uint16Array.from(codes),
  }
}

/** Bits for the first two characters of the words: most places of a text begin none, and one look tells. */
const PAIR_BITS = 1 << 20
const pairOf = (first: number, second: number): number =>
  (Math.imul(first, 0x9e37_79b1) ^ Math.imul(second, 0x85eb_ca6b)) >>> 12

/** `classOf` gives a number from 1 to 255; of a word given twice the first class stays. */
export function buildTrie(words: Iterable<readonly [word: string, classOf: number]>): Trie {
  const classOf = new Map<string, number>()
  for (const [word, own] of words) if (word && !classOf.has(word)) classOf.set(word, own)
  const { nodes, letters } = layNodes(classOf)
  const childrenOf = (node: number): number => (nodes[node] as number) >> CLASS_BITS
  /** Of each character its node and class, as `nodes` has child and class. */
  const root = new Int32Array(65_536)
  for (let node = childrenOf(0); node < childrenOf(1); node++)
    root[letters[node] as number] = (node << CLASS_BITS) | ((nodes[node] as number) & CLASS)
  const pairs = new Int32Array(PAIR_BITS >>> 5)
  for (const word of classOf.keys()) {
    if (word.length < 2) continue
    const pair = pairOf(word.charCodeAt(0), word.charCodeAt(1))
    pairs[pair >>> 5] = (pairs[pair >>> 5] as number) | (1 << (pair & 31))
  }

  /** 0 = none. Halves without a branch: which half it is cannot be foreseen, and guessing wrong costs more than the sum. */
  const childOf = (node: number, code: number): number => {
    let low = childrenOf(node)
    let count = childrenOf(node + 1) - low
    if (!count) return 0
    while (count > 1) {
      const half = count >>> 1
      // 1 where the letter in the middle is not over the code.
      low += (((letters[low + half] as number) - code - 1) >>> 31) * half
      count -= half
    }
    return letters[low] === code ? low : 0
  }

  const trie: Trie = {
    found: 0,
    limited: 0,
    limitedFound: 0,
    longest(codes, at, end, limit) {
      trie.limited = 0
      const first = root[codes[at] as number] as number
      if (!first) return 0
      let node = first >> CLASS_BITS
      let own = first & CLASS
      let length = 0
      let next = at + 1
      const pair = next < end ? pairOf(codes[at] as number, codes[next] as number) : 0
      const isAlone = next === end || !((pairs[pair >>> 5] as number) & (1 << (pair & 31)))
      for (;;) {
        if (own) {
          length = next - at
          trie.found = own
          if (own <= limit) {
            trie.limited = length
            trie.limitedFound = own
          }
        }
        if (isAlone || next >= end) return length
        node = childOf(node, codes[next++] as number)
        if (!node) return length
        own = (nodes[node] as number) & CLASS
      }
    },
  }
  return trie
}
