import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import iconv from 'iconv-lite'
import { Board } from './board.ts'
import { boardTruth } from './board-truth.ts'
import { type Charset, encoded, type ReplicaSite, replicaSource, startHost } from './host.ts'
import { liveOn, populate } from './life.ts'
import {
  challengePage,
  emptyRss,
  listPage,
  messagePage,
  NOTICES,
  rss,
  threadPage,
  type Visitor,
} from './pages.ts'

export interface ReplicaOptions {
  charset: Charset
  now: () => number
  port?: number
  /** Threads keep coming: ms between steps; none = it stands still. */
  lifeMs?: number
  seed?: number
  threads?: number
  /** Its boards; two by default. */
  fids?: { fid: number; name: string }[]
  id?: string
  name?: string
}

/** A Discuz! board that people can sign in to. */
export interface Replica extends ReplicaSite {
  board: Board
  charset: Charset
  credentials: { name: string; password: string; uid: string }
}

const FIDS = [
  { fid: 2, name: '百姓呼声' },
  { fid: 36, name: '龙城茶座' },
]

const ROBOTS = `User-agent: *
Disallow: /api/
Disallow: /search.php
Disallow: /member.php
Disallow: /forum.php?mod=redirect*
Disallow: /forum.php?mod=post*
Disallow: /forum.php?mod=forumdisplay&fid=99
`

/** Starts one board on loopback; everything it shows comes from `board`. */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { charset, now, seed = 1 } = options
  const name = options.name ?? (charset === 'gbk' ? '化龙巷（模拟）' : '中吴网（模拟）')
  const board = new Board(name, options.fids ?? FIDS)
  const credentials = { name: '常州应急管理', password: randomBytes(6).toString('hex'), uid: '' }
  credentials.uid = String(board.user(credentials.name).uid)
  populate(board, seed, now(), options.threads)
  const sessions = new Map<string, { uid: number; name: string; formhash: string }>()
  let rssIsStale = true

  function visitorOf(request: IncomingMessage): Visitor {
    const token = /czbb_auth=([0-9a-f]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
    return { now: now(), charset, user: sessions.get(token) ?? null }
  }

  async function formOf(request: IncomingMessage): Promise<Map<string, string>> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const fields = Buffer.concat(chunks).toString('latin1').split('&')
    const decodeField = (text: string) => {
      const bytes = text
        .replaceAll('+', ' ')
        .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      return iconv.decode(Buffer.from(bytes, 'latin1'), charset === 'gbk' ? 'gb18030' : 'utf8')
    }
    return new Map(fields.map(field => field.split('=').map(decodeField) as [string, string]))
  }

  function send(
    response: ServerResponse,
    status: number,
    html: string,
    headers: Record<string, string> = {},
  ): void {
    response.writeHead(status, { 'content-type': `text/html; charset=${charset}`, ...headers })
    response.end(encoded(html, charset))
  }

  function showThread(response: ServerResponse, visitor: Visitor, tid: number, page: number): void {
    const stub = [...board.threads.values()].find(({ movedStub }) => movedStub?.tid === tid)
    if (stub) {
      response.writeHead(302, { location: `/forum.php?mod=viewthread&tid=${stub.tid}` }).end()
      return
    }
    const thread = board.threads.get(tid)
    if (!thread || thread.deleted) send(response, 404, messagePage(board, visitor, NOTICES.gone))
    else if (thread.loginOnly && !visitor.user)
      send(response, 200, messagePage(board, visitor, NOTICES.permission, true))
    else send(response, 200, threadPage(board, visitor, thread, page))
  }

  async function logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await formOf(request)
    if (form.get('username') !== credentials.name || form.get('password') !== credentials.password)
      return send(response, 200, '<root><![CDATA[登录失败，您还可以尝试 4 次]]></root>')
    const token = randomBytes(12).toString('hex')
    const formhash = createHash('md5').update(token).digest('hex').slice(0, 8)
    sessions.set(token, { uid: Number(credentials.uid), name: credentials.name, formhash })
    return send(response, 200, "<root><![CDATA[succeedhandle_login('/')]]></root>", {
      'set-cookie': `czbb_auth=${token}; HttpOnly`,
    })
  }

  async function reply(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const visitor = visitorOf(request)
    const form = await formOf(request)
    const thread = board.threads.get(Number(url.searchParams.get('tid')))
    const refuse = (text: string) => send(response, 200, `<root><![CDATA[${text}]]></root>`)
    if (!visitor.user) return refuse('抱歉，您尚未登录，没有权限在该版块回帖')
    if (form.get('formhash') !== visitor.user.formhash) return send(response, 503, 'Discuz! System Error')
    if (!thread || thread.deleted) return refuse(NOTICES.gone)
    if (thread.closed) return refuse('抱歉，本主题已关闭，不再接受新内容')
    const floor = board.addReply(thread.tid, {
      author: visitor.user.name,
      at: now(),
      text: form.get('message') ?? '',
    })
    return send(
      response,
      200,
      `<root><![CDATA[succeedhandle_fastpost('forum.php?mod=viewthread&tid=${thread.tid}&pid=${floor.pid}#pid${floor.pid}', '', {'pid':'${floor.pid}'})]]></root>`,
    )
  }

  function feed(response: ServerResponse, url: URL): void {
    const fid = url.searchParams.get('fid')
    const xml = rssIsStale ? emptyRss(charset) : rss(board, charset, fid === null ? null : Number(fid))
    rssIsStale = !rssIsStale
    response.writeHead(200, { 'content-type': 'application/xml' })
    response.end(encoded(xml, charset))
  }

  async function answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const visitor = visitorOf(request)
    const mod = url.searchParams.get('mod')
    const page = Number(url.searchParams.get('page') ?? 1)
    if (board.challenge) return send(response, 200, challengePage(charset))
    if (board.closedNotice) return send(response, 200, messagePage(board, visitor, board.closedNotice))
    if (request.method === 'POST' && mod === 'logging') return logIn(request, response)
    if (request.method === 'POST' && mod === 'post') return reply(request, response, url)
    if (mod === 'rss') return feed(response, url)
    const rewritten = /^\/(forum|thread)-(\d+)-(\d+)(?:-\d+)?\.html$/.exec(url.pathname)
    if (mod === 'viewthread' || rewritten?.[1] === 'thread')
      return showThread(
        response,
        visitor,
        Number(rewritten?.[2] ?? url.searchParams.get('tid')),
        Number(rewritten?.[3] ?? page),
      )
    if (mod === 'forumdisplay' || rewritten?.[1] === 'forum') {
      const fid = Number(rewritten?.[2] ?? url.searchParams.get('fid'))
      if (!board.fids.some(each => each.fid === fid))
        return send(response, 200, messagePage(board, visitor, NOTICES.noBoard))
      return send(response, 200, listPage(board, visitor, fid, Number(rewritten?.[3] ?? page)))
    }
    if (mod === 'redirect') {
      const tid = url.searchParams.get('ptid') ?? url.searchParams.get('tid')
      response.writeHead(302, { location: `/forum.php?mod=viewthread&tid=${tid}` }).end()
      return
    }
    if (url.pathname === '/') return send(response, 200, listPage(board, visitor, 2, 1))
    return send(response, 404, '<html><head><title>404 Not Found</title></head><body>404</body></html>')
  }

  const host = await startHost({ now, robots: ROBOTS, port: options.port, answer })
  let step = 0
  const timer = options.lifeMs
    ? setInterval(() => liveOn(board, step++, seed, now()), options.lifeMs)
    : undefined
  const source = replicaSource({
    id: options.id ?? (charset === 'gbk' ? 'replica-gbk' : 'replica-utf8'),
    name,
    engine: 'discuz',
    url: host.url,
    boards: board.fids.map(({ fid, name: boardName }) => ({ key: String(fid), name: boardName })),
  })
  return {
    ...host,
    source,
    board,
    charset,
    credentials,
    truth: () => boardTruth(board, source, 'second'),
    nonPosts: [
      ...Object.values(NOTICES),
      '作者被禁止或删除',
      '本帖最后由',
      '回复</a>',
      '隐藏内容',
      '人参与投票',
    ],
    async close() {
      clearInterval(timer)
      await host.close()
    },
  }
}
