import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Cleaned, cleanText, originalRange } from './clean.ts'
import { unmask } from './evasion.ts'
import { createLikeness } from './likeness.ts'
import { modelsHash } from './models.ts'
import { placeTagger } from './place-tagger.ts'
import { joinPlaces, placeFinder, readPlaces } from './places.ts'
import type { Analysis, Pipeline, PlaceMention, Reason, Sentiment, Span, Text } from './post.ts'
import { compileRules, type Rule, type RuleMatch, readRules } from './rules.ts'
import { judge } from './score.ts'
import { createSegmenter, type Segmenter } from './segment.ts'
import { readSentiment } from './sentiment.ts'

/** Raised whenever the code would answer otherwise with the same rules. */
const CODE_VERSION = '2'

export interface PipelineOptions {
  /** Folder of rules.yaml, places.yaml, dictionary.txt. */
  configDir: string
  /** Rules as they are live in the database; default those of rules.yaml. */
  rules?: readonly Rule[]
}

interface Joined {
  original: string
  /** Where the text begins in `original`. */
  textAt: number
}

const join = ({ title, text }: Text): Joined => {
  const head = title ? `${title}\n` : ''
  return { original: head + text, textAt: head.length }
}

/** The same post with the same files gives the same answer; every flag says why (design §4). */
export function createPipeline({ configDir, rules: given }: PipelineOptions): Pipeline {
  const file = (name: string) => readFileSync(resolve(configDir, name), 'utf8')
  const rules = given ?? readRules(file('rules.yaml'))
  const [placesText, dictionary] = [file('places.yaml'), file('dictionary.txt')]
  const match = compileRules(rules, word => cleanText(word).text)
  const findPlaces = placeFinder(readPlaces(placesText))
  const version = createHash('sha256')
    .update([CODE_VERSION, JSON.stringify(rules), placesText, dictionary, modelsHash()].join('\0'))
    .digest('hex')
    .slice(0, 12)
  let segmenter: Segmenter | undefined

  function analyse(text: Text, options: { anywhere?: boolean; tokens?: boolean } = {}): Analysis {
    const joined = join(text)
    const cleaned = cleanText(joined.original)
    const read = unmask(cleaned)
    const titleEnd = read.offsets.findIndex(offset => offset >= joined.textAt)
    const context = { source: text.source, day: text.publishedAt?.slice(0, 10) ?? null }
    const matches = matchesOf(read, titleEnd, context, joined)
    const tagger = placeTagger()
    const found = joinPlaces(
      cleaned.text,
      findPlaces(cleaned.text),
      tagger.tag(cleaned.text, joined.original),
      tagger.isElsewhere,
    )
    const places = found.map(
      ({ start, end, place }): PlaceMention => ({ ...spanOf(cleaned, start, end, joined), ...place }),
    )
    const verdict = judge(matches, places, {
      anywhere: options.anywhere ?? false,
      local: text.source != null,
    })
    segmenter ??= options.tokens ? createSegmenter(resolve(configDir, 'dictionary.txt')) : undefined
    return {
      ...verdict,
      sentiment: sentimentOf(cleaned, joined),
      places,
      fingerprint: createHash('sha256')
        .update(cleaned.text.replace(/[\s\p{P}\p{S}]+/gu, ''))
        .digest('hex'),
      ...(options.tokens && segmenter && { tokens: segmenter.cut(text.text) }),
    }
  }

  function matchesOf(
    read: Cleaned,
    titleEnd: number,
    context: Parameters<typeof match>[2],
    joined: Joined,
  ): { match: RuleMatch; reason: Omit<Reason, 'points'> }[] {
    return match(read.text, titleEnd, context).map(each => {
      const spans = uniqueSpans(each.ranges.map(({ start, end }) => spanOf(read, start, end, joined)))
      const words = [...new Set(spans.map(span => span.text))].slice(0, 4).join('、')
      const message = `规则「${each.rule.name}」：${words}${each.note}`
      return { match: each, reason: { kind: 'rule', rule: each.rule.id, message, spans } }
    })
  }

  return { version, analyse, liken: createLikeness({ configDir }) }
}

function sentimentOf(cleaned: Cleaned, joined: Joined): Sentiment | null {
  const found = readSentiment(cleaned.text)
  return (
    found && {
      label: found.label,
      score: found.score,
      phrases: found.phrases.map(({ start, end }) => spanOf(cleaned, start, end, joined)),
    }
  )
}

function spanOf(cleaned: Cleaned, from: number, to: number, { original, textAt }: Joined): Span {
  const { start, end } = originalRange(cleaned, from, to)
  const inTitle = start < textAt
  const shift = inTitle ? 0 : textAt
  return {
    field: inTitle ? 'title' : 'text',
    start: start - shift,
    end: end - shift,
    text: original.slice(start, end),
  }
}

function uniqueSpans(spans: Span[]): Span[] {
  const seen = new Set<string>()
  return spans
    .filter(({ field, start, end }) => {
      const key = `${field} ${start} ${end}`
      return !seen.has(key) && Boolean(seen.add(key))
    })
    .sort((a, b) => a.field.localeCompare(b.field) * -1 || a.start - b.start)
}
