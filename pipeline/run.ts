import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { cleanText } from './clean.ts'
import { createExplainer } from './explain.ts'
import type { FeedbackWeight } from './feedback.ts'
import { type Gates, joinGates, loadGates } from './gates.ts'
import { readLexicon } from './lexicon.ts'
import { createLikeness } from './likeness.ts'
import { modelsHash } from './models.ts'
import { placeTagger, type Stretch } from './place-tagger.ts'
import { placeFinder, readPlaces } from './places.ts'
import type { AnalyseFlags, Analysis, Asked, Pipeline, Text } from './post.ts'
import type { Rule } from './rules.ts'
import { readRules } from './rules-file.ts'
import { compileScan, joinTitle } from './scan.ts'
import { createSegmenter, type Segmenter } from './segment.ts'
import { type Feeling, readSentiment } from './sentiment.ts'
import { groundFinder } from './severity.ts'
import { textJudge, type Written } from './text-judge.ts'
import { readTopics } from './topics.ts'

/** Raised whenever the code would answer otherwise with the same rules. */
const CODE_VERSION = '4'

export interface PipelineOptions {
  /** Folder of rules.yaml, topics.yaml, severity.yaml, places.yaml, dictionary.txt. */
  configDir: string
  /** Rules as they are live in the database; default those of rules.yaml. */
  rules?: readonly Rule[]
  /** What duty staff's decisions taught; bounded, see feedback.ts. */
  feedback?: readonly FeedbackWeight[]
  /** Default the model of pipeline/models; evaluation gives one that has not seen the text. */
  gates?: Gates
}

/** Texts that go through a stage together. */
const TOGETHER = 256

const chunksOf = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))

/** The same post with the same files gives the same answer; every flag says why (design §4). */
export function createPipeline(options: PipelineOptions): Pipeline {
  const file = (name: string) => readFileSync(resolve(options.configDir, name), 'utf8')
  const rules = options.rules ?? readRules(file('rules.yaml'))
  const [topicsText, severityText, placesText, dictionary] = [
    file('topics.yaml'),
    file('severity.yaml'),
    file('places.yaml'),
    file('dictionary.txt'),
  ]
  const lexicon = readLexicon()
  const models = joinGates(options.gates ?? loadGates(lexicon))
  const findPlaces = placeFinder(readPlaces(placesText))
  const scan = compileScan(lexicon, rules, options.feedback)
  const version = createHash('sha256')
    .update(
      [
        CODE_VERSION,
        JSON.stringify([rules, options.feedback ?? []]),
        topicsText,
        severityText,
        placesText,
        dictionary,
        modelsHash(),
      ].join('\0'),
    )
    .digest('hex')
    .slice(0, 12)
  let segmenter: Segmenter | undefined
  const cut = (text: string): string[] => {
    segmenter ??= createSegmenter(resolve(options.configDir, 'dictionary.txt'))
    return segmenter.cut(text)
  }
  const judgeText = textJudge({
    lexicon,
    scan,
    findPlaces,
    models,
    explain: createExplainer(lexicon),
    topics: readTopics(topicsText, lexicon),
    findGrounds: groundFinder(severityText),
    cut,
  })
  const analyse = (text: Text, flags: AnalyseFlags = {}): Analysis =>
    analyseAll([{ text, ...flags }])[0] as Analysis

  /** Stage by stage, not text by text: the tables of a stage are large, and would make room for the next one's each time. */
  function analyseAll(asked: readonly Asked[]): Analysis[] {
    const tagger = placeTagger()
    return chunksOf(asked, TOGETHER).flatMap(chunk => {
      const texts = chunk.map(({ text }): Written => {
        const joined = joinTitle(text)
        return { joined, cleaned: cleanText(joined.original) }
      })
      const tagged = texts.map(({ cleaned, joined }) => tagger.tag(cleaned.text, joined.original))
      const feelings = texts.map(({ cleaned }) => readSentiment(cleaned.text))
      const judged = chunk.map((each, at) =>
        judgeText(each, texts[at] as Written, {
          tagged: tagged[at] as Stretch[],
          feeling: feelings[at] as Feeling | null,
        }),
      )
      return judged.map(({ analysis, inWords }) => (analysis.flagged ? inWords() : analysis))
    })
  }

  return { version, analyse, analyseAll, liken: createLikeness({ configDir: options.configDir }) }
}
