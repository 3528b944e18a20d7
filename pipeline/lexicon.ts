import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { EventClass } from './post.ts'
import { rowsOf } from './words.ts'

/** A way of telling a danger: two lists near each other, or any word of one. */
export interface Pattern {
  id: string
  /** What staff read: 占用消防通道. */
  name: string
  event: EventClass
  any?: string[]
  near?: [a: string[], b: string[], within: number]
}

interface NamedGroup {
  name: string
  event?: EventClass
  words: string[]
}

/** Two groups whose smallest distance is watched, up to `within` characters. */
export interface Pair {
  a: number
  b: number
  within: number
}

/** Words in groups, pairs of groups, patterns over them: what the model looks at besides characters. */
export interface Lexicon {
  words: string[]
  /** Groups of word w: groupList[groupStart[w] .. groupStart[w + 1]]. */
  groupStart: Int32Array
  groupList: Int32Array
  /** Named ones first, then the nameless ones of the patterns. */
  groups: { id: string; name: string; event: EventClass | null }[]
  namedGroups: number
  pairs: Pair[]
  /** The first so many pairs are of named groups, the others belong to patterns. */
  namedPairs: number
  /** Pairs that group g is in: pairList[pairStart[g] .. pairStart[g + 1]]. */
  pairStart: Int32Array
  pairList: Int32Array
  patterns: { pattern: Pattern; pair: number; group: number }[]
  /** The files as read, for the version. */
  source: string
}

/** Named groups that are watched near each other: what is in danger, by what, and how people say so. */
const ALARMS = 'hazard bighazard life conseq worry death injury crash hypo'.split(' ')
const MATTERS =
  'fire firehaz ebike gas leak explosion chem fireworks mine blast struct building falling lift boiler site siteless workacc flood geo road roadveh bridge pothole facility drown school people blocked facbad work contract traffic noise money order foodsafe quake weather relief'.split(
    ' ',
  )
const OTHERS =
  'firehaz-blocked firehaz-facbad road-facbad facility-facbad lift-liftbad road-school road-people struct-decor roadveh-road bridge-roadveh gas-leak chem-leak work-death work-injury site-injury site-siteless siteless-people flood-people ask-road blocked-school need-flood need-relief need-calm need-offer relief-calm flood-calm donate-relief praise-relief need-people figurative-play'.split(
    ' ',
  )
const NAMED_WITHIN = 30

const FOLDER = join(import.meta.dirname, 'lexicon')

/** pipeline/lexicon/*.yaml, laid out for one pass over the hits of its words. */
export function readLexicon(folder = FOLDER): Lexicon {
  const [groupsText, patternsText] = ['groups.yaml', 'patterns.yaml'].map(file =>
    readFileSync(join(folder, file), 'utf8'),
  ) as [string, string]
  const named = (parse(groupsText) as { groups: Record<string, NamedGroup> }).groups
  const { patterns } = parse(patternsText) as { patterns: Pattern[] }
  return compileLexicon(named, patterns, groupsText + patternsText)
}

function compileLexicon(
  named: Record<string, NamedGroup>,
  patterns: readonly Pattern[],
  source: string,
): Lexicon {
  const groups: Lexicon['groups'] = []
  const wordsOf: string[][] = []
  const addGroup = (id: string, name: string, words: readonly string[], event: EventClass | null = null) => {
    wordsOf.push([...new Set(words.map(word => word.toLowerCase()))])
    return groups.push({ id, name, event }) - 1
  }
  for (const [id, { name, words, event }] of Object.entries(named)) addGroup(id, name, words, event)
  const namedGroups = groups.length
  const numberOf = (id: string) => {
    const number = groups.findIndex(group => group.id === id)
    if (number < 0) throw new Error(`lexicon: no group ${id}`)
    return number
  }
  const pairs: Pair[] = [
    ...MATTERS.flatMap(a => ALARMS.map(b => [a, b])),
    ...OTHERS.map(each => each.split('-')),
  ].map(([a, b]) => ({ a: numberOf(a as string), b: numberOf(b as string), within: NAMED_WITHIN }))
  const namedPairs = pairs.length
  const compiled = patterns.map(pattern => {
    const { id, name, any, near } = pattern
    const group = any ? addGroup(id, name, any) : -1
    const pair = near
      ? pairs.push({
          a: addGroup(id, name, near[0]),
          b: addGroup(id, name, near[1]),
          within: near[2],
        }) - 1
      : -1
    return { pattern, pair, group }
  })
  const words = [...new Set(wordsOf.flat())]
  const index = new Map(words.map((word, at) => [word, at]))
  const [groupStart, groupList] = rowsOf(
    words.length,
    wordsOf.flatMap((list, group) => list.map(word => [index.get(word) as number, group] as const)),
  )
  const [pairStart, pairList] = rowsOf(
    groups.length,
    pairs.flatMap(({ a, b }, pair) => [[a, pair] as const, [b, pair] as const]),
  )
  return {
    words,
    groupStart,
    groupList,
    groups,
    namedGroups,
    pairs,
    namedPairs,
    pairStart,
    pairList,
    patterns: compiled,
    source,
  }
}
