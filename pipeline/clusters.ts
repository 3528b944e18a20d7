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

/** What is known of an item beyond its likeness to others, and what such knowledge of two clusters says of them. */
export interface Ground<G> {
  of(item: number): G
  /** Of two clusters that joined. */
  both(a: G, b: G): G
  /** 0..1, symmetric: share of the mean likeness that counts between clusters of which this is known. */
  share(a: G, b: G): number
}

interface Cluster<G> {
  /** Sorted known times of the members, and how many have none. */
  times: number[]
  undated: number
  label: number | null
  members: number[]
  ground: G
  /** Sum of likeness to each neighbour. */
  sums: Map<number, number>
}

interface Best {
  with: number
  mean: number
}

/**
 * Average linkage: the two clusters with the greatest mean likeness join while it reaches `least`. The mean is over
 * those pairs that lie within `windowMs` of each other, so a matter may last as long as people keep writing about it.
 * Pairs without an edge count as 0. What two clusters know as wholes weighs on their mean: items that know nothing are
 * no bridge between those that deny each other. Answers for each item the smallest item of its cluster. Depends on nothing but the
 * items and their order.
 */
export function averageLinkage<G>(
  items: readonly Item[],
  edges: readonly Edge[],
  options: { least: number; windowMs: number; ground: Ground<G> },
): number[] {
  const { least, windowMs, ground } = options
  const clusters: (Cluster<G> | null)[] = items.map(({ at, label }, i) => ({
    times: at === null ? [] : [at],
    undated: at === null ? 1 : 0,
    label,
    members: [i],
    ground: ground.of(i),
    sums: new Map(),
  }))
  const cluster = (i: number) => clusters[i] as Cluster<G>
  for (const { a, b, likeness } of edges) {
    cluster(a).sums.set(b, likeness)
    cluster(b).sums.set(a, likeness)
  }
  const owner = items.map((_, i) => i)

  const mean = (i: number, j: number): number => {
    const [a, b] = [cluster(i), cluster(j)]
    if (a.label !== null && b.label !== null && a.label !== b.label) return 0
    const pairs = comparablePairs(a, b, windowMs)
    return pairs ? (ground.share(a.ground, b.ground) * (a.sums.get(j) ?? 0)) / pairs : 0
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
    into.ground = ground.both(into.ground, from.ground)
    for (const member of from.members) owner[member] = i
    clusters[j] = null
  }

  joinLabelled(items, join, owner)
  const best: Best[] = items.map(() => ({ with: -1, mean: 0 }))
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
    const other = (best[at] as Best).with
    const [into, from] = at < other ? [at, other] : [other, at]
    const touched = new Set([...cluster(into).sums.keys(), ...cluster(from).sums.keys()])
    join(into, from)
    findBest(into)
    for (const i of touched) {
      if (!clusters[i] || i === into) continue
      const liked = best[i] as Best
      if (liked.with === into || liked.with === from) findBest(i)
      else {
        // Only what both know together can have raised it: a mean alone can't exceed the greater of its parts.
        const value = mean(i, into)
        if (value > liked.mean || (value === liked.mean && value > 0 && into < liked.with))
          best[i] = { with: into, mean: value }
      }
    }
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

function comparablePairs(a: Cluster<unknown>, b: Cluster<unknown>, windowMs: number): number {
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
