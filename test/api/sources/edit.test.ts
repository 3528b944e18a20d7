import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAudit } from '../../../api/audit.ts'
import { maskName } from '../../../api/mask.ts'
import type { ProbeView, SourceDetail, SourceDraft, SourceView } from '../../../api/sources/routes.ts'
import { seedSources } from '../../../api/sources/store.ts'
import { asCrawlError, isPrivateAddress } from '../../../crawlers/client.ts'
import { type Replica, startReplica } from '../../replica/index.ts'
import { type TestContext, testContext } from '../context.ts'

/** A site that forbids one board, shuts out another path by a wall, and sends one address elsewhere. */
async function startOddSite(): Promise<{ server: Server; host: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    if (path === '/robots.txt')
      return response.end('User-agent: *\nDisallow: /secret/\nDisallow: /feed-b.xml\n')
    if (path === '/feed.xml' || path === '/feed-b.xml')
      return response.end(
        '<rss version="2.0"><channel><title>小区通知</title><item><title>停水通知</title><link>http://x.cn/1</link><guid>1</guid><description>今晚停水</description></item></channel></rss>',
      )
    if (path === '/away') return response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()
    if (path === '/to-secret') return response.writeHead(302, { location: '/secret/page' }).end()
    if (path === '/hiccup' && asked.filter(each => each === path).length === 1) return request.destroy()
    if (path === '/wall') return response.writeHead(403).end()
    return response.end('<p>你好</p>')
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

let test: TestContext
let replica: Replica
let gbk: Replica
/** The clock runs, since hosts are waited for, and is put forward where a test need not wait. */
let skew = 0
let odd: Awaited<ReturnType<typeof startOddSite>>
beforeAll(async () => {
  odd = await startOddSite()
  replica = await startReplica({ charset: 'utf-8', now: Date.now, seed: 5, threads: 30, name: '龙城论坛' })
  gbk = await startReplica({ charset: 'gbk', now: Date.now, seed: 6, threads: 30, name: '湖塘论坛' })
  const hosts = [odd.host, new URL(replica.url).host]
  test = await testContext(Date.now(), { env: { PRIVATE_HOSTS: hosts.join(',') } })
  Object.defineProperty(test.clock, 'now', { get: () => Date.now() + skew })
})
afterAll(async () => {
  await test.close()
  await replica.close()
  await gbk.close()
  odd.server.closeAllConnections()
  await new Promise(done => odd.server.close(done))
})

const tried = async (url: string, login = 'office') => {
  // A host that was just asked is left alone for its delay; here nobody has to wait for that.
  skew += 60_000
  return test.as(login)('POST', '/api/sources/probe', { url })
}
const draftOf = (probe: ProbeView, over: Partial<SourceDraft> = {}): SourceDraft => ({
  name: probe.name,
  engine: probe.engine ?? 'manual',
  url: probe.base,
  boards: probe.boards.map(({ key, name }) => ({ key, name })),
  delaySeconds: 0,
  dailyCeiling: 500,
  basis: '公开页面',
  owner: '办公室',
  retentionDays: 365,
  ...over,
})
const viewOf = async (id: string): Promise<SourceView> =>
  ((await test.as('duty')('GET', '/api/sources')).json() as SourceView[]).find(
    each => each.id === id,
  ) as SourceView
const detailOf = async (id: string): Promise<SourceDetail> =>
  (await test.as('duty')('GET', `/api/sources/${id}`)).json()

describe('a pasted address is tried', () => {
  it('a board: engine, its list and one thread as they are read', async () => {
    const probe: ProbeView = (await tried(`${replica.url}forum-2-1.html`)).json()
    expect(probe).toMatchObject({ engine: 'discuz', role: 'list', fault: null, known: null })
    expect(probe.boards).toEqual([{ key: '2', name: expect.any(String), forbidden: false }])
    expect(probe.list?.fault).toBeNull()
    expect(probe.list?.rows.length).toBeGreaterThan(5)
    const row = probe.list?.rows.find(({ sticky }) => !sticky)
    expect(replica.board.thread(Number(row?.key)).title).toBe(row?.title)
    const first = probe.thread?.posts[0]
    const tid = Number(first?.key)
    expect(first).toMatchObject({
      // S-38: enough to see that it was read.
      author: maskName(replica.board.thread(tid).floors[0]?.author.name ?? null),
      publishedPrecision: 'second',
      publishedAt: replica.board.thread(tid).floors[0]?.at,
    })
    expect(probe.thread?.unread).toEqual([])
  })

  it('a feed; an address without scheme; a page that is nothing of the kind', async () => {
    const feed: ProbeView = (await tried(`http://${odd.host}/feed.xml`)).json()
    expect(feed).toMatchObject({ engine: 'feed', role: 'feed', name: expect.any(String) })
    expect(feed.thread?.posts[0]).toMatchObject({
      title: '停水通知',
      text: expect.stringContaining('今晚停水'),
    })
    const nothing: ProbeView = (await tried(`http://${odd.host}/`)).json()
    expect(nothing).toMatchObject({ engine: null, why: [expect.stringContaining('人工录入')] })
    expect((await tried('ftp://x.cn/a')).json().fault.message).toContain('请粘贴完整的网址')
    expect((await tried('http://user:pass@x.cn/')).json().fault.message).toContain('请粘贴完整的网址')
  })

  it('a connection that breaks is no reason to give up; one that nobody answers is told in Chinese', async () => {
    const probe: ProbeView = (await tried(`http://${odd.host}/hiccup`)).json()
    expect([probe.fault, odd.asked.filter(path => path === '/hiccup').length]).toEqual([null, 2])
    const { message } = asCrawlError(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'http://x.cn/')
    expect(message).toBe('网络不通：对方拒绝连接')
  })

  it('what robots.txt forbids is told and never asked for, not behind a redirect either', async () => {
    for (const path of ['/secret/page', '/to-secret']) {
      const probe: ProbeView = (await tried(`http://${odd.host}${path}`)).json()
      expect(probe.fault).toMatchObject({ kind: 'robots', message: 'robots.txt 不允许访问此路径' })
    }
    expect(odd.asked).not.toContain('/secret/page')
  })

  it('no private address but those that the operator named, whatever it looks like', async () => {
    for (const url of [
      gbk.url,
      'http://127.0.0.1:9/',
      'http://2130706433/',
      'http://[::ffff:127.0.0.1]/',
      'http://localhost/',
      `http://${odd.host}/away`,
    ])
      expect((await tried(url)).json().fault.message, url).toMatch(/内网地址不可访问|网络不通/)
    expect(gbk.requests).toEqual([])
    const inside = ['::1', '::7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', 'fec0::1', 'ff02::1', '192.0.0.8']
    expect(inside.filter(ip => !isPrivateAddress(ip))).toEqual([])
    expect(['8.8.8.8', '2400:3200::1', '::ffff:8.8.8.8'].filter(isPrivateAddress)).toEqual([])
  })

  it('a host that refuses is left alone by the crawl too', async () => {
    expect((await tried(`http://${odd.host}/wall`)).json().fault.kind).toBe('challenge')
    const before = odd.asked.length
    expect((await tried(`http://${odd.host}/feed.xml`)).json().fault.message).toContain('暂停访问该站')
    expect(odd.asked.length).toBe(before)
    await test.context.db.updateTable('host').set({ breaker_until: null, breaker_level: 0 }).execute()
  })

  it('only 办公室 tries addresses', async () => {
    expect((await tried(replica.url, 'duty')).statusCode).toBe(403)
    expect((await tried(replica.url, 'admin')).statusCode).toBe(403)
  })
})

describe('a source is added, edited, switched', () => {
  let id: string

  it('added as tried, with who and why; the same again gets an id of its own', async () => {
    const probe: ProbeView = (await tried(`${replica.url}forum-2-1.html`)).json()
    const body = { source: draftOf(probe), why: '街道反映这里帖子多' }
    const answer = await test.as('office')('POST', '/api/sources', body)
    expect(answer.statusCode, answer.body).toBe(200)
    id = answer.json().id
    expect(await viewOf(id)).toMatchObject({
      name: '龙城论坛',
      enabled: true,
      health: 'waiting',
      owner: '办公室',
    })
    expect((await detailOf(id)).versions).toMatchObject([
      { version: 1, by: expect.any(String), why: '街道反映这里帖子多', changes: [] },
    ])
    expect((await readAudit(test.context.db, 'source', id)).map(({ action }) => action)).toEqual(['add'])
    expect(((await tried(`${replica.url}forum-2-1.html`)).json() as ProbeView).known).toMatchObject({ id })
  })

  it('a board that robots.txt forbids can’t be added, nor edited in', async () => {
    skew += 60_000
    const source = draftOf(
      { name: '通知', engine: 'feed', base: `http://${odd.host}/`, boards: [] } as never,
      {
        boards: [
          { key: '/feed.xml', name: '甲' },
          { key: '/feed-b.xml', name: '乙' },
        ],
      },
    )
    const refused = await test.as('office')('POST', '/api/sources', { source, why: '试试' })
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'source.robots'])
    expect(refused.json().message).toContain('「乙」')
    skew += 60_000
    const allowed = { ...source, boards: source.boards.slice(0, 1) }
    const added = await test.as('office')('POST', '/api/sources', { source: allowed, why: '试试' })
    expect(added.statusCode, added.body).toBe(200)
    skew += 60_000
    const edited = await test.as('office')('PUT', `/api/sources/${added.json().id}`, {
      source,
      why: '再加一个',
      version: 1,
    })
    expect(edited.json().code).toBe('source.robots')
    expect((await detailOf(added.json().id)).version).toBe(1)
  })

  it('what is filled in wrongly is named, and nothing is stored', async () => {
    const count = async () => (await test.context.db.selectFrom('source').select('id').execute()).length
    const before = await count()
    const good = (await detailOf(id)).source
    for (const [over, said] of [
      [{ boards: [] }, '请至少填写一个要看的版块'],
      [{ variant: 'unfug' }, '「unfug」不认识'],
      [{ boards: [good.boards[0], good.boards[0]] }, '填了两次'],
      [{ url: 'https://bbs.example.cn/', delaySeconds: 1 }, '不得少于 2 秒'],
    ] as const) {
      const answer = await test.as('office')('POST', '/api/sources', {
        source: { ...good, ...over },
        why: '试试',
      })
      expect(answer.statusCode).toBe(400)
      expect(answer.json().message).toContain(said)
    }
    expect(await count()).toBe(before)
  })

  it('edited and switched with versions; what is no longer current is refused', async () => {
    skew += 60_000
    const { source, version } = await detailOf(id)
    const edit = {
      source: { ...source, delaySeconds: 5, name: '龙城论坛（百姓呼声）' },
      why: '放慢些',
      version,
    }
    expect((await test.as('office')('PUT', `/api/sources/${id}`, edit)).statusCode).toBe(200)
    expect((await test.as('office')('PUT', `/api/sources/${id}`, edit)).json().code).toBe('source.stale')
    const off = { enabled: false, why: '站方要求', version: version + 1 }
    expect((await test.as('officehead')('PATCH', `/api/sources/${id}`, off)).statusCode).toBe(200)
    expect(await viewOf(id)).toMatchObject({ enabled: false, reason: '站方要求', delaySeconds: 5 })
    const on = { enabled: true, why: '已经谈妥', version: version + 2 }
    expect((await test.as('office')('PATCH', `/api/sources/${id}`, on)).statusCode).toBe(200)
    expect(await viewOf(id)).toMatchObject({ enabled: true, reason: null })
    const { versions } = await detailOf(id)
    expect(versions.map(({ why, changes }) => [why, changes.map(({ field }) => field)])).toEqual([
      ['已经谈妥', ['状态']],
      ['站方要求', ['状态']],
      ['放慢些', ['名称', '访问间隔（秒）']],
      ['街道反映这里帖子多', []],
    ])
    expect((await test.as('duty')('PUT', `/api/sources/${id}`, edit)).statusCode).toBe(403)
    expect((await test.as('office')('PATCH', '/api/sources/none', on)).json().code).toBe('source.unknown')
  })

  it('what changes nothing makes no version', async () => {
    skew += 60_000
    const { source, version } = await detailOf(id)
    const same = { source, why: '没有改什么', version }
    const answer = await test.as('office')('PUT', `/api/sources/${id}`, same)
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'source.same'])
    const on = { enabled: true, why: '已经启用', version }
    expect((await test.as('office')('PATCH', `/api/sources/${id}`, on)).json().code).toBe('source.same')
    expect((await detailOf(id)).version).toBe(version)
  })

  it('lists and selectors are edited like the rest; a wrong name is told with those that there are', async () => {
    skew += 60_000
    const put = async (over: Partial<SourceDraft>) => {
      const { source, version } = await detailOf(id)
      const body = { source: { ...source, ...over }, why: '改版了', version }
      return test.as('office')('PUT', `/api/sources/${id}`, body)
    }
    const wrong = await put({ selectors: { unfug: '.x' } })
    expect([wrong.statusCode, wrong.json().message]).toEqual([400, expect.stringContaining('rowTitle')])
    const more = { orders: ['lastReply' as const, 'newest' as const], selectors: { body: '.post-body' } }
    expect((await put(more)).statusCode).toBe(200)
    expect((await detailOf(id)).source).toMatchObject(more)
    expect((await detailOf(id)).versions[0]?.changes).toEqual([
      { field: '看哪个列表', from: '（空）', to: '按最后回复、按最新发帖' },
      { field: '读取规则', from: '（空）', to: 'body：.post-body' },
    ])
    expect((await put({ orders: [], selectors: {} })).statusCode).toBe(200)
    expect((await detailOf(id)).source).toMatchObject({ orders: null, selectors: null })
  })

  it('a source of the file has its first version, and keeps what a form leaves out', async () => {
    const file = {
      ...replica.source,
      id: 'from-file',
      orders: ['newest' as const],
      selectors: { closed: '.x' },
    }
    await test.context.db.transaction().execute(trx => seedSources(trx, [file], test.clock.now))
    const { source, versions } = await detailOf('from-file')
    expect(versions).toMatchObject([{ version: 1, by: null, why: '由配置文件载入' }])
    skew += 60_000
    const edit = { source: { ...source, owner: '应急指挥中心' }, why: '换人负责', version: 1 }
    const answer = await test.as('office')('PUT', '/api/sources/from-file', edit)
    expect(answer.statusCode, answer.body).toBe(200)
    const row = await test.context.db
      .selectFrom('source')
      .select('config')
      .where('id', '=', 'from-file')
      .executeTakeFirstOrThrow()
    expect(JSON.parse(row.config)).toMatchObject({
      owner: '应急指挥中心',
      orders: ['newest'],
      selectors: { closed: '.x' },
      allowPrivate: true,
    })
  })
})
