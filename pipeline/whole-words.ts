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

/** Between these the segmenter looks for words: what stands on one side changes nothing on the other. */
const PARTS = ' \t\n，。'

/** The same of any text, of which only the sentences that are asked for are cut, and each but once. */
export function wordsBySentence(cut: (text: string) => string[]): (text: string) => (range: Range) => Range {
  const known = new Map<string, ReturnType<typeof wholeWords>>()
  const wordsOf = (sentence: string) => {
    const words = known.get(sentence) ?? wholeWords(cut(sentence))
    known.set(sentence, words)
    return words
  }
  return text =>
    ({ start, end }) => {
      let [from, to] = [start, end]
      while (from > 0 && !PARTS.includes(text[from - 1] as string)) from--
      while (to < text.length && !PARTS.includes(text[to] as string)) to++
      const whole = wordsOf(text.slice(from, to))({ start: start - from, end: end - from })
      return { start: from + whole.start, end: from + whole.end }
    }
}
