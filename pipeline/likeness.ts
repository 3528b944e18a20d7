import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { liken, sketchOf } from './duplicates.ts'
import { sceneOf } from './events.ts'
import { placeFinder, readPlaces } from './places.ts'
import type { ReadLikeness } from './post.ts'
import { createSegmenter } from './segment.ts'
import { readTerms, type TermReader } from './terms.ts'

/** Loads the segmenter when first asked (1-1.5 s), so only where texts are understood. */
export function createLikeness({ configDir }: { configDir: string }): ReadLikeness {
  const file = (name: string) => readFileSync(resolve(configDir, name), 'utf8')
  const dictionary = resolve(configDir, 'dictionary.txt')
  function createReader(): TermReader {
    const places = readPlaces(file('places.yaml'))
    const find = placeFinder(places)
    const words = file('dictionary.txt').split('\n')
    return {
      segmenter: createSegmenter(dictionary),
      weak: new Set([...words.map(line => line.split(' ')[0] as string), ...places.keys()]),
      withoutPlaces: text => {
        let left = ''
        let from = 0
        for (const { start, end } of find(text)) {
          left += `${text.slice(from, start)}，`
          from = end
        }
        return left + text.slice(from)
      },
    }
  }
  let reader: TermReader | undefined
  return (text, analysis) => {
    reader ??= createReader()
    const scene = sceneOf(analysis?.places ?? [], analysis?.eventClass ?? null)
    const likened = liken(text.title ? `${text.title}\n${text.text}` : text.text, scene)
    return {
      ...likened,
      terms: readTerms(text, reader),
      sketch: sketchOf(likened.bare),
      eventClass: scene.eventClass,
    }
  }
}
