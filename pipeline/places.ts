import { parse } from 'yaml'
import { buildAutomaton } from './automaton.ts'
import type { PlaceMention } from './post.ts'

export type Place = Pick<PlaceMention, 'name' | 'level' | 'district' | 'inChangzhou'>

/** config/places.yaml: districts with their towns and other names; cities elsewhere. */
export function readPlaces(text: string): Map<string, Place> {
  const file = parse(text) as {
    districts: { name: string; aliases?: string[]; towns?: string[]; sites?: string[] }[]
    city: string[]
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
      // One-character and everyday words are no places by themselves.
      if (short.length >= 2 && !places.has(short)) places.set(short, place)
    }
    for (const site of sites) places.set(site, { name: `常州市${name}${site}`, level: 'site', ...district })
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
      kept.push({ start, end, place: places.get(names[word] as string) as Place })
    }
    return kept
  }
}
