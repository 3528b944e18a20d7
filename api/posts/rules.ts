import { createHash } from 'node:crypto'
import type { Counts, Precision, RawPost } from '../../pipeline/post.ts'

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

/** Every place where a word of the query stands, case-insensitive; words apart by spaces. */
export function markWords(query: string, title: string | null, excerpt: string): Mark[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const find = (field: Mark['field'], text: string): Mark[] => {
    const lower = text.toLowerCase()
    // Lower case may change lengths (İ): offsets would be wrong, so nothing is marked.
    if (lower.length !== text.length) return []
    return words.flatMap(word => {
      const found: Mark[] = []
      for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length))
        found.push({ field, start: at, end: at + word.length })
      return found
    })
  }
  return [...find('title', title ?? ''), ...find('excerpt', excerpt)].sort((a, b) => a.start - b.start)
}
