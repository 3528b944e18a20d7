/**
 * Models weigh pieces of text that may begin and end inside words (旁[边就]); people are shown whole ones (旁边).
 */
interface Range {
  start: number
  end: number
}

/** They turn or strengthen the word beside them. */
const MODIFIERS = '不没无未别太很真最更全'

/** `words` cover the text without a gap, as the segmenter cuts it. Answers the words that a range is mostly made of. */
export function wholeWords(words: readonly string[]): (range: Range) => Range {
  const starts = new Int32Array(words.length + 1)
  words.forEach((word, at) => {
    starts[at + 1] = (starts[at] as number) + word.length
  })
  const startOf = (at: number) => starts[at] as number
  const lengthOf = (at: number) => startOf(at + 1) - startOf(at)
  const isModifier = (at: number) => MODIFIERS.includes(words[at] as string)

  return range => {
    let first = 0
    while (startOf(first + 1) <= range.start) first++
    let last = first
    while (startOf(last + 1) < range.end) last++
    // A word of which less than half was meant was not meant.
    if (first < last && (startOf(first + 1) - range.start) * 2 < lengthOf(first)) first++
    if (first < last && (range.end - startOf(last)) * 2 < lengthOf(last)) last--
    const isLoose = (at: number) => lengthOf(at) === 1 && !isModifier(at)
    let [from, to] = [first, last]
    while (from < to && isLoose(from)) from++
    while (to > from && isLoose(to)) to--
    // 漏了 has no longer word in it: it stays as it is.
    if (from === to && lengthOf(from) === 1) [from, to] = [first, last]
    return { start: startOf(from), end: startOf(to + 1) }
  }
}
