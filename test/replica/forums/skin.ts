import type { SourceConfig } from '../../../crawlers/site.ts'
import type { Board, Thread } from '../board.ts'
import type { Charset } from '../host.ts'

/** Where an address of the board leads. */
export type Place = { list: number; page: number } | { thread: number; page: number } | null

/** What a guest gets to see of a board, drawn by one program. */
export interface View {
  board: Board
  now: number
}

/** How one forum program draws a board; ids, classes and wording after the facts, no markup copied. */
export interface Skin {
  engine: SourceConfig['engine']
  variant?: string
  charset: Charset
  /** The finest that thread pages show. */
  precision: 'second' | 'minute'
  robots: string
  placeOf(url: URL): Place
  list(view: View, fid: number, page: number): string
  thread(view: View, thread: Thread, page: number): string
  message(view: View, text: string): string
  notices: { gone: string; login: string; noBoard: string; blocked: string; hidden: string }
}

const two = (n: number): string => String(n).padStart(2, '0')

/** `2026-03-01 08:05:09` in Shanghai, padded as PHPWind writes it. */
export function paddedTime(at: number, form: 'day' | 'minute' | 'second'): string {
  const d = new Date(at + 8 * 3_600_000)
  const day = `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`
  if (form === 'day') return day
  const minute = `${day} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
  return form === 'minute' ? minute : `${minute}:${two(d.getUTCSeconds())}`
}

/** Rows of one page of a board's list, newest reply first, stickies before page 1; and how many pages there are. */
export function rowsOf(
  board: Board,
  fid: number,
  page: number,
  size: number,
): { rows: Thread[]; current: number; total: number } {
  const own = [...board.threads.values()].filter(thread => !thread.deleted && thread.fid === fid)
  const usual = own.filter(({ sticky }) => !sticky).sort((a, b) => moved(b) - moved(a) || b.tid - a.tid)
  const total = Math.max(1, Math.ceil(usual.length / size))
  const current = page < 1 || page > total ? 1 : page
  const rows = usual.slice((current - 1) * size, current * size)
  return { rows: current === 1 ? [...own.filter(({ sticky }) => sticky), ...rows] : rows, current, total }
}
const moved = (thread: Thread): number => thread.floors.at(-1)?.at ?? 0

/** Floors of one page of a thread; `from` = floors before it. */
export function floorsOf(thread: Thread, page: number, size: number) {
  const total = Math.max(1, Math.ceil(thread.floors.length / size))
  const current = Math.min(Math.max(1, page), total)
  const from = (current - 1) * size
  return { floors: thread.floors.slice(from, from + size), from, current, total }
}

/** PHPWind's pager: the current page as `mark`, the rest as links. */
export function pagesHtml(
  current: number,
  total: number,
  mark: 'b' | 'strong',
  href: (page: number) => string,
): string {
  if (total <= 1) return ''
  const numbers = Array.from({ length: total }, (_, i) => i + 1).filter(n => Math.abs(n - current) < 5)
  const links = numbers.map(n =>
    n === current ? `<${mark}>${n}</${mark}>` : `<a href="${href(n)}">${n}</a>`,
  )
  const next =
    current < total ? `<a class="pages_next" href="${href(current + 1)}">下一页&nbsp;&raquo;</a>` : ''
  return `<div class="pages">${links.join('')}${next}</div>`
}
