import { createHash } from 'node:crypto'
import type { Analysis, Counts, PostKind, Precision, RawPost } from '../../pipeline/post.ts'
import { foldText, searchRuns } from '../adapters/bigrams.ts'

/** PostgreSQL refuses NUL in text, and nobody misses it. */
export const withoutNul = (text: string): string => text.replaceAll('\0', '')

/** A new hash makes a new revision: title, text and quote, nothing that only counts. */
export function textHash(post: Pick<RawPost, 'title' | 'text' | 'quote'>): string {
  const parts = JSON.stringify([post.title ?? null, post.text, post.quote ?? null])
  return createHash('sha256').update(withoutNul(parts)).digest('hex')
}

const FINENESS = ['year', 'month', 'day', 'hour', 'minute', 'second']
/** 半小时前 read again is 2 小时前: the finer word stays. */
export const isFiner = (candidate: Precision, than: Precision): boolean =>
  FINENESS.indexOf(candidate ?? '') > FINENESS.indexOf(than ?? '')

const SPAN_MS: Partial<Record<Precision & string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  month: 31 * 86_400_000,
  year: 366 * 86_400_000,
}

/** Published before we looked, for sure: its whole stated minute, hour or day lies before `watchedSince`. */
export function isBackfilled(
  { publishedAt, publishedPrecision }: Pick<RawPost, 'publishedAt' | 'publishedPrecision'>,
  watchedSince: number,
): boolean {
  if (publishedAt === null) return false
  return Date.parse(publishedAt) + (SPAN_MS[publishedPrecision ?? 'second'] ?? 0) < watchedSince
}

/** Numbers that the page shows win; what it does not show keeps its last value. */
export function mergeCounts(old: Counts, seen: Counts): { counts: Counts; moved: boolean } {
  const counts: Counts = {
    views: seen.views ?? old.views,
    replies: seen.replies ?? old.replies,
    reposts: seen.reposts ?? old.reposts,
    likes: seen.likes ?? old.likes,
  }
  const moved = (Object.keys(counts) as (keyof Counts)[]).some(name => counts[name] !== old[name])
  return { counts, moved }
}

export const EXCERPT_LENGTH = 200

export interface Mark {
  field: 'title' | 'excerpt'
  start: number
  end: number
}

interface Folded {
  text: string
  /** Per unit of `text`, where its character starts and ends in the original. */
  from: number[]
  to: number[]
}

/** Folded as the search index folds it, character with its marks at a time, so that offsets lead back. */
function folded(original: string): Folded {
  const result: Folded = { text: '', from: [], to: [] }
  for (const { 0: character, index } of original.matchAll(/\P{M}\p{M}*|\p{M}+/gsu)) {
    const folds = foldText(character)
    for (let i = 0; i < folds.length; i++) {
      result.from.push(index)
      result.to.push(index + character.length)
    }
    result.text += folds
  }
  return result
}

/** Every place where a part of the query stands, found as the search index finds it (width, case, signs apart). */
export function markWords(query: string, title: string | null, excerpt: string): Mark[] {
  const words = [...new Set(searchRuns(query).map(run => run.join('')))]
  const find = (field: Mark['field'], original: string): Mark[] => {
    const { text, from, to } = folded(original)
    return words.flatMap(word => {
      const found: Mark[] = []
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length))
        found.push({ field, start: from[at] as number, end: to[at + word.length - 1] as number })
      return found
    })
  }
  return [...find('title', title ?? ''), ...find('excerpt', excerpt)].sort(
    (a, b) => b.field.localeCompare(a.field) || a.start - b.start,
  )
}

const HOUR_MS = 3_600_000

/** What one post counts as; all but `posts` are about flagged posts, and '' where there is nothing to say. */
export interface Fact {
  /** Epoch ms. */
  hour: number
  topic: string
  mood: string
  district: string
  concern: string
  flagged: boolean
}

/** `at`: publication, or first sight where the page shows no time. A post counts for the first district it names. */
export function factOf(at: number, analysis: Analysis): Fact {
  const { flagged } = analysis
  return {
    hour: Math.floor(at / HOUR_MS) * HOUR_MS,
    topic: flagged ? (analysis.topics[0] ?? '') : '',
    mood: flagged ? (analysis.sentiment?.label ?? '') : '',
    district: flagged ? (analysis.places.find(({ district }) => district !== null)?.district ?? '') : '',
    concern: flagged ? (analysis.concern ?? '') : '',
    flagged,
  }
}

const GATE = 0.5
/** Posts about our matters are looked at for copies and events, flagged or not; all the others are not. */
export const concernsUs = ({ flagged, gates, local }: Analysis): boolean =>
  flagged || (gates.topic >= GATE && local)

/** 我家也是、我也闻到了: what a reply so short means is what its thread is about. */
const SHORT_REPLY = 40
interface Reply {
  kind?: PostKind | null
  text: string
  sourceId: string
  parentKey: string | null
}
export const isShortReply = ({ kind, text, parentKey }: Reply): boolean =>
  kind === 'reply' && parentKey !== null && text.length < SHORT_REPLY

/** The same short words in another thread are another text, and no copy. */
export const fingerprintIn = (reply: Reply, fingerprint: string): string =>
  isShortReply(reply)
    ? createHash('sha256')
        .update(JSON.stringify([reply.sourceId, reply.parentKey, fingerprint]))
        .digest('hex')
    : fingerprint

const AGREES = /也|一样|同样|同感|确实|没错|\+1/
/**
 * A short reply that agrees with its thread and says nothing of its own: no danger by its name, nobody harmed, no place.
 * It is shown with the flagged first floor; whatever says more stands for itself.
 */
export const isEcho = (
  reply: Reply,
  { eventClass, severityGrounds, places }: Pick<Analysis, 'eventClass' | 'severityGrounds' | 'places'>,
): boolean =>
  isShortReply(reply) &&
  AGREES.test(reply.text) &&
  (eventClass === null || eventClass === 'other') &&
  severityGrounds.length === 0 &&
  !places.some(({ inChangzhou }) => inChangzhou)

/** A copy of something put before staff within this time is shown with it; later it is shown again. */
export const FOLD_MS = 30 * 24 * HOUR_MS
