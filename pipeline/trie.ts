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

const hash = (node: number, code: number): number => {
  const mixed = Math.imul(node ^ Math.imul(code, 0x85eb_ca6b), 0x9e37_79b1)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

/** Fields of one entry of the table: a node and a character lead to another node, which ends a word of that class. */
const [FROM, CODE, TO, CLASS, WIDTH] = [0, 1, 2, 3, 4]

/** Entries by hash of (node, character), grown as they come. */
class Table {
  capacity = 1 << 16
  entries = new Int32Array(this.capacity * WIDTH)
  #size = 0

  /** Where the entry of (node, code) stands or would stand. */
  at(node: number, code: number): number {
    let at = (hash(node, code) & (this.capacity - 1)) * WIDTH
    while (this.entries[at + TO] && (this.entries[at + FROM] !== node || this.entries[at + CODE] !== code)) {
      at += WIDTH
      if (at === this.entries.length) at = 0
    }
    return at
  }

  add(node: number, code: number, to: number): number {
    if (this.#size++ * 2 > this.capacity) this.#grow()
    const at = this.at(node, code)
    this.entries[at + FROM] = node
    this.entries[at + CODE] = code
    this.entries[at + TO] = to
    return at
  }

  #grow(): void {
    const old = this.entries
    this.capacity *= 2
    this.entries = new Int32Array(this.capacity * WIDTH)
    for (let at = 0; at < old.length; at += WIDTH)
      if (old[at + TO]) {
        const to = this.at(old[at + FROM] as number, old[at + CODE] as number)
        this.entries.set(old.subarray(at, at + WIDTH), to)
      }
  }
}

/** Bits for the first two characters of the words: most places of a text begin none, and one look tells. */
const PAIR_BITS = 1 << 20
const pairOf = (first: number, second: number): number =>
  (Math.imul(first, 0x9e37_79b1) ^ Math.imul(second, 0x85eb_ca6b)) >>> 12

/** `classOf` gives a number from 1 to 255; of a word given twice the first class stays. */
export function buildTrie(words: Iterable<readonly [word: string, classOf: number]>): Trie {
  const root = new Int32Array(65_536)
  const single = new Uint8Array(65_536)
  const pairs = new Uint32Array(PAIR_BITS >>> 5)
  const table = new Table()
  let nodes = 1
  for (const [word, classOf] of words) {
    if (!word) continue
    const first = word.charCodeAt(0)
    if (!root[first]) root[first] = nodes++
    if (word.length === 1) {
      single[first] ||= classOf
      continue
    }
    const pair = pairOf(first, word.charCodeAt(1))
    pairs[pair >>> 5] = (pairs[pair >>> 5] as number) | (1 << (pair & 31))
    let node = root[first] as number
    let entry = 0
    for (let next = 1; next < word.length; next++) {
      const code = word.charCodeAt(next)
      entry = table.at(node, code)
      if (!table.entries[entry + TO]) entry = table.add(node, code, nodes++)
      node = table.entries[entry + TO] as number
    }
    table.entries[entry + CLASS] ||= classOf
  }

  const { entries } = table
  const mask = table.capacity - 1
  const trie: Trie = {
    found: 0,
    limited: 0,
    limitedFound: 0,
    longest(codes, at, end, limit) {
      trie.limited = 0
      const first = codes[at] as number
      let node = root[first] as number
      if (!node) return 0
      let length = 0
      let own = single[first] as number
      if (own) {
        length = 1
        trie.found = own
        if (own <= limit) {
          trie.limited = 1
          trie.limitedFound = own
        }
      }
      let next = at + 1
      if (next >= end) return length
      const pair = pairOf(first, codes[next] as number)
      if (!((pairs[pair >>> 5] as number) & (1 << (pair & 31)))) return length
      for (; next < end; next++) {
        const code = codes[next] as number
        let slot = hash(node, code) & mask
        while (
          entries[slot * WIDTH + TO] &&
          (entries[slot * WIDTH + FROM] !== node || entries[slot * WIDTH + CODE] !== code)
        )
          slot = (slot + 1) & mask
        node = entries[slot * WIDTH + TO] as number
        if (!node) break
        own = entries[slot * WIDTH + CLASS] as number
        if (!own) continue
        length = next + 1 - at
        trie.found = own
        if (own <= limit) {
          trie.limited = length
          trie.limitedFound = own
        }
      }
      return length
    },
  }
  return trie
}
