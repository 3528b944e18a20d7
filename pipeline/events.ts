import { averageLinkage, type Edge } from './clusters.ts'
import { differ } from './duplicates.ts'
import type { EventClass, Likeness, PlaceMention } from './post.ts'
import { termLikeness } from './terms.ts'

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
): Pick<EventText, 'districts' | 'places' | 'eventClass'> {
  const here = places.filter(place => place.inChangzhou)
  const fine = here.filter(({ level }) => !['province', 'city', 'district'].includes(level))
  return {
    districts: new Set(here.flatMap(({ district }) => district ?? [])),
    places: new Set(fine.map(({ name }) => name)),
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

/** 0 and more; symmetric. */
export function eventLikeness(a: EventText, b: EventText): number {
  let likeness = termLikeness(a.terms, b.terms)
  if (a.at !== null && b.at !== null) {
    const apart = Math.abs(a.at - b.at)
    if (apart > EVENT_WINDOW_MS) return 0
    const scene = (meet(a.places, b.places) ? 1 : 0) + (a.eventClass && a.eventClass === b.eventClass ? 1 : 0)
    likeness += scene * SCENE_EVIDENCE * 0.5 ** (apart / SCENE_HALF_LIFE_MS)
  }
  return isElsewhere(a, b) ? likeness * ELSEWHERE : likeness
}

/** 湖塘镇 became 湖塘街道: one town. */
const townsOf = (places: ReadonlySet<string>) =>
  new Set([...places].flatMap(name => /^(.*)(?:镇|乡|街道)$/.exec(name)?.[1] ?? []))

/** Both name districts, or both name towns, and share neither those nor a road or site. */
const isElsewhere = (a: EventText, b: EventText): boolean =>
  !meet(a.places, b.places) &&
  (differ(a.districts, b.districts) || differ(townsOf(a.places), townsOf(b.places)))

/** Pairs that share a term or a place; the class of event alone makes no candidate. */
function candidateEdges(texts: readonly EventText[]): Edge[] {
  const having = new Map<string, number[]>()
  const edges: Edge[] = []
  texts.forEach((text, b) => {
    const seen = new Set<number>()
    for (const feature of [...text.terms.keys(), ...text.places]) {
      const others = having.get(feature) ?? []
      for (const a of others) {
        if (seen.has(a) || a === b) continue
        seen.add(a)
        const likeness = eventLikeness(texts[a] as EventText, text)
        if (likeness > 0) edges.push({ a, b, likeness })
      }
      others.push(b)
      having.set(feature, others)
    }
  })
  return edges
}

/** For each text the key of the first (by key) text of its event; a text alone answers its own. Order of input plays no part. */
export function groupEvents(texts: readonly EventText[]): Map<string, string> {
  const sorted = [...texts].sort((a, b) => (a.key < b.key ? -1 : 1))
  const first = averageLinkage(sorted, candidateEdges(sorted), { least: EVENT_AT, windowMs: EVENT_WINDOW_MS })
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
