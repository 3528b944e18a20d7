/** Aho-Corasick: all words of all rules in one pass over a text, whatever their number. */
export interface Hit {
  word: number
  start: number
  end: number
}

interface Node {
  next: Map<string, number>
  fail: number
  /** Words that end here, longest first. */
  words: number[]
}

export function buildAutomaton(words: readonly string[]): (text: string) => Hit[] {
  const nodes: Node[] = [{ next: new Map(), fail: 0, words: [] }]
  const node = (at: number) => nodes[at] as Node
  words.forEach((word, number) => {
    let at = 0
    for (const unit of word) {
      let to = node(at).next.get(unit)
      if (to === undefined) {
        to = nodes.push({ next: new Map(), fail: 0, words: [] }) - 1
        node(at).next.set(unit, to)
      }
      at = to
    }
    if (word) node(at).words.push(number)
  })
  const queue = [...node(0).next.values()]
  for (const at of queue)
    for (const [unit, to] of node(at).next) {
      let fail = node(at).fail
      while (fail && !node(fail).next.has(unit)) fail = node(fail).fail
      node(to).fail = node(fail).next.get(unit) ?? 0
      node(to).words.push(...node(node(to).fail).words)
      queue.push(to)
    }
  return text => {
    const hits: Hit[] = []
    let at = 0
    let end = 0
    for (const unit of text) {
      end += unit.length
      while (at && !node(at).next.has(unit)) at = node(at).fail
      at = node(at).next.get(unit) ?? 0
      for (const word of node(at).words) hits.push({ word, start: end - (words[word] as string).length, end })
    }
    return hits
  }
}
