/** What clustering needs to know of an item; items come in an order of their own, so that arrival order is no input. */
export interface Item {
  /** Epoch ms; null = not known, comparable with everything. */
  at: number | null
  /** Items with different labels (decisions of people) never come together; those with the same always do. */
  label: number | null
}

export interface Edge {
  a: number
  b: number
  likeness: number
}

interface Cluster {
  /** Sorted known times of the members, and how many have none. */
  times: number[]
  undated: number
  label: number | null
  members: number[]
  /** Sum of likeness to each neighbour. */
  sums: Map<number, number>
}

/**
 * Average linkage: the two clusters with the greatest mean likeness join while it reaches `least`. The mean is over
 * those pairs that lie within `windowMs` of each other, so a matter may last as long as people keep writing about it.
 * Pairs without an edge count as 0. Answers for each item the smallest item of its cluster. Depends on nothing but the
 * items and their order.
 */
export function averageLinkage(
  items: readonly Item[],
  edges: readonly Edge[],
  options: { least: number; windowMs: number },
): number[] {
  const { least, windowMs } = options
  const clusters: (Cluster | null)[] = items.map(({ at, label }, i) => ({
    times: at === null ? [] : [at],
    undated: at === null ? 1 : 0,
    label,
    members: [i],
    sums: new Map(),
  }))
  const cluster = (i: number) => clusters[i] as Cluster
  for (const { a, b, likeness } of edges) {
    cluster(a).sums.set(b, likeness)
    cluster(b).sums.set(a, likeness)
  }
  const owner = items.map((_, i) => i)

  const mean = (i: number, j: number): number => {
    const [a, b] = [cluster(i), cluster(j)]
    if (a.label !== null && b.label !== null && a.label !== b.label) return 0
    const pairs = comparablePairs(a, b, windowMs)
    return pairs ? (a.sums.get(j) ?? 0) / pairs : 0
  }
  const join = (i: number, j: number) => {
    const [into, from] = [cluster(i), cluster(j)]
    for (const [k, sum] of from.sums) {
      cluster(k).sums.delete(j)
      if (k === i) continue
      into.sums.set(k, (into.sums.get(k) ?? 0) + sum)
      cluster(k).sums.set(i, into.sums.get(k) as number)
    }
    into.sums.delete(j)
    into.times = merged(into.times, from.times)
    into.undated += from.undated
    into.label ??= from.label
    into.members.push(...from.members)
    for (const member of from.members) owner[member] = i
    clusters[j] = null
  }

  joinLabelled(items, join, owner)
  const best = items.map(() => ({ with: -1, mean: 0 }))
  const findBest = (i: number) => {
    const found = { with: -1, mean: 0 }
    for (const j of cluster(i).sums.keys()) {
      const value = mean(i, j)
      if (value > found.mean || (value === found.mean && value > 0 && j < found.with))
        Object.assign(found, { with: j, mean: value })
    }
    best[i] = found
  }
  for (const i of owner) if (clusters[i] && best[i]?.with === -1) findBest(i)
  for (;;) {
    let at = -1
    let top = least
    best.forEach((each, i) => {
      if (clusters[i] && each.mean >= top && (each.mean > top || at < 0)) {
        at = i
        top = each.mean
      }
    })
    if (at < 0) break
    const other = (best[at] as { with: number }).with
    const [into, from] = at < other ? [at, other] : [other, at]
    const touched = new Set([...cluster(into).sums.keys(), ...cluster(from).sums.keys()])
    join(into, from)
    findBest(into)
    // A mean over both parts can't exceed the greater one: who liked another cluster best still does.
    for (const i of touched)
      if (clusters[i] && [into, from].includes((best[i] as { with: number }).with)) findBest(i)
  }
  return smallestOf(owner)
}

/** What people put together is together before the machine begins. */
function joinLabelled(
  items: readonly Item[],
  join: (into: number, from: number) => void,
  owner: readonly number[],
) {
  const first = new Map<number, number>()
  items.forEach(({ label }, i) => {
    if (label === null) return
    const known = first.get(label)
    if (known === undefined) first.set(label, i)
    else if (owner[i] !== known) join(known, i)
  })
}

function comparablePairs(a: Cluster, b: Cluster, windowMs: number): number {
  const all = a.members.length * b.members.length
  const dated = a.times.length * b.times.length
  if (!dated) return all
  const [less, more] = a.times.length <= b.times.length ? [a.times, b.times] : [b.times, a.times]
  let near = 0
  for (const time of less) near += countUpTo(more, time + windowMs) - countUpTo(more, time - windowMs - 1)
  return all - dated + near
}

/** Both lists are sorted, and so is the answer. */
function merged(a: readonly number[], b: readonly number[]): number[] {
  const all: number[] = []
  let next = 0
  for (const time of a) {
    while (next < b.length && (b[next] as number) < time) all.push(b[next++] as number)
    all.push(time)
  }
  while (next < b.length) all.push(b[next++] as number)
  return all
}

/** How many of the sorted times are <= `limit`. */
function countUpTo(times: readonly number[], limit: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] as number) <= limit) low = middle + 1
    else high = middle
  }
  return low
}

function smallestOf(owner: readonly number[]): number[] {
  const smallest = new Map<number, number>()
  owner.forEach((cluster, i) => {
    if (!smallest.has(cluster)) smallest.set(cluster, i)
  })
  return owner.map(cluster => smallest.get(cluster) as number)
}
