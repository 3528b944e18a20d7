/**
 * Aho-Corasick over a double array: all words of all rules in one pass over a text, whatever their number.
 * Cost of a scan: about two array reads a character; 5,000 words or 50 make no difference to it.
 */
export interface Hit {
  word: number
  start: number
  end: number
}

/** Hits of one scan, written over by the next: `word[i]` ends at `end[i]` (exclusive), for i below `count`. */
export interface HitBuffer {
  count: number
  word: Int32Array
  end: Int32Array
}

export const hitBuffer = (): HitBuffer => ({ count: 0, word: new Int32Array(256), end: new Int32Array(256) })

function push(hits: HitBuffer, word: number, end: number): void {
  if (hits.count === hits.word.length) {
    const [words, ends] = [new Int32Array(hits.count * 2), new Int32Array(hits.count * 2)]
    words.set(hits.word)
    ends.set(hits.end)
    hits.word = words
    hits.end = ends
  }
  hits.word[hits.count] = word
  hits.end[hits.count++] = end
}

interface Trie {
  next: Map<number, number>[]
  /** Node where each word ends; -1 for the empty word. */
  endOf: Int32Array
}

function buildTrie(words: readonly string[]): Trie {
  const next: Map<number, number>[] = [new Map()]
  const endOf = new Int32Array(words.length).fill(-1)
  words.forEach((word, number) => {
    let at = 0
    for (let i = 0; i < word.length; i++) {
      const code = word.charCodeAt(i)
      let to = next[at]?.get(code)
      if (to === undefined) {
        to = next.push(new Map()) - 1
        next[at]?.set(code, to)
      }
      at = to
    }
    if (word) endOf[number] = at
  })
  return { next, endOf }
}

/** Places every trie node in one array so that child = base[parent] + class of the character. */
function placeNodes(next: readonly Map<number, number>[], classOf: Uint16Array, classes: number) {
  let size = Math.max(1024, next.length * 2 + classes)
  let base = new Int32Array(size)
  let parent = new Int32Array(size).fill(-1)
  const slot = new Int32Array(next.length)
  const order: number[] = [0]
  parent[0] = 0
  let from = 1
  for (const node of order) {
    const children = next[node] as Map<number, number>
    if (!children.size) continue
    const wanted = [...children].map(([code, to]) => ({ to, class: classOf[code] as number }))
    while ((parent[from] as number) >= 0) from++
    let offset = Math.max(0, from - classes)
    for (; ; offset++) {
      if (offset + classes + 1 >= size) {
        const [wider, parents] = [new Int32Array(size * 2), new Int32Array(size * 2).fill(-1)]
        wider.set(base)
        parents.set(parent)
        ;[base, parent, size] = [wider, parents, size * 2]
      }
      if (wanted.every(each => (parent[offset + each.class] as number) < 0)) break
    }
    const at = slot[node] as number
    base[at] = offset
    for (const each of wanted) {
      slot[each.to] = offset + each.class
      parent[offset + each.class] = at
      order.push(each.to)
    }
  }
  return { base, parent, slot, order }
}

/** Fields of a state. */
const [PARENT, FAIL, ENDS, WIDTH] = [1, 2, 3, 4]

export interface Automaton {
  readonly words: readonly string[]
  /** Every occurrence of every word, by end, longest first; `hits` is emptied before. */
  scan(text: string, hits: HitBuffer): void
}

/** Words are compared as they stand; empty ones never hit, a word given twice hits twice. */
export function compileWords(words: readonly string[]): Automaton {
  const { next, endOf } = buildTrie(words)
  const classOf = new Uint16Array(65_536)
  let classes = 0
  for (const word of words)
    for (let i = 0; i < word.length; i++) {
      const code = word.charCodeAt(i)
      if (!classOf[code]) classOf[code] = ++classes
    }
  const { base, parent, slot, order } = placeNodes(next, classOf, classes)
  const fail = new Int32Array(base.length)
  /** First word that ends in a state, else -1; `same` chains words that are written alike. */
  const own = new Int32Array(base.length).fill(-1)
  const same = new Int32Array(words.length).fill(-1)
  /** Nearest state along the fails in which a word ends, 0 = none. */
  const shorter = new Int32Array(base.length)
  for (let number = words.length - 1; number >= 0; number--) {
    const node = endOf[number] as number
    if (node < 0) continue
    const at = slot[node] as number
    same[number] = own[at] as number
    own[at] = number
  }
  const step = (from: number, symbol: number): number => {
    let state = from
    for (;;) {
      const to = (base[state] as number) + symbol
      if (parent[to] === state) return to
      if (!state) return 0
      state = fail[state] as number
    }
  }
  for (const node of order)
    for (const [code, child] of next[node] as Map<number, number>) {
      const at = slot[child] as number
      const back = node === 0 ? 0 : step(fail[slot[node] as number] as number, classOf[code] as number)
      fail[at] = back
      shorter[at] = (own[back] as number) >= 0 ? back : (shorter[back] as number)
    }
  // What a step needs of a state stands side by side: where its children are, whose child it is, what it falls back to,
  // and the nearest state in which words end, itself or a shorter one.
  const states = new Int32Array(base.length * WIDTH)
  for (let state = 0; state < base.length; state++)
    states.set(
      [
        base[state] as number,
        parent[state] as number,
        fail[state] as number,
        (own[state] as number) >= 0 ? state : (shorter[state] as number),
      ],
      state * WIDTH,
    )
  return {
    words,
    scan(text, hits) {
      hits.count = 0
      let state = 0
      for (let i = 0; i < text.length; i++) {
        const symbol = classOf[text.charCodeAt(i)] as number
        if (!symbol) {
          state = 0
          continue
        }
        let to = (states[state * WIDTH] as number) + symbol
        while (states[to * WIDTH + PARENT] !== state && state) {
          state = states[state * WIDTH + FAIL] as number
          to = (states[state * WIDTH] as number) + symbol
        }
        state = states[to * WIDTH + PARENT] === state ? to : 0
        for (let at = states[state * WIDTH + ENDS] as number; at; at = shorter[at] as number)
          for (let word = own[at] as number; word >= 0; word = same[word] as number) push(hits, word, i + 1)
      }
    },
  }
}

/** The same with an object a hit, for callers that are called rarely. */
export function buildAutomaton(words: readonly string[]): (text: string) => Hit[] {
  const automaton = compileWords(words)
  const buffer = hitBuffer()
  return text => {
    automaton.scan(text, buffer)
    const hits: Hit[] = []
    for (let i = 0; i < buffer.count; i++) {
      const [word, end] = [buffer.word[i] as number, buffer.end[i] as number]
      hits.push({ word, start: end - (words[word] as string).length, end })
    }
    return hits
  }
}
