import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averageLinkage, type Edge, type Item } from '../../pipeline/clusters.ts'

const DAY = 86_400_000
const item = (day: number | null = null, label: number | null = null): Item => ({
  at: day === null ? null : day * DAY,
  label,
})
const options = { least: 0.5, windowMs: 30 * DAY }
const edge = (a: number, b: number, likeness: number): Edge => ({ a, b, likeness })

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
