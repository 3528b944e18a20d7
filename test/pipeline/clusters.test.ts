import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averageLinkage, type Edge, type Ground, type Item } from '../../pipeline/clusters.ts'

const DAY = 86_400_000
const item = (day: number | null = null, label: number | null = null): Item => ({
  at: day === null ? null : day * DAY,
  label,
})
const nothing: Ground<null> = { of: () => null, both: () => null, share: () => 1 }
const options = { least: 0.5, windowMs: 30 * DAY, ground: nothing }
const edge = (a: number, b: number, likeness: number): Edge => ({ a, b, likeness })

const share = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a.size && b.size && ![...a].some(name => b.has(name)) ? 0.25 : 1
const towns = (known: readonly (readonly string[])[]): Ground<ReadonlySet<string>> => ({
  of: at => new Set(known[at]),
  both: (a, b) => new Set([...a, ...b]),
  share,
})

/** The same by its definition: all pairs of clusters, at every step. */
function anew(known: readonly (readonly string[])[], edges: readonly Edge[]): number[] {
  let clusters = known.map((names, i) => ({ members: [i], names: new Set(names) }))
  for (;;) {
    let top = { value: options.least, a: -1, b: -1 }
    for (const [a, one] of clusters.entries())
      for (const [b, other] of clusters.entries()) {
        if (b <= a) continue
        const between = edges.filter(
          each =>
            (one.members.includes(each.a) && other.members.includes(each.b)) ||
            (one.members.includes(each.b) && other.members.includes(each.a)),
        )
        const sum = between.reduce((total, each) => total + each.likeness, 0)
        const value = (share(one.names, other.names) * sum) / (one.members.length * other.members.length)
        if (value > top.value || (value === top.value && top.a < 0)) top = { value, a, b }
      }
    const [one, other] = [clusters[top.a], clusters[top.b]]
    if (!one || !other) break
    const both = {
      members: [...one.members, ...other.members],
      names: new Set([...one.names, ...other.names]),
    }
    clusters = clusters.flatMap(each => (each === one ? [both] : each === other ? [] : [each]))
  }
  return known.map((_, i) =>
    Math.min(...(clusters.find(({ members }) => members.includes(i))?.members ?? [])),
  )
}

describe('average linkage', () => {
  it('joins by the mean over all pairs, so one bridge does not chain two groups', () => {
    const items = Array.from({ length: 6 }, () => item())
    const inside = [edge(0, 1, 1), edge(0, 2, 1), edge(1, 2, 1), edge(3, 4, 1), edge(3, 5, 1), edge(4, 5, 1)]
    expect(averageLinkage(items, [...inside, edge(2, 3, 1)], options)).toEqual([0, 0, 0, 3, 3, 3])
    const bridges = [0, 1, 2].flatMap(a => [3, 4].map(b => edge(a, b, 0.8)))
    expect(averageLinkage(items, [...inside, ...bridges], options)).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('joins nothing below the limit', () => {
    expect(averageLinkage([item(), item()], [edge(0, 1, 0.49)], options)).toEqual([0, 1])
    expect(averageLinkage([item(), item()], [edge(0, 1, 0.5)], options)).toEqual([0, 0])
  })

  it('compares only what lies within the window: a matter lasts as long as people write about it', () => {
    const items = [0, 20, 40, 60].map(day => item(day))
    const chain = [edge(0, 1, 0.9), edge(1, 2, 0.9), edge(2, 3, 0.9)]
    expect(averageLinkage(items, chain, options)).toEqual([0, 0, 0, 0])
    // The same likenesses all on one day: the ends deny it.
    expect(
      averageLinkage(
        Array.from({ length: 4 }, () => item(0)),
        chain,
        options,
      ),
    ).toEqual([0, 0, 2, 2])
  })

  it('never brings two labels together and never parts one', () => {
    const items = [item(0, 7), item(0, 8), item(0, 7), item(0)]
    const edges = [edge(0, 1, 1), edge(1, 2, 1), edge(1, 3, 0.9), edge(0, 3, 0.8)]
    expect(averageLinkage(items, edges, options)).toEqual([0, 1, 0, 1])
  })

  it('an item that knows nothing is no bridge between those that deny each other', () => {
    const items = Array.from({ length: 5 }, () => item())
    const all = items.flatMap((_, a) => items.flatMap((_, b) => (a < b ? [edge(a, b, 1)] : [])))
    expect(averageLinkage(items, all, options)).toEqual([0, 0, 0, 0, 0])
    const found = averageLinkage(items, all, { ...options, ground: towns([['a'], [], ['b'], [], []]) })
    expect(found[0]).not.toBe(found[2])
    // With what both name they are one again.
    expect(
      averageLinkage(items, all, { ...options, ground: towns([['a'], ['a', 'b'], ['b'], [], []]) }),
    ).toEqual([0, 0, 0, 0, 0])
  })

  it('joins the closest first at every step, as looking at all pairs anew would', () => {
    const likeness = fc.constantFrom(0.25, 0.5, 0.75, 1)
    const graph = fc.integer({ min: 2, max: 9 }).chain(size =>
      fc.record({
        known: fc.array(fc.subarray(['a', 'b', 'c']), { minLength: size, maxLength: size }),
        pairs: fc.uniqueArray(fc.tuple(fc.nat(size - 1), fc.nat(size - 1), likeness), {
          selector: ([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`,
        }),
      }),
    )
    fc.assert(
      fc.property(graph, ({ known, pairs }) => {
        const edges = pairs.flatMap(([a, b, value]) => (a === b ? [] : [edge(a, b, value)]))
        const found = averageLinkage(
          known.map(() => item()),
          edges,
          { ...options, ground: towns(known) },
        )
        expect(found).toEqual(anew(known, edges))
      }),
      { numRuns: 500 },
    )
  })

  it('is a partition whose members have a common smallest item, for any graph', () => {
    const graph = fc.integer({ min: 1, max: 12 }).chain(size =>
      fc.record({
        items: fc.array(
          fc.record({
            at: fc.option(fc.integer({ min: 0, max: 90 }).map(day => day * DAY)),
            label: fc.option(fc.integer({ min: 1, max: 2 }), { freq: 5 }),
          }),
          { minLength: size, maxLength: size },
        ),
        pairs: fc.uniqueArray(
          fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.double({ min: 0, max: 1, noNaN: true })),
          {
            selector: ([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`,
          },
        ),
      }),
    )
    fc.assert(
      fc.property(graph, ({ items, pairs }) => {
        const edges = pairs.flatMap(([a, b, likeness]) => (a === b ? [] : [edge(a, b, likeness)]))
        const found = averageLinkage(items, edges, options)
        found.forEach((first, i) => {
          expect(first).toBeLessThanOrEqual(i)
          expect(found[first]).toBe(first)
        })
        for (const [i, one] of items.entries())
          for (const [j, other] of items.entries())
            if (one.label !== null && other.label !== null)
              expect(found[i] === found[j]).toBe(one.label === other.label)
      }),
    )
  })
})
