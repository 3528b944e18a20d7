/** One text through the gates: what was found in it, what follows, and why. */
import type { Cleaned } from './clean.ts'
import { unmask } from './evasion.ts'
import type { Explain } from './explain.ts'
import { fingerprintOf } from './fingerprint.ts'
import { gateOf, type JoinedGates, scoresOf } from './gates.ts'
import type { Lexicon } from './lexicon.ts'
import { placeTagger, type Stretch } from './place-tagger.ts'
import { joinPlaces, type placeFinder, settleShared } from './places.ts'
import type {
  Analysis,
  Asked,
  EventClass,
  IsoInstant,
  PlaceMention,
  Reason,
  Sentiment,
  SeverityGround,
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
import { type Joined, type Scan, type Seen, titleEndOf } from './scan.ts'
import { judge } from './score.ts'
import { type Feeling, isTelling, soberly } from './sentiment.ts'
import { type FindGrounds, severityOf } from './severity.ts'
import { eventsOf, type Topics } from './topics.ts'
import { wordsBySentence } from './whole-words.ts'

const SHANGHAI_MS = 8 * 3_600_000
const shanghaiDay = (instant: IsoInstant): string =>
  new Date(Date.parse(instant) + SHANGHAI_MS).toISOString().slice(0, 10)

/** Asks, advises or wants to know, and tells of no incident. */
const ADVICE = /建议|咨询|请问|能否|何时|什么时候|呼吁|希望/

/** A text as it was written and as it is read. */
export interface Written {
  joined: Joined
  cleaned: Cleaned
}

export interface Judged {
  analysis: Analysis
  /** The same with whole words where the models rest on pieces, which costs a cut: for what people look at. */
  inWords: () => Analysis
}

/** What reads and weighs; built once a pipeline. */
export interface JudgeTools {
  lexicon: Lexicon
  scan: Scan
  findPlaces: ReturnType<typeof placeFinder>
  models: JoinedGates
  explain: Explain
  topics: Topics
  findGrounds: FindGrounds
  /** Words of a sentence. */
  cut: (text: string) => string[]
}

export type JudgeText = (
  asked: Asked,
  written: Written,
  found: { tagged: readonly Stretch[]; feeling: Feeling | null },
) => Judged

export function textJudge(tools: JudgeTools): JudgeText {
  const { lexicon, scan, findPlaces, models, explain, topics, findGrounds, cut } = tools
  const figures = figuresOf(lexicon)

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

  return ({ text, ...flags }, { joined, cleaned }, { tagged, feeling }) => {
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
}

const sentimentOf = (feeling: Feeling | null, say: Say): Sentiment | null =>
  feeling && { label: feeling.label, score: feeling.score, phrases: say(feeling.phrases) }
