/** A post that a person takes in: typed, from a row of a table, or from a line of JSON. Pure. */
import { createHash } from 'node:crypto'
import { toCount } from '../../crawlers/fields.ts'
import { readDate } from '../../crawlers/time.ts'
import type { Counts, Precision, RawPost } from '../../pipeline/post.ts'

export interface Entry {
  /** Number of its own where it came from; null = the same words are the same post. */
  id: string | null
  url: string | null
  title: string | null
  text: string
  author: string | null
  board: string | null
  publishedAt: string | null
  publishedPrecision: Precision
  publishedRaw: string | null
  counts: Counts
}

export const MOST_LETTERS = 50_000
/** A clock may run ahead of ours a little. */
const SKEW_MS = 10 * 60_000

/** The same entry has the same key, so that taking it in again adds nothing. */
export function entryKey({ id, url, title, text, author, publishedAt }: Entry): string {
  if (id !== null) return id
  const said = JSON.stringify([url, title, text, author, publishedAt])
  return createHash('sha256').update(said).digest('hex').slice(0, 24)
}

export function toPost(entry: Entry, source: string, seenAt: string): RawPost {
  const key = entryKey(entry)
  return {
    source,
    key,
    url: entry.url ?? `import:${source}/${encodeURIComponent(key)}`,
    kind: 'article',
    parent: null,
    floor: null,
    board: entry.board,
    title: entry.title,
    author: { id: null, name: entry.author },
    text: entry.text,
    quote: null,
    images: [],
    publishedAt: entry.publishedAt,
    publishedPrecision: entry.publishedPrecision,
    publishedRaw: entry.publishedRaw,
    seenAt,
    counts: entry.counts,
    place: null,
    state: 'visible',
  }
}

type Published = Pick<Entry, 'publishedAt' | 'publishedPrecision' | 'publishedRaw'>
const UNKNOWN: Published = { publishedAt: null, publishedPrecision: null, publishedRaw: null }

/**
 * A time as people write it, Shanghai where it names no zone: `2026-11-24`, `2026/11/24 9:05`, `2026年11月24日`, ISO.
 * Nothing relative: nobody knows what a table's 昨天 was. null = can't be read.
 */
export function writtenTime(wording: string): Published | null {
  const raw = wording.trim()
  if (!raw) return UNKNOWN
  if (!/^(\d{4}\D|[A-Z][a-z]{2},? )/.test(raw)) return null
  const { at, precision } = readDate(raw, '1970-01-01T00:00:00.000Z')
  return at === null ? null : { publishedAt: at, publishedPrecision: precision, publishedRaw: raw }
}

export const isFuture = (publishedAt: string | null, now: number): boolean =>
  publishedAt !== null && Date.parse(publishedAt) > now + SKEW_MS

export const isAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && text.length <= 2000

// --- lines of JSON ---

/** One line `{id?, text, title?, url?, board?, publishedAt? | posted_at?}`; a string = what is wrong with it. */
export function lineEntry(line: string): Entry | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return '不是正确的 JSON。'
  }
  if (typeof value !== 'object' || value === null) return '应为 {"id", "text", …}。'
  const { id, text, title, url, author, board, publishedAt, posted_at } = value as Record<string, unknown>
  if (typeof text !== 'string') return '缺少 text。'
  const time = publishedAt ?? posted_at ?? ''
  const published = typeof time === 'string' ? writtenTime(time) : null
  if (!published)
    return `${publishedAt == null ? 'posted_at' : 'publishedAt'} 应为 ISO 时间、2026-11-24 09:30 或 null。`
  const word = (each: unknown) => (typeof each === 'string' && each ? each : null)
  return {
    id: id === undefined || id === null ? null : String(id),
    url: word(url),
    title: word(title),
    text,
    author: word(author),
    board: word(board),
    ...published,
    counts: { views: null, replies: null, reposts: null, likes: null },
  }
}

// --- rows of a table ---

export type Column =
  | 'text'
  | 'title'
  | 'url'
  | 'time'
  | 'author'
  | 'board'
  | 'id'
  | 'views'
  | 'replies'
  | 'reposts'
  | 'likes'

interface ColumnInfo {
  label: string
  /** Other names under which tables carry it. */
  names: readonly string[]
  example: string
  note: string
}

/** In the order of the template. */
export const COLUMNS: Record<Column, ColumnInfo> = {
  text: {
    label: '内容',
    names: ['正文', '帖子内容', '文本', '全文', '诉求内容', '反映内容', '视频文案', 'text', 'content'],
    example: '湖塘一小区地下车库有刺鼻气味，住户反映两天了没人处理。',
    note: '必填。帖子、视频文案或来电的全文。',
  },
  title: {
    label: '标题',
    names: ['主题', '题目', 'title'],
    example: '地下车库刺鼻气味',
    note: '没有可留空。',
  },
  url: {
    label: '链接',
    names: ['网址', '地址', '原文链接', 'url', 'link'],
    example: 'https://www.douyin.com/video/7300000000000000000',
    note: '以 http:// 或 https:// 开头，没有可留空。',
  },
  time: {
    label: '发布时间',
    names: ['时间', '日期', '发帖时间', '来电时间', '发布日期', 'posted_at', 'publishedat', 'time', 'date'],
    example: '2026-11-24 09:30',
    note: '写成 2026-11-24 09:30 或 2026-11-24；不知道就留空，不要猜。',
  },
  author: {
    label: '作者',
    names: ['发布者', '发帖人', '昵称', '账号', '来电人', 'author', 'user'],
    example: '湖塘小马',
    note: '页面上显示的名字，没有可留空。',
  },
  board: {
    label: '平台或版块',
    names: ['平台', '版块', '栏目', '渠道', '来源', 'board', 'platform'],
    example: '抖音',
    note: '没有可留空。',
  },
  id: {
    label: '编号',
    names: ['工单号', '序号编号', '帖子编号', 'id'],
    example: '',
    note: '来源自己的编号。填了编号，再次导入时按编号认同一条；不填按内容认。',
  },
  views: {
    label: '浏览数',
    names: ['播放数', '阅读数', '播放量', '阅读量', 'views'],
    example: '',
    note: '数字，可留空。',
  },
  replies: {
    label: '评论数',
    names: ['回复数', '评论量', 'replies', 'comments'],
    example: '',
    note: '数字，可留空。',
  },
  reposts: {
    label: '转发数',
    names: ['分享数', '转发量', 'reposts', 'shares'],
    example: '',
    note: '数字，可留空。',
  },
  likes: { label: '点赞数', names: ['点赞量', 'likes'], example: '', note: '数字，可留空。' },
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .trim()
    .replace(/[\s*＊（(].*$|[\s*]/g, '')
    .toLowerCase()

/** Which column each cell of the first row names; null = none that we know. */
export function readHeader(cells: readonly string[]): (Column | null)[] {
  const taken = new Set<Column>()
  return cells.map(cell => {
    const name = plain(cell)
    const found = (Object.keys(COLUMNS) as Column[]).find(
      column =>
        !taken.has(column) &&
        [COLUMNS[column].label, ...COLUMNS[column].names].some(each => plain(each) === name),
    )
    if (found) taken.add(found)
    return found ?? null
  })
}

export interface Problem {
  /** As the spreadsheet counts, the header being 1. */
  row: number
  /** Its name in the file. */
  column: string
  /** What is wrong and what to do. */
  message: string
}

/** One row; every mistake of it at once. */
export function readRow(
  row: number,
  cells: readonly string[],
  header: readonly (Column | null)[],
  names: readonly string[],
  now: number,
): { entry: Entry | null; problems: Problem[] } {
  const problems: Problem[] = []
  const cell = (column: Column): string => (cells[header.indexOf(column)] ?? '').trim()
  const wrong = (column: Column, message: string) =>
    problems.push({ row, column: names[header.indexOf(column)] ?? COLUMNS[column].label, message })
  const short = (text: string) => (text.length > 30 ? `${text.slice(0, 30)}…` : text)
  const text = cell('text')
  if (!text) wrong('text', '内容是空的，请填写或删去这一行。')
  if (text.length > MOST_LETTERS) wrong('text', `内容超过 ${MOST_LETTERS} 字，请分成几条。`)
  const url = cell('url')
  if (url && !isAddress(url))
    wrong('url', `「${short(url)}」不是网址，应以 http:// 或 https:// 开头；没有可留空。`)
  const published = writtenTime(cell('time'))
  if (!published) wrong('time', `认不出「${short(cell('time'))}」，请写成 2026-11-24 09:30；不知道可留空。`)
  else if (isFuture(published.publishedAt, now))
    wrong('time', `「${short(cell('time'))}」在将来，请核对年月日。`)
  const count = (column: keyof Counts): number | null => {
    const said = cell(column)
    const value = said ? toCount(said) : null
    if (said && value === null)
      wrong(column, `「${short(said)}」不是数字，请写成 1234 或 1.2万；没有可留空。`)
    return value
  }
  const counts: Counts = {
    views: count('views'),
    replies: count('replies'),
    reposts: count('reposts'),
    likes: count('likes'),
  }
  if (problems.length || !published) return { entry: null, problems }
  const entry: Entry = {
    id: cell('id') || null,
    url: url || null,
    title: cell('title') || null,
    text,
    author: cell('author') || null,
    board: cell('board') || null,
    ...published,
    counts,
  }
  return { entry, problems }
}
