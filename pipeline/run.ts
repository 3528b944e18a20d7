import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Cleaned, cleanText } from './clean.ts'
import { unmask } from './evasion.ts'
import { createExplainer } from './explain.ts'
import type { FeedbackWeight } from './feedback.ts'
import { fingerprintOf } from './fingerprint.ts'
import { type Gates, gateOf, joinGates, loadGates, scoresOf } from './gates.ts'
import { readLexicon } from './lexicon.ts'
import { createLikeness } from './likeness.ts'
import { modelsHash } from './models.ts'
import { placeTagger, type Stretch } from './place-tagger.ts'
import { joinPlaces, placeFinder, readPlaces, settleShared } from './places.ts'
import type {
  AnalyseFlags,
  Analysis,
  Asked,
  EventClass,
  IsoInstant,
  Pipeline,
  PlaceMention,
  Reason,
  Sentiment,
  SeverityGround,
  Text,
} from './post.ts'
import {
  dangerReasons,
  dangersIn,
  feedbackReason,
  figureReasons,
  figuresOf,
  modelReasons,
  ruleReason,
  type Say,
  sayer,
  severityReason,
  spanOf,
} from './reasons.ts'
import type { Rule } from './rules.ts'
import { readRules } from './rules-file.ts'
import { compileScan, type Joined, joinTitle, type Seen, titleEndOf } from './scan.ts'
import { judge } from './score.ts'
import { createSegmenter, type Segmenter } from './segment.ts'
import { type Feeling, isTelling, readSentiment, soberly } from './sentiment.ts'
import { groundFinder, severityOf } from './severity.ts'
import { eventsOf, readTopics } from './topics.ts'
import { wordsBySentence } from './whole-words.ts'

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

const SHANGHAI_MS = 8 * 3_600_000
const shanghaiDay = (instant: IsoInstant): string =>
  new Date(Date.parse(instant) + SHANGHAI_MS).toISOString().slice(0, 10)

/** Asks, advises or wants to know, and tells of no incident. */
const ADVICE = /建议|咨询|请问|能否|何时|什么时候|呼吁|希望/

/** A text as it was written and as it is read. */
interface Written {
  joined: Joined
  cleaned: Cleaned
}

interface Judged {
  analysis: Analysis
  /** The same with whole words where the models rest on pieces, which costs a cut: for what people look at. */
  inWords: () => Analysis
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
  const explain = createExplainer(lexicon)
  const figures = figuresOf(lexicon)
  const topics = readTopics(topicsText, lexicon)
  const findGrounds = groundFinder(severityText)
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

  function judgeText(
    { text, ...flags }: Asked,
    { joined, cleaned }: Written,
    { tagged, feeling }: { tagged: readonly Stretch[]; feeling: Feeling | null },
  ): Judged {
    const read = unmask(cleaned)
    const day = text.publishedAt ? shanghaiDay(text.publishedAt) : null
    const seen = scan(read, titleEndOf(read, joined.textAt), { source: text.source, day })
    const found = joinPlaces(
      cleaned.text,
      settleShared(findPlaces(cleaned.text), text.source != null),
      tagged,
      placeTagger().isElsewhere,
    )
    const places = found.map(
      ({ start, end, place }): PlaceMention => ({ ...spanOf(cleaned, start, end, joined), ...place }),
    )
    const say = sayer(read, joined)
    const scores = scoresOf(models, seen.vector)
    const gates = {
      topic: gateOf(scores.gates.topic, scores.topic),
      action: gateOf(scores.gates.action, scores.action),
    }
    const feedback = {
      topic: seen.feedback.points,
      reasons: seen.feedback.hits.map(hit => feedbackReason(hit.word, hit.points, say([hit]))),
    }
    const events = eventsOf(lexicon, seen.observation, seen.patterns, seen.titleEnd)
    const dangers = dangersIn(lexicon, seen)
    const byModel = new Map<Reason, (say: Say) => Reason>()
    const verdict = judge(
      {
        model: gates,
        explain: () => {
          for (const tell of modelReasons(explain, gates, scores.parts, lexicon, seen))
            byModel.set(tell(say), tell)
          return [...byModel.keys(), ...dangerReasons(dangers, say)]
        },
        rules: seen.rules.map(match => ({ match, reason: ruleReason(match, say(match.ranges)) })),
        tellsDanger: dangers.length > 0,
        feedback,
        events,
        places,
      },
      topics,
      { anywhere: flags.anywhere ?? false, local: text.source != null },
    )
    const severity = verdict.eventClass ? severityFor(read.text, seen, verdict.eventClass, day) : null
    const grounds = (severity?.grounds ?? []).map(
      ({ ranges, ...ground }): SeverityGround => ({ ...ground, spans: say(ranges) }),
    )
    const sayFeeling = sayer(cleaned, joined)
    const felt = verdict.flagged && feeling ? soberly(feeling) : feeling
    const analysis: Analysis = {
      ...verdict,
      reasons: [
        ...verdict.reasons,
        ...figureReasons(figures, seen, verdict.gates.topic, say),
        ...grounds.map(severityReason),
      ],
      severityHint: severity?.hint ?? null,
      severityGrounds: grounds,
      sentiment: sentimentOf(felt, sayFeeling),
      places,
      fingerprint: fingerprintOf(cleaned.text),
      ...(flags.tokens && { tokens: cut(text.text) }),
    }
    const inWords = (): Analysis => {
      // As read and as cleaned a text is mostly the same: sentences of both are cut but once.
      const wordsOf = wordsBySentence(cut)
      const sayWords: Say = ranges => say(ranges.map(wordsOf(read.text)))
      return {
        ...analysis,
        reasons: analysis.reasons.map(reason => byModel.get(reason)?.(sayWords) ?? reason),
        sentiment: sentimentOf(felt, ranges =>
          sayFeeling(ranges.map(wordsOf(cleaned.text))).filter(({ text: words }) => isTelling(words)),
        ),
      }
    }
    return { analysis, inWords }
  }

  function severityFor(
    readText: string,
    { rules: matches, titleEnd }: Seen,
    event: EventClass,
    day: string | null,
  ) {
    const grounds = findGrounds(readText, day)
    const byRule = Math.max(
      0,
      ...matches.map(({ rule }) => ((rule.topicPoints ?? 0) > 0 ? (rule.severity ?? 0) : 0)),
    )
    const usual = (byRule || (topics[event] ?? topics.other).severity) as 1 | 2 | 3
    const isAdvice = !byRule && ADVICE.test(readText.slice(0, titleEnd || 40))
    return { grounds, hint: severityOf(grounds, event, usual, isAdvice) }
  }

  return { version, analyse, analyseAll, liken: createLikeness({ configDir: options.configDir }) }
}

const sentimentOf = (feeling: Feeling | null, say: Say): Sentiment | null =>
  feeling && { label: feeling.label, score: feeling.score, phrases: say(feeling.phrases) }
