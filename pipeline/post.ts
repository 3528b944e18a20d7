/**
 * The contract between reading and understanding: what a crawler hands over (RawPost) and what the pipeline
 * answers (Analysis). Owned here because its consumer owns the contract (design §3).
 *
 * Glossary: 帖 post, 楼层 floor (1 = 楼主), 版块 board, 信源 source, 线索 flagged post.
 */

/** ISO 8601 instant in UTC, e.g. `2026-11-23T06:06:32.000Z`. */
export type IsoInstant = string

/** The finest unit that the page's own words carry; null when the page shows no time at all. */
export type Precision = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year' | null

export type PostKind = 'thread' | 'reply' | 'article' | 'microblog'

/** `gone`: deleted or never there. `restricted`: the site shows that it exists but not its text. */
export type PostState = 'visible' | 'gone' | 'restricted'

export interface Author {
  id: string | null
  name: string | null
}

/** What the page says; null means that it does not say. */
export interface Counts {
  views: number | null
  replies: number | null
  reposts: number | null
  likes: number | null
}

/** What a post asks others to vote on; votes move like counts, null where they are shown only after voting. */
export interface Poll {
  voters: number | null
  options: { text: string; votes: number | null }[]
}

/** One text by one author as a page shows it. Its identity is (source, key). */
export interface RawPost {
  source: string
  /** Stable inside the source: `tid` for a thread's first floor, `tid#pid` for the others, else mid or URL. */
  key: string
  url: string
  kind: PostKind
  /** Key of the thread that a reply stands in; null for a thread's first floor. */
  parent: string | null
  /** 1 = first floor; null where the site numbers none. */
  floor: number | null
  board: string | null
  title: string | null
  author: Author
  /** Plain text, quotes and edit marks taken out. Empty for a post whose text is withheld. */
  text: string
  /** Text of others quoted in this post. */
  quote: string | null
  images: { url: string }[]
  /** Files hung on the post, as listed; where a page lists none the key is left out. */
  attachments?: { name: string; url: string | null }[]
  /** Left out where the post holds none. */
  poll?: Poll
  /** Never invented: null where the page shows none. */
  publishedAt: IsoInstant | null
  publishedPrecision: Precision
  publishedRaw: string | null
  seenAt: IsoInstant
  counts: Counts
  /** Place stated by the platform (e.g. 发布于 江苏), not one found in the text. */
  place: string | null
  state: PostState
}

/** What `analyze` reads; a RawPost fits too. */
export interface Text {
  id?: string
  source?: string | null
  url?: string | null
  board?: string | null
  kind?: PostKind | null
  title?: string | null
  text: string
  publishedAt?: IsoInstant | null
}

/** own: the bureau itself must act; watch: another authority leads, the bureau must know. */
export type Concern = 'own' | 'watch'

/** S-6; finer topics stand after a slash, as the rules name them: `安全生产/危险化学品`. */
export const TOPICS = ['应急管理', '安全生产', '自然灾害', '部门及直属单位形象', '其他'] as const

export type EventClass =
  | 'fire'
  | 'explosion'
  | 'chemical'
  | 'gas'
  | 'workplace_accident'
  | 'workplace_hazard'
  | 'fireworks'
  | 'mine'
  | 'building'
  | 'construction_site'
  | 'fire_hazard'
  | 'lift_boiler'
  | 'road'
  | 'flood'
  | 'geological'
  | 'weather'
  | 'forest_fire'
  | 'earthquake'
  | 'relief'
  | 'public_facility'
  | 'bureau_service'
  | 'other'

/** 1 routine question or complaint · 2 concrete danger or several people · 3 deaths, explosion, many in danger. */
export type SeverityHint = 1 | 2 | 3

/** Words of the text that a reason rests on; offsets count UTF-16 units of `field`. */
export interface Span {
  field: 'title' | 'text'
  start: number
  end: number
  text: string
}

/** One reason for (points > 0) or against (points < 0) the flag, in Chinese, with the words it rests on. */
export interface Reason {
  kind: 'rule' | 'model' | 'feedback' | 'place' | 'score' | 'homonym' | 'source' | 'severity'
  /** Id of the rule in config/rules.yaml (or the rules table); null for what is not a rule. */
  rule: string | null
  /** What a duty officer reads, e.g. `规则「危化品泄漏」：化工 … 泄漏（相距 6 字）`. */
  message: string
  points: number
  spans: Span[]
}

/** Rows of the checklist of requirements §3.1.4 that a text can tick; growth over sites is the events' to say. */
export type SeveritySign =
  | 'deaths'
  | 'missing'
  | 'injured'
  | 'trapped'
  | 'evacuated'
  | 'explosion'
  | 'leak'
  | 'collapse'
  | 'school'
  | 'manyPeople'
  | 'media'
  | 'gathering'
  | 'departments'
  | 'sensitiveDate'

/** One ticked row: a hint for 研判, never a level (S-10). */
export interface SeverityGround {
  sign: SeveritySign
  /** The level that the row points to: 1 一般性, 2 较大、复杂性, 3 重大、影响全局性. */
  level: SeverityHint
  /** As read from the text, at least so many; null where it gives no number. */
  count: number | null
  /** `人员死亡 3 人以上` */
  message: string
  spans: Span[]
}

export interface PlaceMention extends Span {
  /** Official name, e.g. 常州市武进区遥观镇. */
  name: string
  level: 'province' | 'city' | 'district' | 'town' | 'road' | 'site' | 'other'
  /** 武进区 … where the place lies in Changzhou, else null. */
  district: string | null
  /** null: a name that the gazetteer does not place. */
  inChangzhou: boolean | null
}

export interface Sentiment {
  label: 'negative' | 'neutral' | 'positive'
  /** -1 (blame) .. 1 (praise); its sign never contradicts the label. */
  score: number
  /** What decided, in the order of the text; none for a neutral one. */
  phrases: Span[]
}

export interface Analysis {
  flagged: boolean
  /** 0..1 */
  score: number
  /** Each 0..1, scored and shown apart. */
  gates: { topic: number; actionable: number; local: number }
  reasons: Reason[]
  concern: Concern | null
  /** Main topic first. */
  topics: string[]
  eventClass: EventClass | null
  severityHint: SeverityHint | null
  /** What the hint rests on, and what else of the checklist the text ticks; empty where nothing is flagged. */
  severityGrounds: SeverityGround[]
  sentiment: Sentiment | null
  places: PlaceMention[]
  local: boolean
  /** Name of the unit in config/organisation.yaml that the rules suggest; null = 办公室 decides. */
  suggestedUnit: string | null
  /** Hash of the cleaned text; equal for exact copies. */
  fingerprint: string
  tokens?: string[]
}

/** What a text shares with others about the same matter; see duplicates.ts and events.ts. */
export interface Likeness {
  /** Letters and digits only, cleaned. */
  bare: string
  /** Character trigrams of `bare`. */
  grams: ReadonlySet<string>
  /** Ends of names of compounds, roads, firms: 丽华三村 -> 华三村. */
  names: ReadonlySet<string>
  /** Names and rare words with their weights, heaviest first. */
  terms: ReadonlyMap<string, number>
  /** Smallest hashes of its four-grams, unsigned 32 bits; empty for texts too short to have near copies. */
  sketch: readonly number[]
  /** Official names of towns, roads and sites in Changzhou, and the districts named. */
  places: ReadonlySet<string>
  districts: ReadonlySet<string>
  /** The same as written in `bare`. */
  spots: ReadonlySet<string>
  eventClass: EventClass | null
}

/** Where an analysis is at hand, its places and class join in. */
export type ReadLikeness = (
  text: { title?: string | null; text: string },
  analysis?: Pick<Analysis, 'places' | 'eventClass'>,
) => Likeness

export interface AnalyseFlags {
  /** Without the local gate. */
  anywhere?: boolean
  /** With the words as the segmenter cuts them. */
  tokens?: boolean
}

export interface Asked extends AnalyseFlags {
  text: Text
}

/** The pipeline as the rest of the system sees it; `version` names dictionary, rules and code together. */
export interface Pipeline {
  readonly version: string
  analyse(text: Text, flags?: AnalyseFlags): Analysis
  /** The same for many texts, at about four fifths of the cost. */
  analyseAll(asked: readonly Asked[]): Analysis[]
  /** Loads the segmenter (1-1.5 s) when first asked, so only for texts that concern us. */
  liken: ReadLikeness
}
