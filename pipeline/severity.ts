import { parse } from 'yaml'
import { NUMBER, readNumber } from './numbers.ts'
import type { EventClass, SeverityGround, SeverityHint, SeveritySign } from './post.ts'

/** A ground with ranges of the text that was read, before they are led back to the original. */
export type FoundGround = Omit<SeverityGround, 'spans'> & { ranges: { start: number; end: number }[] }

interface Settings {
  sensitiveDates: { name: string; from: string; to: string }[]
  centralMedia: string[]
  media: string[]
  gathering: string[]
  departments: string[]
}

/** Said of what might be, or of what did not happen. */
const UNREAL =
  /(?:无|没有|未|未造成|尚无|没|不会|幸未|如果|假如|万一|一旦|要是|难道|别等|等到|防止|避免|预防|怕|担心|可能|容易|会|要|险些|差点|以免)[^,。!?\n]{0,5}$/
/** A `matchAll` costs more than a look whether there is any match: most texts have none. */
interface Search {
  all: RegExp
  any: RegExp
}
const search = (source: string): Search => ({ all: new RegExp(source, 'dg'), any: new RegExp(source) })
const matchesOf = (text: string, { all, any }: Search): RegExpMatchArray[] =>
  any.test(text) ? [...text.matchAll(all)] : []

const placeOf = (found: RegExpMatchArray): [start: number, end: number] => found.indices?.[0] ?? [0, 0]
const MEASURE = '(?:名|个|位|条|口|人)?'
const WHO = '(?:[^\\d,。!?;\\n]{0,6}?)'

interface Counter {
  sign: SeveritySign
  label: string
  /** One of these is in whatever any of the patterns finds. */
  words: RegExp
  /** Group `n` is the number. */
  patterns: Search[]
  /** Words that say it without a number. */
  bare: Search | null
}

const counter = (
  sign: SeveritySign,
  label: string,
  words: string,
  bare: string | null,
  extra: readonly { word: string; pattern: string }[] = [],
): Counter => ({
  sign,
  label,
  words: new RegExp([words, ...extra.map(({ word }) => word)].join('|')),
  patterns: [
    `(?<n>${NUMBER})${MEASURE}${WHO}(?:${words})`,
    `(?:${words})(?:人数|者)?(?:已|升至|达到?|至|增至|为|约|近|超过|上升到)*(?<n>${NUMBER})(?:名|个|位|人|口)`,
    ...extra.map(({ pattern }) => pattern),
  ].map(search),
  bare: bare ? search(bare) : null,
})

const COUNTERS: readonly Counter[] = [
  counter(
    'deaths',
    '人员死亡',
    '死亡|身亡|遇难|丧生|罹难|溺亡|坠亡|死于|被?(?:烧|砸|压|撞|电|淹|毒|熏|憋)死|抢救无效',
    '(?:抢救无效|当场死亡|身亡|坠亡|溺亡|遇难|被?(?:烧|砸|压|撞|电|淹|毒|熏|憋)死|不幸去世|人没了)(?!赔|补|抚)',
    [{ word: '死', pattern: `(?<n>${NUMBER})(?:人)?死(?!者|角|板|胡|路|循|机|因|活)` }],
  ),
  counter(
    'missing',
    '人员失联',
    '失踪|失联|下落不明|联系不上',
    '(?:下落不明|失联|失踪|联系不上(?:他|她|人|家))',
  ),
  counter(
    'injured',
    '人员受伤',
    '受伤|重伤|轻伤|烧伤|烫伤|炸伤|砸伤|摔伤|撞伤|压伤|中毒|昏迷|送医|骨折|住院',
    '(?:重伤|烧伤|烫伤|砸伤|压断|砸断|截肢|断指|断腿|骨折|昏迷不醒|食物中毒|送医|住进?icu)',
    [{ word: '伤', pattern: `(?<n>${NUMBER})(?:人)?伤(?!心|害|感|残鉴)` }],
  ),
  counter(
    'trapped',
    '人员被困',
    '被困|被埋|被围|滞留|困在|掩埋',
    '(?:被困|被埋|困在(?:里面|楼上|车里|家里|电梯|水里)|关在(?:里面|电梯))',
  ),
  counter('evacuated', '人员疏散转移', '疏散|转移|撤离|安置', null),
]

/** Levels: deaths and missing always 3; the others by number. */
function levelOf(sign: SeveritySign, count: number | null): SeverityHint {
  if (sign === 'deaths' || sign === 'missing') return 3
  if (sign === 'evacuated') return (count ?? 0) >= 50 ? 3 : 2
  return (count ?? 0) >= 3 ? 3 : 2
}

function counted(text: string, { sign, label, words, patterns, bare }: Counter): FoundGround | null {
  let [best, ranges]: [number, FoundGround['ranges']] = [0, []]
  for (const pattern of words.test(text) ? patterns : [])
    for (const found of matchesOf(text, pattern)) {
      const count = readNumber(found.groups?.n ?? '')
      const [start, end] = placeOf(found)
      if (!count || count > 1_000_000 || UNREAL.test(text.slice(Math.max(0, start - 8), start))) continue
      if (count > best) [best, ranges] = [count, [{ start, end }]]
    }
  if (best)
    return { sign, level: levelOf(sign, best), count: best, message: `${label} ${best} 人以上`, ranges }
  if (!bare) return null
  const said = matchesOf(text, bare)
    .map(placeOf)
    .filter(([start]) => !UNREAL.test(text.slice(Math.max(0, start - 8), start)))
  if (!said.length) return null
  return {
    sign,
    level: levelOf(sign, null),
    count: null,
    message: label,
    ranges: said.slice(0, 3).map(([start, end]) => ({ start, end })),
  }
}

const MANY = search(
  `(?<n>${NUMBER})(?:户|名业主|名居民|名村民|名学生|个孩子|名师生|人的生命|口人)|全体业主|全小区|整栋楼|整条街|全村|很多人|大量人员`,
)
const SCHOOL = search(
  '(?:幼儿园|小学|中学|学校|校车|大学|学生宿舍|养老院|敬老院|医院|卫生院|商场|地铁站|车站|电影院)',
)
const LEAK = search('(?:泄漏|泄露|外泄|漏气|漏油|跑冒滴漏|溃坝|决堤|决口|管涌)')
const BLAST = search('(?:爆炸|爆燃|闪爆|炸了|炸飞)')
const COLLAPSE = search('(?:倒塌|坍塌|垮塌|塌方|塌陷|滑坡|塌了)')

const rangesOf = (text: string, pattern: Search): FoundGround['ranges'] =>
  matchesOf(text, pattern)
    .map(placeOf)
    .filter(([start]) => !UNREAL.test(text.slice(Math.max(0, start - 8), start)))
    .slice(0, 3)
    .map(([start, end]) => ({ start, end }))

function said(
  sign: SeveritySign,
  level: SeverityHint,
  message: string,
  ranges: FoundGround['ranges'],
): FoundGround[] {
  return ranges.length ? [{ sign, level, count: null, message, ranges }] : []
}

function manyPeople(text: string): FoundGround[] {
  const found = matchesOf(text, MANY)
  const counts = found.map(each => readNumber(each.groups?.n ?? '') ?? 0)
  const largest = Math.max(0, ...counts)
  if (!found.length || (largest > 0 && largest < 10 && counts.length === found.length)) return []
  const ranges = found
    .map(placeOf)
    .slice(0, 3)
    .map(([start, end]) => ({ start, end }))
  return [
    {
      sign: 'manyPeople',
      level: 2,
      count: largest || null,
      message: largest ? `涉及 ${largest} 人（户）以上` : '涉及多人',
      ranges,
    },
  ]
}

const wordsOf = (text: string, words: readonly string[]): FoundGround['ranges'] =>
  words.flatMap(word => {
    const start = text.indexOf(word)
    return start < 0 ? [] : [{ start, end: start + word.length }]
  })

const sensitive = (name: string): FoundGround => ({
  sign: 'sensitiveDate',
  level: 3,
  count: null,
  message: `敏感日期：${name}`,
  ranges: [],
})

/** `day` = Shanghai date of publishing, YYYY-MM-DD, null where the page shows none. */
export type FindGrounds = (text: string, day: string | null) => FoundGround[]

/** What the text says of the checklist of requirements §3.1.4; people decide (S-10, S-11). */
export function groundFinder(settingsText: string): FindGrounds {
  const settings = parse(settingsText) as Settings
  return (text, day) => {
    const date = settings.sensitiveDates.find(
      ({ from, to }) => day !== null && day.slice(5) >= from && day.slice(5) <= to,
    )
    const departments = wordsOf(text, settings.departments)
    return [
      ...COUNTERS.flatMap(each => counted(text, each) ?? []),
      ...said('explosion', 3, '发生爆炸', rangesOf(text, BLAST)),
      ...said('leak', 2, '泄漏或决口', rangesOf(text, LEAK)),
      ...said('collapse', 2, '倒塌塌陷', rangesOf(text, COLLAPSE)),
      ...said('school', 2, '涉及学校、医院等人员密集场所', rangesOf(text, SCHOOL)),
      ...manyPeople(text),
      ...said('media', 3, '提到中央媒体', wordsOf(text, settings.centralMedia)),
      ...said('media', 2, '提到媒体或网络传播', wordsOf(text, settings.media)),
      ...said('gathering', 3, '有线下聚集苗头', wordsOf(text, settings.gathering)),
      ...(departments.length > 1 ? said('departments', 2, '涉及两个以上部门', departments) : []),
      ...(date ? [sensitive(date.name)] : []),
    ]
  }
}

/** Signs that say how grave the matter is; the others only how it spreads. */
const GRAVE: ReadonlySet<SeveritySign> = new Set([
  'deaths',
  'missing',
  'injured',
  'trapped',
  'evacuated',
  'explosion',
])

/** 1 routine question or complaint · 2 concrete danger or several people · 3 deaths, explosion, many in danger. */
export function severityOf(
  grounds: readonly FoundGround[],
  event: EventClass,
  usual: SeverityHint,
  isAdvice: boolean,
): SeverityHint {
  const grave = grounds.filter(({ sign }) => GRAVE.has(sign))
  if (grave.some(({ level }) => level === 3)) return 3
  if (event === 'explosion' && grounds.some(({ sign }) => sign === 'explosion')) return 3
  if (grave.length || grounds.some(({ sign }) => sign === 'leak' || sign === 'collapse')) return 2
  return isAdvice ? 1 : usual
}
