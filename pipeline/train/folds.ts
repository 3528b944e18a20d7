/** Bottom-k sketch of the overlapping pieces of a text: near copies share most of it. */
const KEPT = 12
const PIECE = 5
const SHARED = 5

function sketch(text: string): number[] {
  const plain = text.replace(/[^\p{L}\p{N}]+/gu, '')
  if (plain.length < PIECE * 2) return [hash(plain)]
  const hashes = new Set<number>()
  for (let at = 0; at + PIECE <= plain.length; at++) hashes.add(hash(plain.slice(at, at + PIECE)))
  return [...hashes].sort((a, b) => a - b).slice(0, KEPT)
}

function hash(text: string): number {
  let value = 0x811c_9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x0100_0193)
  value = Math.imul(value ^ (value >>> 15), 0x85eb_ca6b)
  return (value ^ (value >>> 13)) >>> 0
}

/** Outer folds, to judge; inner ones within the rest, to set thresholds. fold % OUTER, floor(fold / OUTER). */
export const OUTER = 5
export const INNER = 4
export const FOLDS = OUTER * INNER

/** A fold for each text, 0 .. folds - 1; texts that are near copies of each other share one. */
export function foldsOf(texts: readonly string[], folds: number): number[] {
  const sketches = texts.map(sketch)
  const parent = texts.map((_, at) => at)
  const root = (at: number): number => {
    let top = at
    while (parent[top] !== top) top = parent[top] as number
    return top
  }
  const holders = new Map<number, number[]>()
  sketches.forEach((pieces, at) => {
    const shared = new Map<number, number>()
    for (const piece of pieces)
      for (const other of holders.get(piece) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1)
    for (const [other, count] of shared)
      if (count >= Math.min(SHARED, pieces.length)) parent[root(at)] = root(other)
    for (const piece of pieces) holders.set(piece, [...(holders.get(piece) ?? []), at])
  })
  // By the text, not by its place: adding a set moves no other text to another fold.
  return texts.map((_, at) => hash(texts[root(at)] as string) % folds)
}
