import type { Floor, Thread } from '../board.ts'
import { filePath } from '../board-truth.ts'
import { escapeHtml, lines } from '../pages.ts'
import { floorsOf, paddedTime, pagesHtml, rowsOf, type Skin, type View } from './skin.ts'

const SIZE = 15
const ROWS = 20

const shell = ({ board }: View, title: string, body: string): string =>
  `<!doctype html>
<html><head><meta charset="utf-8" /><title>${escapeHtml(title)} - ${escapeHtml(board.name)} - Powered by phpwind</title>
<meta name="generator" content="phpwind v9.0.1" /></head>
<body><div class="wrap">${body}</div><div class="footer_wrap">Powered by phpwind v9.0.1</div></body></html>`

const userLink = ({ uid, name }: { uid: number; name: string }) =>
  `<a class="J_user_card_show" data-uid="${uid}" href="index.php?m=space&amp;uid=${uid}">${escapeHtml(name)}</a>`

const boardName = ({ board }: View, fid: number) => board.fids.find(each => each.fid === fid)?.name ?? ''
const crumbs = (view: View, fid: number, more = '') =>
  `<div class="bread_crumb"><a href="index.php" class="home">首页</a><em>&gt;</em><a href="index.php?m=bbs&amp;c=thread&amp;fid=${fid}">${boardName(view, fid)}</a>${more}</div>`

function row(thread: Thread): string {
  const { tid, fid, title } = thread
  const [first, last] = [thread.floors[0] as Floor, thread.floors.at(-1) as Floor]
  const href = `read.php?tid=${tid}&amp;fid=${fid}`
  const icon = thread.sticky ? 'icon_headtopic_1' : thread.closed ? 'icon_lock' : 'icon_topic'
  const cut = title.length > 18 ? `${title.slice(0, 18)}...` : title
  const type = thread.category
    ? `<a href="index.php?m=bbs&amp;c=thread&amp;fid=${fid}&amp;type=2" class="st">[${thread.category}]</a> `
    : ''
  return `<tr><td class="author"></td><td class="subject"><p class="title"><a href="${href}"><span class="posts_icon"><i class="${icon}"></i></span></a>${type}<a href="${href}" class="st" title="${escapeHtml(title)}">${escapeHtml(cut)}</a></p>
<p class="info">楼主：${userLink(first.author)}<span>${paddedTime(first.at, 'day')}</span> 最后回复：${userLink(last.author)}<span><a href="${href}&amp;page=e#a">${paddedTime(last.at, 'minute')}</a></span></p></td>
<td class="num"><span>回复<em>${thread.floors.length - 1}</em></span><span>浏览<em>${thread.views}</em></span></td></tr>`
}

const NAMES = ['楼主', '沙发', '板凳', '地板']

function content(floor: Floor): string {
  if (floor.blocked) return `<div class="editor_content">${nine.notices.blocked}</div>`
  if (floor.hidden)
    return `<div class="editor_content"><div class="content_hidden">${nine.notices.hidden}</div></div>`
  const quote = floor.quote
    ? `<blockquote class="blockquote cc"><span class="fl"><a href="#">${escapeHtml(floor.quote.author)}</a>：${lines(floor.quote.text)}</span><a href="#" class="return">回到原帖</a></blockquote>`
    : ''
  const smiley = floor.smiley ? '<img src="images/emotion/default/9.gif" />' : ''
  const images = floor.images.map(
    path => `<img class="J_post_img J_lazy" data-original="${path}" src="res/images/blank.gif" border="0" />`,
  )
  const edited = floor.editedAt
    ? `<div class="edit_log">[${escapeHtml(floor.author.name)}于${paddedTime(floor.editedAt, 'minute')}编辑了帖子]</div>`
    : ''
  const files = floor.files.map(
    ({ aid, name }) =>
      `<a class="J_post_attachs" data-id="${aid}" href="${escapeHtml(filePath('phpwind', '9', aid))}">${escapeHtml(name)}</a>`,
  )
  return `<div class="editor_content">${quote}${lines(floor.text)}${smiley}${images.join('')}</div>${edited}${files.join('')}`
}

function floorHtml(thread: Thread, floor: Floor, number: number): string {
  const head =
    number === 1
      ? `<div class="floor_title cc"><div class="post_num"><ul class="cc"><li class="hits">阅读：<em>${thread.views}</em></li><li class="replies">回复：<em id="topicRepliesNum">${thread.floors.length - 1}</em></li></ul></div><h1 id="J_post_title">${thread.category ? `<a href="index.php?type=2">[${thread.category}]</a>` : ''}${escapeHtml(thread.title)}</h1></div>`
      : ''
  const name = NAMES[number - 1] ?? `${number}楼`
  return `<div class="floor cc J_read_floor" id="read_${number === 1 ? 0 : floor.pid}"><table class="floor_table"><tr><td class="floor_left"><div class="floor_info"><div class="name">${userLink(floor.author)}</div></div></td>
<td class="box_wrap floor_right">${head}<div class="floor_top_tips cc"><span class="lou J_floor_copy">${name}<sup>#</sup></span><span class="fl">发布于：${paddedTime(floor.at, 'minute')}</span></div>
${content(floor)}</td></tr></table></div>`
}

export const nine: Skin = {
  engine: 'phpwind',
  charset: 'utf-8',
  precision: 'minute',
  robots: 'User-agent: *\nDisallow: /admin.php\nDisallow: /windid.php\nDisallow: /index.php?m=search\n',
  placeOf(url) {
    const page = Number(url.searchParams.get('page') ?? 1)
    if (url.pathname === '/read.php') return { thread: Number(url.searchParams.get('tid')), page }
    const isList = url.pathname === '/index.php' && url.searchParams.get('c') === 'thread'
    return isList ? { list: Number(url.searchParams.get('fid')), page } : null
  },
  list(view, fid, page) {
    const { rows, current, total } = rowsOf(view.board, fid, page, ROWS)
    const href = (n: number) => `index.php?m=bbs&amp;c=thread&amp;fid=${fid}&amp;page=${n}`
    return shell(
      view,
      boardName(view, fid),
      `${crumbs(view, fid)}<div class="thread_posts_list"><table width="100%" id="J_posts_list" summary="帖子列表">${rows.map(row).join('\n')}</table></div>${pagesHtml(current, total, 'strong', href)}`,
    )
  },
  thread(view, thread, page) {
    const { floors, from, current, total } = floorsOf(thread, page, SIZE)
    const href = (n: number) => `read.php?tid=${thread.tid}&amp;fid=${thread.fid}&amp;page=${n}`
    const here = `<em>&gt;</em><a href="read.php?tid=${thread.tid}">${escapeHtml(thread.title)}</a>`
    const drawn = floors.map((floor, i) => floorHtml(thread, floor, from + i + 1))
    return shell(
      view,
      thread.title,
      `${crumbs(view, thread.fid, here)}<div id="J_posts_list" class="read_page">${drawn.join('\n')}</div>${pagesHtml(current, total, 'strong', href)}`,
    )
  },
  message: (view, text) =>
    shell(view, '错误提示', `<div class="error_wrap"><div id="J_html_error">${text}</div></div>`),
  notices: {
    gone: '该帖子不存在或已被删除',
    login: '该版块只允许注册会员访问，请先登录',
    noBoard: '版块不存在',
    blocked: '用户被禁言,该主题自动屏蔽!',
    hidden: '本部分内容设定了隐藏,需要回复后才能看到',
  },
}
