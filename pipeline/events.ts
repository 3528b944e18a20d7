import { averageLinkage, type Edge, type Ground } from './clusters.ts'
import { bareText, differ } from './duplicates.ts'
import type { EventClass, Likeness, PlaceMention } from './post.ts'
import { lengthOf, termLikeness } from './terms.ts'

const DAY_MS = 86_400_000
/** Posts further apart are no evidence for or against being about one matter. */
export const EVENT_WINDOW_MS = 30 * DAY_MS
/** Mean likeness from which clusters are one event; tuned on hot topics (npm run evaluate -- --only events). */
const EVENT_AT = 0.14
/** The same words said of another district or town (「路面塌了一块」) are another incident: no wording alone makes them one. */
const ELSEWHERE = 0.1

/** A post as clustering sees it. Places and class count as evidence only near in time. */
export interface EventText extends Pick<Likeness, 'terms' | 'places' | 'districts' | 'eventClass'> {
  /** Sorts texts, so that the order of arrival plays no part; unique. */
  key: string
  /** Epoch ms; null = not known. */
  at: number | null
  /** Set where people decided: texts with the same label are together, with different labels apart. */
  label: number | null
}

/** From the analysis of a text: what the same incident would share. */
export function sceneOf(
  places: readonly PlaceMention[],
  eventClass: EventClass | null,
): Pick<Likeness, 'districts' | 'places' | 'spots' | 'eventClass'> {
  const here = places.filter(place => place.inChangzhou)
  const within = here.filter(({ level }) => level !== 'province' && level !== 'city')
  const fine = within.filter(({ level }) => level !== 'district')
  return {
    districts: new Set(here.flatMap(({ district }) => district ?? [])),
    places: new Set(fine.map(({ name }) => name)),
    spots: new Set(within.map(({ text }) => bareText(text))),
    eventClass,
  }
}

/** A shared town or the same class of event says little, both together enough for a day: half of it after two. */
const SCENE_EVIDENCE = 0.1
const SCENE_HALF_LIFE_MS = 2 * DAY_MS

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const each of a) if (b.has(each)) return true
  return false
}

/** 湖塘镇 became 湖塘街道: one town. */
const townsOf = (places: ReadonlySet<string>) =>
  new Set([...places].flatMap(name => /^(.*)(?:镇|乡|街道)$/.exec(name)?.[1] ?? []))

/** Where something is, as far as it is told. */
interface Where {
  places: ReadonlySet<string>
  districts: ReadonlySet<string>
  towns: ReadonlySet<string>
}

/** A text with what every comparison asks of it. */
interface Compared extends EventText, Where {
  length: number
}

const compared = (text: EventText): Compared => ({
  ...text,
  towns: townsOf(text.places),
  length: lengthOf(text.terms),
})

/** Both name districts, or both name towns, and share neither those nor a road or site. */
const isElsewhere = (a: Where, b: Where): boolean =>
  !meet(a.places, b.places) && (differ(a.districts, b.districts) || differ(a.towns, b.towns))

/** Texts of one matter are where any of them says: one without a place joins no two that are elsewhere. */
const whereabouts = (texts: readonly EventText[]): Ground<Where> => ({
  of: item => compared(texts[item] as EventText),
  both: (a, b) => ({
    places: new Set([...a.places, ...b.places]),
    districts: new Set([...a.districts, ...b.districts]),
    towns: new Set([...a.towns, ...b.towns]),
  }),
  share: (a, b) => (isElsewhere(a, b) ? ELSEWHERE : 1),
})

/** 0 and more; symmetric. */
export const eventLikeness = (a: EventText, b: EventText): number =>
  withScene(termLikeness(a.terms, b.terms), compared(a), compared(b))

/** Time, place and class counted in: `terms` = how alike the terms of both are. */
function withScene(terms: number, a: Compared, b: Compared): number {
  let likeness = terms
  if (a.at !== null && b.at !== null) {
    const apart = Math.abs(a.at - b.at)
    if (apart > EVENT_WINDOW_MS) return 0
    const scene = (meet(a.places, b.places) ? 1 : 0) + (a.eventClass && a.eventClass === b.eventClass ? 1 : 0)
    if (scene) likeness += scene * SCENE_EVIDENCE * 0.5 ** (apart / SCENE_HALF_LIFE_MS)
  }
  return isElsewhere(a, b) ? likeness * ELSEWHERE : likeness
}

/** Texts that have a feature, each with its weight there; a place weighs nothing as a term. */
interface Having {
  texts: number[]
  weights: number[]
}

/**
 * Pairs that share a term or a place; the class of event alone makes no candidate. What two texts share adds up while
 * the lists of their terms are walked, so a pair is looked at once whatever the number of its terms.
 */
function candidateEdges(all: readonly EventText[]): Edge[] {
  const texts = all.map(compared)
  const having = new Map<string, Having>()
  const edges: Edge[] = []
  const shared = new Float64Array(texts.length)
  const isMet = new Uint8Array(texts.length)
  texts.forEach((text, b) => {
    const met: number[] = []
    const walk = (feature: string, weight: number) => {
      const own = having.get(feature) ?? { texts: [], weights: [] }
      if (!own.texts.length) having.set(feature, own)
      own.texts.forEach((a, i) => {
        if (!isMet[a]) met.push(a)
        isMet[a] = 1
        shared[a] = (shared[a] as number) + weight * (own.weights[i] as number)
      })
      own.texts.push(b)
      own.weights.push(weight)
    }
    for (const [term, weight] of text.terms) walk(term, weight)
    for (const place of text.places) walk(place, 0)
    for (const a of met) {
      const other = texts[a] as Compared
      const both = shared[a] as number
      shared[a] = 0
      isMet[a] = 0
      if (a === b) continue
      const likeness = withScene(both && both / (other.length * text.length), other, text)
      if (likeness > 0) edges.push({ a, b, likeness })
    }
  })
  return edges
}

/** For each text the key of the first (by key) text of its event; a text alone answers its own. Order of input plays no part. */
export function groupEvents(texts: readonly EventText[]): Map<string, string> {
  const sorted = [...texts].sort((a, b) => (a.key < b.key ? -1 : 1))
  const first = averageLinkage(sorted, candidateEdges(sorted), {
    least: EVENT_AT,
    windowMs: EVENT_WINDOW_MS,
    ground: whereabouts(sorted),
  })
  return new Map(sorted.map(({ key }, i) => [key, (sorted[first[i] as number] as EventText).key]))
}

/** Texts without ids of their own, for `analyze --events`: exact copies count once. Answers a group number for each. */
export function groupTexts(texts: readonly { at: number | null; likeness: Likeness }[]): number[] {
  const byKey = new Map<string, EventText & { spelling: string }>()
  for (const { at, likeness } of texts) {
    const key = likeness.bare
    // Copies may cut title and text differently: the smallest spelling stands for all, whichever came first.
    const spelling = [...likeness.terms].join()
    const known = byKey.get(key)
    const earliest = known && known.at !== null && at !== null ? Math.min(known.at, at) : (known?.at ?? at)
    if (!known || spelling < known.spelling)
      byKey.set(key, { key, at: earliest, label: null, spelling, ...likeness })
    else known.at = earliest
  }
  const events = groupEvents([...byKey.values()])
  const numbers = new Map([...new Set(events.values())].map((key, i) => [key, i]))
  return texts.map(({ likeness }) => numbers.get(events.get(likeness.bare) as string) as number)
}
