import { cleanText } from '../../clean.ts'
import { readModel } from '../../models.ts'
import { readGazetteer } from '../../place-tagger.ts'
import { writeSparse } from '../../sparse.ts'
import { STYLES, type Style, type StyleWeights } from '../../text-style.ts'
import { CHAIN, type NameKind, type Sentence, trainChain, writeChain } from '../chain.ts'
import { crossStyles, type StyledText, trainStyle } from '../style.ts'
import { readRows, type Trained } from '../trainer.ts'

type Source = 'msra' | 'cluener' | 'weibo'
interface Row {
  source: Source
  text: string
  entities: { start: number; end: number; type: string }[]
}

/** What counts as a place; everything else that has a name only teaches what is none. */
export const PLACE_TYPES: Record<Source, string[]> = {
  msra: ['LOC'],
  weibo: ['GPE.NAM', 'LOC.NAM'],
  cluener: ['address'],
}
const OTHER_KINDS: Record<string, NameKind> = {
  ORG: 1,
  'ORG.NAM': 1,
  company: 1,
  organization: 1,
  government: 1,
  PER: 2,
  'PER.NAM': 2,
  name: 2,
  book: 3,
  movie: 3,
  game: 3,
  scene: 3,
}
const STYLE_OF: Record<Source, Style> = { msra: 0, cluener: 1, weibo: 2 }

/** A row as the chain learns it; `places` are the spans of the original text to be found. */
export interface PlaceText extends StyledText {
  source: Source
  sentence: Omit<Sentence, 'style'>
  places: { start: number; end: number }[]
}

function toPlaceText({ source, text, entities }: Row): PlaceText {
  const cleaned = cleanText(text)
  const at = new Map<number, number>()
  cleaned.offsets.forEach((offset, index) => {
    if (!at.has(offset)) at.set(offset, index)
  })
  const kindOf = (type: string): NameKind | undefined =>
    PLACE_TYPES[source].includes(type) ? 0 : OTHER_KINDS[type]
  const names = entities
    .flatMap(({ start, end, type }) => {
      const kind = kindOf(type)
      const [from, to] = [at.get(start), at.get(end)]
      return kind === undefined || from === undefined || to === undefined
        ? []
        : [{ start: from, end: to, kind }]
    })
    .sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)
  // Of names inside names the longest is learned.
  const outer = names.filter(
    (name, index) => !names.slice(0, index).some(other => other.start < name.end && name.start < other.end),
  )
  return {
    source,
    original: text,
    style: STYLE_OF[source],
    sentence: { text: cleaned.text, names: outer },
    places: entities.filter(({ type }) => kindOf(type) === 0),
  }
}

export const readPlaceSets = (dataDir: string): PlaceText[] =>
  readRows<Row>(dataDir, 'places/dev.jsonl').map(toPlaceText)

/** Weights of the chain and of the style; `texts` may be any part of the sets. */
export function trainPlaces(texts: readonly PlaceText[]): { chain: Uint8Array; style: Uint8Array } {
  const styles = crossStyles(texts)
  const sentences = texts.map(({ sentence }, at) => ({ ...sentence, style: styles[at] as Style }))
  const base = readModel('places-base.bin.gz')
  return {
    chain: writeChain(trainChain(sentences, readGazetteer(), CHAIN, base)),
    style: writeStyle(trainStyle(texts)),
  }
}

export function writeStyle({ values }: StyleWeights): Uint8Array {
  const all = Array.from({ length: values.length / STYLES }, (_, slot) => slot)
  const kept = all.filter(slot =>
    [0, 1, 2].some(style => Math.abs(values[slot * STYLES + style] as number) > 1e-3),
  )
  const weights = Float64Array.from(
    kept.flatMap(slot => [0, 1, 2].map(style => values[slot * STYLES + style] as number)),
  )
  return writeSparse({
    keys: Uint32Array.from(kept),
    weights,
    columns: STYLES,
    constants: [0, 0, 0],
    oneScale: true,
  })
}

export async function train(dataDir: string): Promise<Trained> {
  const texts = readPlaceSets(dataDir)
  const { chain, style } = trainPlaces(texts)
  return { 'places.bin.gz': chain, 'style.bin.gz': style }
}
