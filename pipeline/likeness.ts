import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { liken, sketchOf } from './duplicates.ts'
import { sceneOf } from './events.ts'
import { readPlaces } from './places.ts'
import type { ReadLikeness } from './post.ts'
import { createSegmenter, type Segmenter } from './segment.ts'
import { readTerms } from './terms.ts'

/** Loads the segmenter when first asked (1-1.5 s), so only where texts are understood. */
export function createLikeness({ configDir }: { configDir: string }): ReadLikeness {
  const file = (name: string) => readFileSync(resolve(configDir, name), 'utf8')
  const dictionary = resolve(configDir, 'dictionary.txt')
  let loaded: { segmenter: Segmenter; weak: Set<string> } | undefined
  return (text, analysis) => {
    loaded ??= {
      segmenter: createSegmenter(dictionary),
      weak: new Set([
        ...file('dictionary.txt')
          .split('\n')
          .map(line => line.split(' ')[0] as string),
        ...readPlaces(file('places.yaml')).keys(),
      ]),
    }
    const scene = sceneOf(analysis?.places ?? [], analysis?.eventClass ?? null)
    const likened = liken(text.title ? `${text.title}\n${text.text}` : text.text, scene)
    return {
      ...likened,
      terms: readTerms(text, loaded.segmenter, loaded.weak),
      sketch: sketchOf(likened.bare),
      eventClass: scene.eventClass,
    }
  }
}
