import type { Floor, Thread } from '../board.ts'
import { filePath } from '../board-truth.ts'
import { escapeHtml, lines } from '../pages.ts'
import { floorsOf, paddedTime, pagesHtml, rowsOf, type Skin, type View } from './skin.ts'

const SIZE = 20
const ROWS = 25

const shell = ({ board }: View, title: string, body: string): string =>
  `<html><head><meta http-equiv="Content-Type" content="text/html; charset=gbk" /><title>${escapeHtml(title)} - ${escapeHtml(board.name)} - powered by phpwind.net</title></head>
<body><div id="main">${body}</div><div id="footer">Powered by PHPWind v8.7</div></body></html>`

const boardName = ({ board }: View, fid: number) => board.fids.find(each => each.fid === fid)?.name ?? ''
const crumbs = (view: View, fid: number) =>
  `<div id="breadCrumb"><a href="index.php">${escapeHtml(view.board.name)}</a> &raquo; <a href="thread.php?fid=${fid}">${boardName(view, fid)}</a></div>`

function row(thread: Thread): string {
  const [first, last] = [thread.floors[0] as Floor, thread.floors.at(-1) as Floor]
  const icon = thread.sticky
    ? 'images/wind/file/headtopic_3.gif'
    : `images/wind/thread/topic${thread.closed ? 'lock' : 'new'}.gif`
  const type = thread.category
    ? `<a href="thread.php?fid=${thread.fid}&amp;type=3" class="s4">[${thread.category}]</a>`
    : ''
  return `<tr class="tr3"><td class="icon"><img src="${icon}" /></td><td class="subject" id="td_${thread.tid}">${type}<a href="read.php?tid=${thread.tid}" name="readlink" id="a_ajax_${thread.tid}" class="subject_t f14">${escapeHtml(thread.title)}</a></td>
<td class="author"><a href="u.php?uid=${first.author.uid}">${escapeHtml(first.author.name)}</a><p>${paddedTime(first.at, 'day')}</p></td><td class="num"><em>${thread.floors.length - 1}</em> / <span>${thread.views}</span></td>
<td class="author"><a href="u.php?uid=${last.author.uid}">${escapeHtml(last.author.name)}</a><p><a href="read.php?tid=${thread.tid}&amp;page=e" title="${paddedTime(last.at, 'minute')}">${paddedTime(last.at, 'day').slice(5)}</a></p></td></tr>`
}

export const listRows = (view: View, fid: number, page: number, draw = row): string => {
  const { rows, current, total } = rowsOf(view.board, fid, page, ROWS)
  const href = (n: number) => `thread.php?fid=${fid}&amp;page=${n}`
  return `${pagesHtml(current, total, 'b', href)}<div id="ajaxtable"><table width="100%"><tbody id="threadlist">${rows.map(draw).join('\n')}</tbody></table></div>`
}

/** Quote, text, pictures and files of a floor as a guest sees them. */
export function said(floor: Floor): string {
  if (floor.blocked) return eight.notices.blocked
  if (floor.hidden) return `<div class="quoteTips">${eight.notices.hidden}</div>`
  const quote = floor.quote
    ? `<h6 class="quote"><span class="s2">引用</span></h6><blockquote class="blockquote">引用楼主${escapeHtml(floor.quote.author)}于${paddedTime(floor.quote.at, 'minute')}发表的 :<br />${lines(floor.quote.text)}</blockquote>`
    : ''
  const smiley = floor.smiley ? '<img src="images/post/smile/wangwang/3.gif" />' : ''
  const edited = floor.editedAt
    ? `<div class="tips">[ 此帖被${escapeHtml(floor.author.name)}在${paddedTime(floor.editedAt, 'minute')}重新编辑 ]</div>`
    : ''
  const images = floor.images.map(path => `<img src="images/blank.gif" src_data="${path}" border="0" />`)
  return `${quote}${lines(floor.text)}${smiley}${images.join('')}${edited}`
}

export const filesHtml = (floor: Floor): string =>
  floor.blocked || floor.hidden
    ? ''
    : floor.files
        .map(
          ({ aid, name }) =>
            `<div id="att_${aid}"><a href="${escapeHtml(filePath('phpwind', '8.7', aid))}">${escapeHtml(name)}</a></div>`,
        )
        .join('')

function floorHtml(floor: Floor, number: number): string {
  const id = number === 1 ? 'tpc' : String(floor.pid)
  return `<div class="read_t" id="readfloor_${id}"><table class="floot"><tr><td class="floot_left"><div class="readName b"><a href="u.php?uid=${floor.author.uid}">${escapeHtml(floor.author.name)}</a></div></td>
<td class="floot_right"><div class="tipTop s6"><span class="fr"><a class="s2 b cp">${number === 1 ? '楼主' : `${number}楼`}</a></span><span title="${paddedTime(floor.at, 'second')}">发表于: ${paddedTime(floor.at, 'minute')}</span></div>
<div class="tpc_content"><div class="f14 mb10" id="read_${id}">${said(floor)}</div>${filesHtml(floor)}</div><div class="sigline">一路有你，岁月静好</div></td></tr></table></div>`
}

export const eight: Skin = {
  engine: 'phpwind',
  variant: '8.7',
  charset: 'gbk',
  precision: 'second',
  robots: 'User-agent: *\nDisallow: /admin.php\nDisallow: /search.php\nDisallow: /job.php\n',
  placeOf(url) {
    const page = Number(url.searchParams.get('page') ?? 1)
    if (url.pathname === '/read.php') return { thread: Number(url.searchParams.get('tid')), page }
    return url.pathname === '/thread.php' ? { list: Number(url.searchParams.get('fid')), page } : null
  },
  list: (view, fid, page) =>
    shell(view, boardName(view, fid), `${crumbs(view, fid)}${listRows(view, fid, page)}`),
  thread(view, thread, page) {
    const { floors, from, current, total } = floorsOf(thread, page, SIZE)
    const href = (n: number) => `read.php?tid=${thread.tid}&amp;page=${n}`
    const head = `<div class="readTop"><table><tr><td><ul class="readNum"><li><em>${thread.views}</em>阅读</li><li><em id="topicRepliesNum">${thread.floors.length - 1}</em>回复</li></ul></td><td><h1 id="subject_tpc">${escapeHtml(thread.title)}</h1></td></tr></table></div>`
    const drawn = floors.map((floor, i) => floorHtml(floor, from + i + 1))
    return shell(
      view,
      thread.title,
      `${crumbs(view, thread.fid)}${head}${drawn.join('\n')}${pagesHtml(current, total, 'b', href)}`,
    )
  },
  message: (view, text) =>
    shell(view, '提示信息', `<div id="pw_content"><div class="f_one">${text}</div></div>`),
  notices: {
    gone: '读取数据错误，请检查链接',
    login: '您还没有登录或注册，暂时不能使用此功能',
    noBoard: '没有找到此版块',
    blocked: '该帖已被屏蔽',
    hidden: '此处内容已隐藏，回复后可见',
  },
}
