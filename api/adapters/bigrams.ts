/**
 * Search terms (design §4): a run of Chinese characters becomes its overlapping pairs and its last character
 * (化工园 -> 化工 工园 园), a run of letters or digits one term per suffix-free word; a query is the phrase of its
 * pairs, so every substring is found exactly, in every engine, whatever the dictionary says.
 */

/** Same folding for texts and queries: width and case. Length may change: offsets are not kept here. */
export const foldText = (text: string): string => text.normalize('NFKC').toLowerCase()

const isWord = (char: string): boolean => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(char)

/** Runs of characters that can be searched; all else parts them. */
export function searchRuns(text: string): string[][] {
  const runs: string[][] = []
  let run: string[] = []
  for (const char of foldText(text)) {
    if (isWord(char)) run.push(char)
    else if (run.length) {
      runs.push(run)
      run = []
    }
  }
  if (run.length) runs.push(run)
  return runs
}

const pairs = (run: string[]): string[] => run.slice(0, -1).map((char, at) => char + run[at + 1])

/** Terms of a stored text joined by spaces; `|` keeps a phrase from reaching over a gap. */
export function indexTerms(text: string): string {
  return searchRuns(text)
    .map(run => [...pairs(run), run.at(-1)].join(' '))
    .join(' | ')
}

/** One part of a query that must occur as one phrase; `prefix`: a single character, the start of a term. */
export interface Phrase {
  terms: string[]
  prefix: boolean
}

/** Every word of the query, parts of a word that signs tear apart as phrases of their own. */
export function queryPhrases(query: string): Phrase[] {
  return searchRuns(query).map(run =>
    run.length === 1 ? { terms: [run[0] as string], prefix: true } : { terms: pairs(run), prefix: false },
  )
}

/** A topic is also found by the broader ones above it: 安全生产/火灾 -> 安全生产, 安全生产/火灾. */
export const topicsAbove = (topic: string): string[] =>
  topic.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/'))
