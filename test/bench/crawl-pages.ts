/** Pages that the crawl benches read: thread pages of 20 floors, and the list that leads to them. */
import { Board } from '../replica/board.ts'
import { threadPage } from '../replica/pages.ts'
import { randomFrom } from '../replica/random.ts'
import { AUTHORS, ORDINARY, ORDINARY_REPLIES } from '../replica/texts/ordinary.ts'

const FLOORS = 20
const ROWS = 20
const NOW = Date.parse('2026-11-23T06:00:00Z')
const random = randomFrom(7)
const board = new Board('龙城论坛', [{ fid: 2, name: '百姓呼声' }])

const DIGITS = 6
/** Stands for the thread's number, as many bytes long. */
const BLANK = '@'.repeat(DIGITS)

/**
 * Fifty different pages as bytes, with the places where the thread's number goes: who reads over one connection waits
 * for the server's work, who reads over sixteen does not, so there must be next to none.
 */
const pages = Array.from({ length: 50 }, () => {
  const chosen = random.pick(ORDINARY)
  const first = { title: chosen.title, text: chosen.text, author: random.pick(AUTHORS) }
  const thread = board.addThread({ ...first, fid: 2, at: NOW - 9 * 86_400_000 })
  for (let floor = 2; floor <= FLOORS; floor++)
    board.addReply(thread.tid, {
      author: random.pick(AUTHORS),
      at: NOW - random.below(9 * 86_400) * 1000,
      text: `${random.pick(ORDINARY_REPLIES)}\n${random.pick(ORDINARY).text}`,
      ...(floor % 5 === 0 && { quoteFloor: 1 }),
    })
  const visitor = { now: NOW, charset: 'utf-8', user: null }
  const html = threadPage(board, visitor, thread, 1, FLOORS)
  const bytes = Buffer.from(html.replaceAll(`tid=${thread.tid}`, `tid=${BLANK}`))
  return { bytes, blanks: blanksOf(bytes) }
})

function blanksOf(bytes: Buffer): number[] {
  const found: number[] = []
  for (let at = bytes.indexOf(BLANK); at >= 0; at = bytes.indexOf(BLANK, at + DIGITS)) found.push(at)
  return found
}

/** The list's page of a board with `count` threads. */
function listPageOf(count: number, page: number): string {
  const from = (page - 1) * ROWS
  const tids = Array.from({ length: Math.min(ROWS, count - from) }, (_, i) => 100_000 + from + i)
  const rows = tids.map(
    tid =>
      `<tbody id="normalthread_${tid}"><tr><th><a href="forum.php?mod=viewthread&amp;tid=${tid}" class="s xst">第 ${tid} 帖</a></th><td class="by"><cite>甲</cite><em><span>2026-11-20</span></em></td><td class="num"><a class="xi2">19</a><em>9</em></td><td class="by"><cite>乙</cite><em><a>2026-11-22 10:00</a></em></td></tr></tbody>`,
  )
  const next =
    from + ROWS < count
      ? `<a class="nxt" href="forum.php?mod=forumdisplay&amp;fid=2&amp;page=${page + 1}">下一页</a>`
      : ''
  return `<table id="threadlisttableid">${rows.join('')}</table><div id="fd_page_bottom"><div class="pg">${next}</div></div>`
}

function threadPageOf(tid: number): Buffer {
  const { bytes, blanks } = pages[tid % pages.length] as (typeof pages)[number]
  const page = Buffer.from(bytes)
  for (const at of blanks) page.write(String(tid).padStart(DIGITS, '0'), at, 'latin1')
  return page
}

/** The page at an address of the board; null for robots.txt, of which it has none. */
export function pageAt(address: string, count: number): Buffer | null {
  const { pathname, searchParams } = new URL(address, 'http://bench')
  if (pathname === '/robots.txt') return null
  return searchParams.get('mod') === 'forumdisplay'
    ? Buffer.from(listPageOf(count, Number(searchParams.get('page') ?? 1)))
    : threadPageOf(Number(searchParams.get('tid') ?? 1))
}
