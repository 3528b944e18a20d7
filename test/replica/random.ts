/** Small repeatable generator (mulberry32): the same seed gives the same board. */
export function randomFrom(seed: number): {
  next(): number
  pick<T>(list: readonly T[]): T
  below(n: number): number
} {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    pick: list => list[Math.floor(next() * list.length)] as (typeof list)[number],
    below: n => Math.floor(next() * n),
  }
}
