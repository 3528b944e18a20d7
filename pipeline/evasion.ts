/**
 * Words written so that a filter does not see them, read as they are meant: 爆*炸, 爆 炸, 炸.药, bao炸, 火乍,
 * 💥, 着着着火. Offsets still lead to the original, so what staff see highlighted is what the author typed.
 */
import { compileWords, hitBuffer } from './automaton.ts'
import type { Cleaned } from './clean.ts'

/** Word and its syllables; each may stand in letters: bao炸, 爆zha, baozha. */
const SPELLED =
  '爆炸 bao zha|着火 zhao huo|着火 zhe huo|起火 qi huo|失火 shi huo|大火 da huo|火灾 huo zai|泄漏 xie lou|泄露 xie lou|毒气 du qi|中毒 zhong du|坍塌 tan ta|倒塌 dao ta|垮塌 kua ta|塌方 ta fang|事故 shi gu|瞒报 man bao|死亡 si wang|死人 si ren|伤亡 shang wang|遇难 yu nan|溺水 ni shui|烟花 yan hua|鞭炮 bian pao|燃气 ran qi|煤气 mei qi|化工 hua gong|隐患 yin huan|消防 xiao fang|危房 wei fang|触电 chu dian|漏电 lou dian|积水 ji shui|洪水 hong shui|滑坡 hua po|坠楼 zhui lou|坠落 zhui luo|救命 jiu ming|救援 jiu yuan'

/** Other spellings of one character or word: sound-alikes, split characters, pictures. */
const DRAWN: readonly [string, string][] = [
  ['暴炸', '爆炸'],
  ['爆诈', '爆炸'],
  ['爆乍', '爆炸'],
  ['曝炸', '爆炸'],
  ['火乍', '炸'],
  ['火暴', '爆'],
  ['失伙', '失火'],
  ['起伙了', '起火了'],
  ['着伙', '着火'],
  ['火宅', '火灾'],
  ['死王', '死亡'],
  ['💥', '爆炸'],
  ['🔥', '火'],
]

interface Alias {
  written: string
  /** Length of each piece of `written` and what it stands for. */
  pieces: { length: number; meant: string }[]
}

function aliases(): Alias[] {
  const list: Alias[] = DRAWN.map(([written, meant]) =>
    written.length === meant.length && written.length === [...written].length
      ? { written, pieces: [...meant].map(char => ({ length: char.length, meant: char })) }
      : { written, pieces: [{ length: written.length, meant }] },
  )
  for (const entry of SPELLED.split('|')) {
    const [word, ...syllables] = entry.split(' ') as [string, string, string]
    const spell = (which: (at: number) => boolean) => {
      const parts = [...word].map((char, at) => (which(at) ? (syllables[at] as string) : char))
      return {
        written: parts.join(''),
        pieces: parts.map((part, at) => ({ length: part.length, meant: word[at] as string })),
      }
    }
    list.push(
      spell(at => at === 0),
      spell(at => at === 1),
    )
    // Two short syllables are also other words: sire, huoda.
    if (syllables.join('').length > 5) list.push(spell(() => true))
  }
  return list
}

const ALIASES = aliases()
const automaton = compileWords(ALIASES.map(({ written }) => written))
const hits = hitBuffer()

const [HAN, GAP, LETTER] = [1, 2, 3]
const kinds = new Uint8Array(65_536)
for (let code = 0x3400; code <= 0x9fff; code++) kinds[code] = HAN
for (let code = 0x61; code <= 0x7a; code++) kinds[code] = LETTER
for (const char of '*_~^`|·•‧∙・.☆★◆◇○●□■△▲※/\\+=#@-—–￥$&% \t\u3000') kinds[char.charCodeAt(0)] = GAP
const startsAlias = new Uint8Array(65_536)
/** First two units of each alias: their first characters alone are in every other text. */
const beginnings = new Set<number>()
const beginning = (text: string, at: number): number => (text.charCodeAt(at) << 16) | text.charCodeAt(at + 1)
for (const { written } of ALIASES) {
  startsAlias[written.charCodeAt(0)] = 1
  beginnings.add(beginning(written, 0))
}

const MOST_GAP = 2

/** How many units from `at` on are decoration between two Chinese characters; 0 = none. */
function gapAt(text: string, at: number): number {
  if (at === 0 || kinds[text.charCodeAt(at - 1)] !== HAN) return 0
  let end = at
  while (end < text.length && kinds[text.charCodeAt(end)] === GAP) end++
  return end - at <= MOST_GAP && end < text.length && kinds[text.charCodeAt(end)] === HAN ? end - at : 0
}

/** How many units from `at` on only repeat the two before: 着着着火 is 着火, 天天 stays. */
function repeatsAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (text.charCodeAt(at + 1) !== code || text.charCodeAt(at + 2) !== code || kinds[code] !== HAN) return 0
  let end = at + 3
  while (text.charCodeAt(end) === code) end++
  return end - at - 1
}

const [GAPS, SPELLINGS] = [1, 2]

/** Which readings a text may need: most need none, and one look tells. */
function needs(text: string): number {
  let [found, mayStart, starts] = [0, 0, 0]
  let [before, last] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (startsAlias[code]) {
      mayStart = SPELLINGS
      if (!starts && beginnings.has(beginning(text, at))) starts = SPELLINGS
    }
    if (code === last ? code === before && kinds[code] === HAN : kinds[code] === GAP && gapAt(text, at))
      found |= GAPS
    before = last
    last = code
  }
  // Without its gaps a text may begin what it does not begin with them.
  return found | (found & GAPS ? mayStart : starts)
}

/** The text without decoration, stretched characters and spelled-out words; the same object where there are none. */
export function unmask(cleaned: Cleaned): Cleaned {
  const found = needs(cleaned.text)
  const plain = found & GAPS ? withoutGaps(cleaned) : cleaned
  return found & SPELLINGS ? withoutAliases(plain) : plain
}

function withoutGaps({ text, offsets }: Cleaned): Cleaned {
  const starts = new Uint32Array(offsets.length)
  let [plain, size, from] = ['', 0, 0]
  const keepTo = (end: number) => {
    plain += text.slice(from, end)
    starts.set(offsets.subarray(from, end), size)
    size += end - from
  }
  for (let at = 0; at < text.length; at++) {
    const left = gapAt(text, at) || repeatsAt(text, at)
    if (!left) continue
    keepTo(at)
    at += left
    from = at
  }
  keepTo(text.length)
  starts[size] = offsets[text.length] as number
  return { text: plain, offsets: starts.subarray(0, size + 1) }
}

/** A picture is a word only inside a sentence (厂里💥了); before one, or in a row, it is decoration. */
const isDecoration = (text: string, start: number, alias: Alias): boolean =>
  (alias.written.codePointAt(0) as number) > 0xffff && kinds[text.charCodeAt(start - 1)] !== HAN

const isLetter = (text: string, at: number): boolean => kinds[text.charCodeAt(at)] === LETTER

function withoutAliases({ text, offsets }: Cleaned): Cleaned {
  automaton.scan(text, hits)
  const found: { start: number; end: number; alias: Alias }[] = []
  for (let i = 0; i < hits.count; i++) {
    const alias = ALIASES[hits.word[i] as number] as Alias
    const end = hits.end[i] as number
    const start = end - alias.written.length
    // Letters that run on are a word of another language.
    if (isLetter(text, start) && isLetter(text, start - 1)) continue
    if (isLetter(text, end - 1) && isLetter(text, end)) continue
    if (isDecoration(text, start, alias)) continue
    const before = found.at(-1)
    if (!before || before.end <= start) found.push({ start, end, alias })
  }
  if (!found.length) return { text, offsets }
  let plain = ''
  const starts: number[] = []
  let at = 0
  const keepTo = (end: number) => {
    for (; at < end; at++) {
      plain += text[at]
      starts.push(offsets[at] as number)
    }
  }
  for (const { start, end, alias } of found) {
    keepTo(start)
    for (const { length, meant } of alias.pieces) {
      plain += meant
      for (let i = 0; i < meant.length; i++) starts.push(offsets[at] as number)
      at += length
    }
    at = end
  }
  keepTo(text.length)
  return { text: plain, offsets: Uint32Array.from([...starts, offsets[text.length] as number]) }
}
