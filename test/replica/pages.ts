/** A board's pages in the manner of Discuz! X3.5 (discuz-live.md §1-2): ids, classes and wording, no markup copied. */
import { type Board, type Floor, lastAt, type Poll, relativeTime, type Thread, wallTime } from './board.ts'

export const LIST_SIZE = 20
export const THREAD_SIZE = 10

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
export const lines = (text: string): string => escapeHtml(text).replaceAll('\n', '<br />\n')

export interface Visitor {
  now: number
  charset: string
  user: { uid: number; name: string; formhash: string } | null
}

function shell(board: Board, visitor: Visitor, title: string, body: string): string {
  const { charset, user } = visitor
  return `<!DOCTYPE html>
<html lang="zh-CN"><head>
<meta charset="${charset}" />
<meta name="generator" content="Discuz! X3.5" />
<title>${escapeHtml(title)} - ${escapeHtml(board.name)} - Powered by Discuz!</title>
<script>var discuz_uid = '${user?.uid ?? 0}', charset = '${charset}'</script>
</head><body id="nv_forum">
<div id="toptb">${user ? `<strong class="vwmy">${escapeHtml(user.name)}</strong>` : '<form id="lsform" method="post" action="member.php?mod=logging&amp;action=login&amp;loginsubmit=yes"></form>'}</div>
<div id="wp" class="wp">${body}</div>
<div id="ft"><p>Powered by Discuz! X3.5</p></div>
</body></html>`
}

/** Title attribute with the exact time while the words are relative, plain text once they are not. */
function timeTag(at: number, now: number, title: 'date' | 'minute' | 'second', plain: typeof title): string {
  const words = relativeTime(at, now)
  return words ? `<span title="${wallTime(at, title)}">${words}</span>` : wallTime(at, plain)
}

function pager(current: number, total: number, href: (page: number) => string): string {
  if (total <= 1) return ''
  const links = Array.from({ length: total }, (_, i) => i + 1)
    .filter(page => Math.abs(page - current) < 5)
    .map(page => (page === current ? `<strong>${page}</strong>` : `<a href="${href(page)}">${page}</a>`))
  const next = current < total ? `<a href="${href(current + 1)}" class="nxt">下一页</a>` : ''
  return `<div class="pg">${links.join('')}<label><input type="text" name="custompage" value="${current}" /><span title="共 ${total} 页"> / ${total} 页</span></label>${next}</div>`
}

function row(thread: Thread, visitor: Visitor, stubTid: number | null): string {
  const { now } = visitor
  const first = thread.floors[0] as Floor
  const last = thread.floors.at(-1) as Floor
  const href = `forum.php?mod=viewthread&amp;tid=${thread.tid}&amp;extra=page%3D1`
  const id = thread.sticky ? `stickthread_${thread.tid}` : `normalthread_${stubTid ?? thread.tid}`
  const today = relativeTime(first.at, now)?.includes('前') ? ' class="xi1"' : ''
  return `<tbody id="${id}"><tr>
<td class="icn"><a href="${href}" title="${thread.closed ? '关闭的主题' : '有新回复'}"><i class="fico-${thread.closed ? 'lock' : 'thread'}"></i></a></td>
<th class="${thread.closed ? 'lock' : 'common'}">${stubTid ? '移动: ' : ''}${thread.category ? `<em>[<a href="#">${thread.category}</a>]</em> ` : ''}<a href="${href}" class="s xst">${escapeHtml(thread.title)}</a></th>
<td class="by"><cite><a href="home.php?mod=space&amp;uid=${first.author.uid}" c="1">${escapeHtml(first.author.name)}</a></cite><em><span${today}>${timeTag(first.at, now, 'date', 'date')}</span></em></td>
<td class="num">${stubTid ? '<a href="#" class="xi2">-</a><em>-</em>' : `<a href="${href}" class="xi2">${thread.floors.length - 1}</a><em>${thread.views}</em>`}</td>
<td class="by"><cite><a href="home.php?mod=space&amp;username=x">${escapeHtml(last.author.name)}</a></cite><em><a href="forum.php?mod=redirect&amp;tid=${thread.tid}&amp;goto=lastpost#lastpost">${timeTag(last.at, now, 'minute', 'minute')}</a></em></td>
</tr></tbody>`
}

export function listPage(board: Board, visitor: Visitor, fid: number, page: number): string {
  const alive = [...board.threads.values()].filter(thread => !thread.deleted)
  const entries = alive
    .flatMap(thread => {
      const own = thread.fid === fid ? [{ thread, stub: null as number | null }] : []
      const stub = thread.movedStub?.fid === fid ? [{ thread, stub: thread.movedStub.tid }] : []
      return [...own, ...stub]
    })
    .filter(({ thread }) => !thread.sticky)
    .sort((a, b) => lastAt(b.thread) - lastAt(a.thread) || b.thread.tid - a.thread.tid)
  const total = Math.max(1, Math.ceil(entries.length / LIST_SIZE))
  // Out of range is page 1 again, with status 200.
  const current = page < 1 || page > total ? 1 : page
  const shown = entries.slice((current - 1) * LIST_SIZE, current * LIST_SIZE)
  const sticky = current === 1 ? alive.filter(thread => thread.sticky) : []
  const href = (n: number) => `forum.php?mod=forumdisplay&amp;fid=${fid}&amp;page=${n}`
  const name = board.fids.find(each => each.fid === fid)?.name ?? ''
  const body = `<div id="threadlist"><form id="moderate"><table summary="forum_${fid}" id="threadlisttableid" cellspacing="0" cellpadding="0">
${sticky.map(thread => row(thread, visitor, null)).join('\n')}
<tbody id="separatorline"><tr><td colspan="5">版块主题</td></tr></tbody>
${shown.map(({ thread, stub }) => row(thread, visitor, stub)).join('\n')}
</table></form></div>
<div class="bm bw0 pgs cl" id="fd_page_bottom">${pager(current, total, href)}</div>`
  return shell(board, visitor, name, body)
}

const FLOOR_NAMES = ['楼主', '沙发', '板凳', '地板']
const floorLink = (number: number) => FLOOR_NAMES[number - 1] ?? `<em>${number}</em><sup>#</sup>`

const imageHtml = (path: string, at: number): string =>
  `<ignore_js_op><img id="aimg_${at}" aid="${at}" src="static/image/common/none.gif" zoomfile="${path}" file="${path}" class="zoom" inpost="1" /><div class="tip aimg_tip"><p>${path.split('/').at(-1)} (下载附件)</p></div></ignore_js_op>`

const pollHtml = ({ voters, options }: Poll): string =>
  `<form id="poll" name="poll"><div class="pinf"><strong>单选投票</strong>, 共有 <strong>${voters}</strong> 人参与投票</div><div class="pcht"><table summary="poll panel">${options.map(({ text, votes }, i) => `<tr><td class="pvt"><label for="option_${i + 1}">${i + 1}. &nbsp;${escapeHtml(text)}</label></td></tr><tr><td>${Math.round((100 * votes) / Math.max(voters, 1))}% <em>(${votes})</em></td></tr>`).join('')}</table></div></form>`

/** Names only: what is behind them is for those who are signed in. */
const filesHtml = ({ files, hidden }: Floor): string =>
  files.length && !hidden
    ? `<div class="pattl">${files.map(({ aid, name }) => `<dl class="tattl"><dd><p class="attnm"><a href="forum.php?mod=attachment&amp;aid=${aid}" id="aid${aid}" target="_blank">${escapeHtml(name)}</a></p><p>24 KB, 下载次数: 3</p></dd></dl>`).join('')}</div>`
    : ''

function floorHtml(thread: Thread, floor: Floor, number: number, visitor: Visitor): string {
  const { pid, author } = floor
  const quote = floor.quote
    ? `<div class="quote"><blockquote><font size="2"><a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid=1&amp;ptid=${thread.tid}"><font color="#999999">${escapeHtml(floor.quote.author)} 发表于 ${wallTime(floor.quote.at, 'minute')}</font></a></font><br />\n${lines(floor.quote.text)}</blockquote></div>`
    : ''
  const edited = floor.editedAt
    ? `<i class="pstatus"> 本帖最后由 ${escapeHtml(author.name)} 于 ${wallTime(floor.editedAt, 'minute')} 编辑 </i><br /><br />\n`
    : ''
  const smiley = floor.smiley
    ? ' <img src="static/image/smiley/default/lol.gif" smilieid="12" border="0" alt="" />'
    : ''
  const said = floor.hidden
    ? '<div class="locked">游客，如果您要查看本帖隐藏内容请<a href="#">回复</a></div>'
    : `\n${edited}${quote}${lines(floor.text)}${smiley}${floor.images.map(imageHtml).join('')}`
  const message = `<div class="t_fsz"><table><tr><td class="t_f" id="postmessage_${pid}">${said}</td></tr></table></div>`
  const body = floor.blocked
    ? '<div class="locked">提示: <em>作者被禁止或删除 内容自动屏蔽</em></div>'
    : `${number === 1 && thread.poll ? `<div class="pcbs">${message}${pollHtml(thread.poll)}</div>` : message}${filesHtml(floor)}`
  return `<div id="post_${pid}"><table id="pid${pid}" class="plhin" summary="pid${pid}"><tr>
<td class="pls" rowspan="2"><div id="favatar${pid}" class="pls favatar"><div class="pi"><div class="authi"><a href="home.php?mod=space&amp;uid=${author.uid}" target="_blank" class="xw1">${escapeHtml(author.name)}</a></div></div></div></td>
<td class="plc"><div class="pi"><strong><a href="forum.php?mod=redirect&amp;goto=findpost&amp;ptid=${thread.tid}&amp;pid=${pid}" id="postnum${pid}">${floorLink(number)}</a></strong>
<div class="pti"><div class="authi"><em id="authorposton${pid}">发表于 ${timeTag(floor.at, visitor.now, 'second', 'second')}</em></div></div></div>
<div class="pct"><div class="pcb">${body}</div></div></td></tr></table></div>`
}

export function threadPage(
  board: Board,
  visitor: Visitor,
  thread: Thread,
  page: number,
  size = THREAD_SIZE,
): string {
  const total = Math.max(1, Math.ceil(thread.floors.length / size))
  // Beyond the end is the last page, with status 200.
  const current = Math.min(Math.max(1, page), total)
  const from = (current - 1) * size
  const floors = thread.broken ? [] : thread.floors.slice(from, from + size)
  const href = (n: number) => `forum.php?mod=viewthread&amp;tid=${thread.tid}&amp;page=${n}`
  const { user } = visitor
  const form = user
    ? `<form method="post" id="fastpostform" action="forum.php?mod=post&amp;action=reply&amp;fid=${thread.fid}&amp;tid=${thread.tid}&amp;replysubmit=yes"><textarea name="message"></textarea><input type="hidden" name="formhash" value="${user.formhash}" /></form>`
    : '<form id="fastpostform"><div class="pt hm">您需要登录后才可以回帖 <a href="member.php?mod=logging&amp;action=login">登录</a></div></form>'
  const boardName = board.fids.find(each => each.fid === thread.fid)?.name ?? ''
  const body = `<div id="pt" class="bm cl"><div class="z"><a href="./" class="nvhm">首页</a> <em>&rsaquo;</em> <a href="forum.php">论坛</a> <em>&rsaquo;</em> <a href="forum.php?mod=forumdisplay&amp;fid=${thread.fid}">${escapeHtml(boardName)}</a> <em>&rsaquo;</em> <a href="forum.php?mod=viewthread&amp;tid=${thread.tid}">${escapeHtml(thread.title)}</a></div></div>
<link rel="canonical" href="forum.php?mod=viewthread&amp;tid=${thread.tid}" />
<div id="pgt" class="pgs mbm cl">${pager(current, total, href)}</div>
<div id="postlist" class="pl bm"><table><tr><td class="pls ptn pbn"><div class="hm ptn"><span class="xg1">查看:</span> <span class="xi1">${thread.views}</span><span class="pipe">|</span><span class="xg1">回复:</span> <span class="xi1">${thread.floors.length - 1}</span></div></td>
<td class="plc ptm pbn vwthd"><h1 class="ts">${thread.category ? `<a href="#">[${thread.category}]</a> ` : ''}<span id="thread_subject">${escapeHtml(thread.title)}</span></h1>${thread.closed ? '<i class="fico-lock"></i>' : ''}</td></tr></table>
${floors.map((floor, i) => floorHtml(thread, floor, from + i + 1, visitor)).join('\n')}
<div id="postlistreply" class="pl"><div id="post_new" class="viewthread_table" style="display: none"></div></div></div>
${thread.closed ? `<div class="modact"><a href="#">本主题由 管理员 于 ${wallTime(lastAt(thread), 'minute')} 关闭</a></div>` : ''}
<div class="pgbtn"></div><div class="pgs mtm mbm cl">${pager(current, total, href)}</div>${form}`
  return shell(board, visitor, thread.title, body)
}

export const NOTICES = {
  gone: '抱歉，指定的主题不存在或已被删除或正在被审核',
  permission: '抱歉，本帖要求阅读权限高于 50 才能浏览',
  noBoard: '抱歉，指定的版块不存在',
  challenge: '页面重载开启',
} as const

export function messagePage(board: Board, visitor: Visitor, message: string, login = false): string {
  return shell(
    board,
    visitor,
    '提示信息',
    `<div id="messagetext" class="alert_error"><p>${escapeHtml(message)}</p></div>${login ? '<div id="messagelogin"></div><form name="login"></form>' : ''}`,
  )
}

/** Level 4 of the anti-flood option: under 1 kB, status 200, no board on it. */
export const challengePage = (charset: string): string =>
  `<html><head><meta charset="${charset}"><title>${NOTICES.challenge}</title></head><body><script>setTimeout(function(){location.reload()},1000)</script>${NOTICES.challenge}，请稍候</body></html>`

export function rss(board: Board, charset: string, fid: number | null): string {
  const threads = [...board.threads.values()]
    .filter(thread => !thread.deleted && (fid === null || thread.fid === fid))
    .sort((a, b) => (b.floors[0] as Floor).at - (a.floors[0] as Floor).at)
    .slice(0, 20)
  const items = threads.map(thread => {
    const first = thread.floors[0] as Floor
    const text = thread.loginOnly ? '' : first.text.slice(0, 100)
    return `<item><title>${escapeHtml(thread.title)}</title><link>forum.php?mod=viewthread&amp;tid=${thread.tid}</link><description><![CDATA[${lines(text)}]]></description><category>${escapeHtml(board.name)}</category><author>${escapeHtml(first.author.name)}</author><pubDate>${new Date(first.at).toUTCString().replace('GMT', '+0000')}</pubDate></item>`
  })
  return `<?xml version="1.0" encoding="${charset}"?>\n<rss version="2.0"><channel><title>${escapeHtml(board.name)}</title><link>/</link><ttl>60</ttl>${items.join('')}</channel></rss>`
}

export const emptyRss = (charset: string): string =>
  `<?xml version="1.0" encoding="${charset}"?>\n<rss version="2.0"><channel><title>x</title><link>/</link><ttl>60</ttl></channel></rss>`
