import type { Floor, Thread } from '../board.ts'
import { escapeHtml } from '../pages.ts'
import { eight, filesHtml, listRows, said } from './phpwind-eight.ts'
import { floorsOf, paddedTime, pagesHtml, type Skin, type View } from './skin.ts'

const SIZE = 20

const shell = (title: string, body: string): string =>
  `<html><head><meta http-equiv="Content-Type" content="text/html; charset=gbk" /><title>${escapeHtml(title)} - 化龙巷</title></head>
<body><div class="top"><a href="/">化龙巷</a></div>${body}<div class="foot">化龙巷 版权所有</div></body></html>`

const boardName = ({ board }: View, fid: number) => board.fids.find(each => each.fid === fid)?.name ?? ''
const crumbs = (view: View, fid: number) =>
  `<div class="crumb"><a href="/">化龙巷</a><a href="thread.php?fid=${fid}">${boardName(view, fid)}</a></div>`

/** Threads have an address of the board's name, though the list is PHPWind's. */
function row(thread: Thread): string {
  const [first, last] = [thread.floors[0] as Floor, thread.floors.at(-1) as Floor]
  const icon = thread.sticky ? 'headtopic_1' : thread.closed ? 'topiclock' : 'topicnew'
  return `<tr class="tr3"><td class="icon"><img src="images/wind/thread/${icon}.gif" /></td><td class="subject"><a class="subject_t" href="/chazuo/${thread.tid}">${escapeHtml(thread.title)}</a></td>
<td class="author"><a href="u.php?uid=${first.author.uid}">${escapeHtml(first.author.name)}</a><p>${paddedTime(first.at, 'day')}</p></td><td class="num"><em>${thread.floors.length - 1}</em> / <span>${thread.views}</span></td>
<td class="author"><a href="u.php?uid=${last.author.uid}">${escapeHtml(last.author.name)}</a><p><a href="/chazuo/${thread.tid}" title="${paddedTime(last.at, 'minute')}">${paddedTime(last.at, 'minute').slice(5)}</a></p></td></tr>`
}

const opening = (floor: Floor): string =>
  `<div class="cont"><div class="cont_hd"><a class="name" href="u.php?uid=${floor.author.uid}">${escapeHtml(floor.author.name)}</a><p title="${paddedTime(floor.at, 'second')}">${paddedTime(floor.at, 'minute').slice(5)}</p></div>
<div class="fs16 mb10" id="read_tpc">${said(floor)}</div>${filesHtml(floor)}</div>`

const reply = (floor: Floor, number: number): string =>
  `<div class="read_t"><table class="floot"><tr><td class="floot_left"><a href="u.php?uid=${floor.author.uid}">${escapeHtml(floor.author.name)}</a></td>
<td><p class="tipTop"><span title="${paddedTime(floor.at, 'second')}">发表于 ${paddedTime(floor.at, 'minute')}</span><a class="s2">${number}</a></p><div class="tpc_content"><div id="read_${floor.pid}" class="f14 mb10">${said(floor)}</div>${filesHtml(floor)}</div></td></tr></table></div>`

export const hualongxiang: Skin = {
  ...eight,
  engine: 'hualongxiang',
  placeOf(url) {
    const named = /^\/chazuo\/(\d+)$/.exec(url.pathname)?.[1]
    return named ? { thread: Number(named), page: 1 } : eight.placeOf(url)
  },
  list: (view, fid, page) =>
    shell(boardName(view, fid), `${crumbs(view, fid)}${listRows(view, fid, page, row)}`),
  thread(view, thread, page) {
    const { floors, from, current, total } = floorsOf(thread, page, SIZE)
    const href = (n: number) => `read.php?tid=${thread.tid}&amp;pd=0&amp;page=${n}`
    const head = `<div class="title_name"><h2><a href="/chazuo/${thread.tid}">${escapeHtml(thread.title)}</a></h2><ul class="data"><li><span>${thread.views}</span>浏览</li><li><span>${thread.floors.length - 1}</span>回复</li></ul></div>`
    const drawn = floors.map((floor, i) => (from + i ? reply(floor, from + i + 1) : opening(floor)))
    return shell(
      thread.title,
      `${crumbs(view, thread.fid)}${head}${drawn.join('\n')}${pagesHtml(current, total, 'b', href)}`,
    )
  },
  message: (_view, text) => shell('提示', `<div id="pw_content"><div class="f_one">${text}</div></div>`),
}
