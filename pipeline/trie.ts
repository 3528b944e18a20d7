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

/** `classOf` gives a number from 1 to 255; of a word given twice the first class stays. */
export function buildTrie(words: Iterable<readonly [word: string, classOf: number]>): Trie {
  const root = new Int32Array(65_536)
  let capacity = 1 << 16
  let fromNode = new Int32Array(capacity)
  let byCode = new Uint16Array(capacity)
  let toNode = new Int32Array(capacity)
  let classes = new Uint8Array(capacity)
  let nodes = 1

  const slotOf = (node: number, code: number): number => {
    let slot = hash(node, code) & (capacity - 1)
    while (toNode[slot] && (fromNode[slot] !== node || byCode[slot] !== code))
      slot = (slot + 1) & (capacity - 1)
    return slot
  }
  const grow = () => {
    const old = { fromNode, byCode, toNode }
    capacity *= 2
    fromNode = new Int32Array(capacity)
    byCode = new Uint16Array(capacity)
    toNode = new Int32Array(capacity)
    for (let at = 0; at < old.toNode.length; at++) {
      if (!old.toNode[at]) continue
      const slot = slotOf(old.fromNode[at] as number, old.byCode[at] as number)
      fromNode[slot] = old.fromNode[at] as number
      byCode[slot] = old.byCode[at] as number
      toNode[slot] = old.toNode[at] as number
    }
    const wider = new Uint8Array(capacity)
    wider.set(classes)
    classes = wider
  }
  for (const [word, classOf] of words) {
    if (!word) continue
    let node = root[word.charCodeAt(0)] as number
    if (!node) {
      node = nodes++
      root[word.charCodeAt(0)] = node
    }
    for (let at = 1; at < word.length; at++) {
      if (nodes * 2 > capacity) grow()
      const slot = slotOf(node, word.charCodeAt(at))
      if (!toNode[slot]) {
        fromNode[slot] = node
        byCode[slot] = word.charCodeAt(at)
        toNode[slot] = nodes++
      }
      node = toNode[slot] as number
    }
    if (!classes[node]) classes[node] = classOf
  }

  const trie: Trie = {
    found: 0,
    limited: 0,
    limitedFound: 0,
    longest(codes, at, end, limit) {
      let node = root[codes[at] as number] as number
      let length = 0
      trie.limited = 0
      for (let next = at + 1; node; next++) {
        const own = classes[node] as number
        if (own) {
          length = next - at
          trie.found = own
          if (own <= limit) {
            trie.limited = length
            trie.limitedFound = own
          }
        }
        if (next >= end) break
        node = toNode[slotOf(node, codes[next] as number)] as number
      }
      return length
    },
  }
  return trie
}
