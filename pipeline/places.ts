import { parse } from 'yaml'
import { buildAutomaton } from './automaton.ts'
import type { PlaceMention } from './post.ts'

export type Place = Pick<PlaceMention, 'name' | 'level' | 'district' | 'inChangzhou'> & {
  /** Other cities have one of this name: see `settleShared`. */
  shared?: boolean
  /** A word or a brand as often: only where the words after it speak of a place (青龙那边, 永红工地). */
  asPlaceOnly?: boolean
}

/** Short names of towns that are words, or other places, far oftener. */
const AMBIGUOUS = new Set([
  '天宁',
  '红梅',
  '青龙',
  '五星',
  '永红',
  '北港',
  '三井',
  '洛阳',
  '兰陵',
  '河海',
  '东城',
  '西城',
  '金城',
  '昆仑',
  '古县',
  '南大街',
  '茶山',
  '新桥',
  '荷花池',
  '春江',
])
/** Of them those that no word after them makes a town of ours. */
const ANOTHER_CITY = new Set(['洛阳'])
const TOLD_AS_PLACE =
  /(?:这|那)(?:边|里|一片|一带|块)|附近|一带|周边|旁边|边上|工地|工业园|菜场|菜市场|农贸|路口|地铁|公交|派出所|卫生院|小学|中学|幼儿园|社区|村|集镇|镇上|街上|老街|有[人个家]|一(?:家|个|处|条|座|栋|幢|户|厂|工地|小区)/y

/** config/places.yaml: districts with their towns and other names; what no district owns; cities elsewhere. */
export function readPlaces(text: string): Map<string, Place> {
  const file = parse(text) as {
    districts: { name: string; aliases?: string[]; towns?: string[]; sites?: string[] }[]
    city: string[]
    roads?: string[]
    waters?: string[]
    shared?: string[]
    elsewhere: string[]
  }
  const places = new Map<string, Place>()
  for (const name of file.elsewhere)
    places.set(name, { name, level: 'city', district: null, inChangzhou: false })
  for (const alias of file.city)
    places.set(alias, { name: '常州市', level: 'city', district: null, inChangzhou: true })
  for (const { name, aliases = [], towns = [], sites = [] } of file.districts) {
    const district = { district: name, inChangzhou: true }
    for (const alias of [name, ...aliases])
      places.set(alias, { name: `常州市${name}`, level: 'district', ...district })
    for (const town of towns) {
      const place: Place = { name: `常州市${name}${town}`, level: 'town', ...district }
      places.set(town, place)
      const short = town.replace(/(街道|镇|乡)$/, '')
      // One-character words are no places by themselves.
      if (short.length < 2 || places.has(short) || ANOTHER_CITY.has(short)) continue
      places.set(short, AMBIGUOUS.has(short) ? { ...place, shared: true, asPlaceOnly: true } : place)
    }
    for (const site of sites) places.set(site, { name: `常州市${name}${site}`, level: 'site', ...district })
  }
  for (const [names, level] of [
    [file.roads, 'road'],
    [file.waters, 'site'],
  ] as const)
    for (const name of names ?? [])
      places.set(name, { name: `常州市${name}`, level, district: null, inChangzhou: true })
  for (const name of file.shared ?? []) {
    const place = places.get(name)
    if (place) places.set(name, { ...place, shared: true })
  }
  return places
}

/** Longest names win where they overlap; ranges are of the cleaned text. */
export function placeFinder(
  places: Map<string, Place>,
): (text: string) => { start: number; end: number; place: Place }[] {
  const names = [...places.keys()]
  const scan = buildAutomaton(names)
  return text => {
    const hits = scan(text).sort((a, b) => a.start - b.start || b.end - a.end)
    const kept: { start: number; end: number; place: Place }[] = []
    for (const { word, start, end } of hits) {
      if (start < (kept.at(-1)?.end ?? 0)) continue
      const { asPlaceOnly, ...place } = places.get(names[word] as string) as Place
      TOLD_AS_PLACE.lastIndex = end
      if (!asPlaceOnly || TOLD_AS_PLACE.test(text)) kept.push({ start, end, place })
    }
    return kept
  }
}

/**
 * A name that other cities have too is ours where the text names Changzhou besides, or comes from a local source and
 * names no other city; else it is just a name.
 */
export function settleShared(found: readonly FoundPlace[], isLocalSource: boolean): FoundPlace[] {
  const isAway = found.some(({ place }) => place.inChangzhou === false)
  const isHere = found.some(({ place }) => place.inChangzhou && !place.shared)
  return found.map(({ start, end, place: { shared, ...place } }) =>
    shared && !isHere && (isAway || !isLocalSource)
      ? {
          start,
          end,
          place: { ...place, name: place.name.replace(/^常州市/, ''), district: null, inChangzhou: null },
        }
      : { start, end, place },
  )
}

/** Text in which a city is hidden (A市, L10县): somewhere, but not here. */
const HIDDEN = /(?<![a-z])[a-z]\d{0,2}[市区县]/g
const MAY_HIDE = /[a-z]\d{0,2}[市区县]/
/** Around Changzhou, so no sign of another place. */
const AROUND = new Set(['中国', '江苏', '江苏省', '华东', '江南', '长三角', '苏南', '长江', '太湖'])

const levelOf = (name: string): PlaceMention['level'] =>
  /[路街巷弄道桥]$|\d+号$/.test(name)
    ? 'road'
    : /[镇乡]$|街道$/.test(name)
      ? 'town'
      : /[区县]$/.test(name)
        ? 'district'
        : /省$/.test(name)
          ? 'province'
          : /市$/.test(name)
            ? 'city'
            : 'other'

/** A place that config/places.yaml does not know. */
function otherPlace(name: string, isElsewhere: (name: string) => boolean): Place {
  const elsewhere = !AROUND.has(name) && isElsewhere(name)
  return { name, level: levelOf(name), district: null, inChangzhou: elsewhere ? false : null }
}

export interface FoundPlace {
  start: number
  end: number
  place: Place
}

/** What follows the name of a place that it is only called after: 重庆火锅店, 兰州拉面, 南京银行. */
const CALLED_AFTER =
  /(?:花园|新村|公寓|银行|商会|老乡|风味|特产|品牌|牌|产的|(?!一|某|有|市|的|这|那).{0,2}?(?:火锅|烤鸭|料理|烤肉|烧烤|烤串|小吃|拉面|牛肉|面馆|面店|米粉|米线|串串|冒菜|麻辣烫|小龙虾|炸鸡|菜馆|土菜|餐厅|饭馆|酒家|甜品|家具))/y
/** 上海路, 南京西路: many towns have one. */
const ROAD_CALLED_AFTER = /^.{2,3}[东南西北中]?(?:路|街|巷|大道|桥)$/

/** A place elsewhere that something is only called after is no sign of elsewhere. */
function unlessCalledAfter(text: string, found: FoundPlace): FoundPlace {
  const { start, end, place } = found
  if (place.inChangzhou !== false) return found
  CALLED_AFTER.lastIndex = end
  if (!ROAD_CALLED_AFTER.test(text.slice(start, end)) && !CALLED_AFTER.test(text)) return found
  return { start, end, place: { ...place, inChangzhou: null } }
}

/**
 * Names of config/places.yaml and what the tagger found: where both know of one, the wider stretch stands with the
 * finest place of the file inside it (武进区湖塘镇 -> 湖塘镇). `isElsewhere` asks the gazetteer about the rest.
 */
export function joinPlaces(
  text: string,
  known: readonly FoundPlace[],
  tagged: readonly { start: number; end: number }[],
  isElsewhere: (name: string) => boolean,
): FoundPlace[] {
  if (!known.length && !tagged.length && !MAY_HIDE.test(text)) return []
  const left = new Set(known)
  const knownIn = overlapping(known)
  const found: FoundPlace[] = tagged.map(({ start, end }) => {
    const inside = knownIn(start, end)
    let [from, to] = [start, end]
    for (const place of inside) {
      left.delete(place)
      from = Math.min(from, place.start)
      to = Math.max(to, place.end)
    }
    const finest = inside.findLast(({ place }) => place.inChangzhou) ?? inside.at(-1)
    return { start: from, end: to, place: finest?.place ?? otherPlace(text.slice(from, to), isElsewhere) }
  })
  const hidden = MAY_HIDE.test(text) ? hiddenCities(text, overlapping(found)) : []
  let reached = 0
  return [...found, ...hidden, ...left]
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .filter(({ start, end }) => {
      const isFree = start >= reached
      reached = Math.max(reached, end)
      return isFree
    })
    .map(place => unlessCalledAfter(text, place))
}

const hiddenCities = (text: string, foundIn: ReturnType<typeof overlapping>): FoundPlace[] =>
  [...text.matchAll(HIDDEN)].flatMap(({ 0: name, index }) => {
    const end = index + name.length
    const place: Place = { name: name.toUpperCase(), level: 'city', district: null, inChangzhou: false }
    return foundIn(index, end).length ? [] : { start: index, end, place }
  })

/** Those of a list that lie in a stretch. List and stretches in the order of the text: asked from left to right. */
function overlapping(list: readonly FoundPlace[]): (start: number, end: number) => FoundPlace[] {
  let first = 0
  return (start, end) => {
    while (first < list.length && (list[first] as FoundPlace).end <= start) first++
    let stop = first
    while (stop < list.length && (list[stop] as FoundPlace).start < end) stop++
    return list.slice(first, stop)
  }
}
