import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crawl } from '../../crawlers/crawl.ts'
import { memoryPace } from '../../crawlers/pace.ts'
import type { CrawlErrorKind, Delivery, SourceConfig } from '../../crawlers/site.ts'
import { engines, pageOf, savedPages, sourceOf } from './pages.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const MB = 1 << 20
const BOMB = gzipSync(Buffer.alloc(200 * MB, '<b>'), { level: 1 })
const html = { 'content-type': 'text/html; charset=utf-8' }
const say =
  (text: string, status = 200, headers: Record<string, string> = html): Answer =>
  (_request, response) =>
    void response.writeHead(status, headers).end(text)

/** 50 MB that keep coming for as long as somebody reads. */
const flood: Answer = (_request, response) => {
  response.writeHead(200, html)
  const chunk = Buffer.alloc(MB, '<p>x</p>')
  let sent = 0
  const more = () => {
    while (sent < 50 && !response.destroyed) {
      sent++
      if (!response.write(chunk)) return void response.once('drain', more)
    }
    response.end()
  }
  more()
}

const HOSTILE: [string, CrawlErrorKind | CrawlErrorKind[], Answer][] = [
  ['50 MB', 'tooLarge', flood],
  [
    '50 MB announced',
    'tooLarge',
    say('x'.repeat(5 * MB), 200, { ...html, 'content-length': String(5 * MB) }),
  ],
  [
    'a gzip bomb of 200 MB',
    'tooLarge',
    (_q, r) => void r.writeHead(200, { ...html, 'content-encoding': 'gzip' }).end(BOMB),
  ],
  ['a redirect loop', 'parse', (q, r) => void r.writeHead(302, { location: `${q.url}&again=1` }).end()],
  ['a redirect to another site', 'parse', say('', 302, { location: 'https://elsewhere.example.com/' })],
  ['a redirect to the machine itself', 'parse', say('', 302, { location: 'http://169.254.169.254/latest/' })],
  ['a redirect to nowhere', 'parse', say('', 301, { location: 'http://[' })],
  ['gzip that is none', 'network', say('<p>plain</p>', 200, { ...html, 'content-encoding': 'gzip' })],
  [
    'a connection cut in the middle',
    'network',
    (_q, r) => {
      r.writeHead(200, { ...html, 'content-length': '5000' })
      r.write('<p>')
      setTimeout(() => r.destroy(), 20)
    },
  ],
  ['a connection cut at once', 'network', q => q.socket.destroy()],
  [
    'bytes of no charset',
    ['parse', 'challenge', 'gone'],
    (_q, r) =>
      void r
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x80, 0x81, 0xfe, 0xff, 0xc3, 0x28])),
  ],
  [
    'a charset that does not exist',
    ['parse', 'gone', 'challenge'],
    say('<p>发表于</p>', 200, { 'content-type': 'text/html; charset=klingon' }),
  ],
  [
    'an error told with 200',
    ['parse', 'gone', 'challenge'],
    say(
      '<html><body><h1>Service Unavailable</h1><p>The server is temporarily busy, try again later.</p></body></html>',
    ),
  ],
  ['an empty answer', ['parse', 'gone', 'challenge'], say('')],
  ['nothing but a status', ['parse', 'gone', 'challenge'], say('', 204)],
  ['tags a hundred thousand deep', ['parse', 'gone', 'challenge'], say('<div>'.repeat(100_000))],
  ['a server error', 'network', say('<h1>502 Bad Gateway</h1>', 502)],
  ['403', 'challenge', say('Forbidden', 403)],
  ['418', 'challenge', say('teapot', 418)],
  ['429', 'throttled', say('slow down', 429)],
  ['432', 'challenge', say('', 432)],
]

let server: Server
let answer: Answer
let asked: string[]
let base: string

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/robots.txt') return void response.writeHead(404).end()
    asked.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise(done => server.close(done))
})

async function visit(source: SourceConfig) {
  asked = []
  const posts: Delivery['posts'] = []
  const [outcome] = await crawl([source], {
    memory: {
      thread: async () => null,
      readTo: async () => null,
      validators: async () => null,
    },
    pace: memoryPace(Date.now),
    now: Date.now,
    userAgent: 'changzhou-yuqing/test',
    deliver: async delivery => posts.push(...delivery.posts),
  })
  return { outcome, posts }
}

/** A source of the engine on our server, with the board of its first saved list. */
function sourceAt(engine: (typeof engines)[number]): SourceConfig {
  const saved = savedPages(engine).find(({ read, error }) => read === 'list' && !error)
  const source = sourceOf(engine, { url: base, source: { ...saved?.source, url: base } })
  return {
    ...source,
    boards: [{ key: engine === 'feed' || engine === 'article' ? '/list?x=1' : '1', name: '版块' }],
    allowPrivate: true,
    dailyCeiling: 1000,
  }
}

describe.each(HOSTILE)('%s', (_name, kinds, hostile) => {
  // What happens before a reader sees a page is the same for all of them.
  const affected = Array.isArray(kinds) ? engines : engines.slice(0, 2)
  it.each(affected)('gives %s an error of a known kind, and no post', async engine => {
    answer = hostile
    const { outcome, posts } = await visit(sourceAt(engine))
    expect(posts).toEqual([])
    expect(kinds).toContain(outcome?.error?.kind)
    expect(outcome?.error?.message).toMatch(/\p{Script=Han}/u)
    expect(asked.length, 'how often it was asked').toBeLessThanOrEqual(6)
  })
})

describe('a thread page that turns hostile', () => {
  it.each(['50 MB', 'a gzip bomb of 200 MB', 'a redirect loop', 'tags a hundred thousand deep'])(
    '%s costs that thread alone',
    async name => {
      const list = pageOf('discuz', savedPages('discuz').find(page => page.name === 'list-x34-gbk') as never)
      const good = pageOf(
        'discuz',
        savedPages('discuz').find(page => page.name === 'thread-x34-gbk-last-page') as never,
      )
      const hostile = HOSTILE.find(([known]) => known === name)?.[2] as Answer
      answer = (request, response) => {
        const url = request.url ?? ''
        if (url.includes('forumdisplay')) response.writeHead(200, list.headers).end(list.body)
        else if (url.includes('tid=73'))
          response.writeHead(200, { 'content-type': 'text/html; charset=gbk' }).end(good.body)
        else hostile(request, response)
      }
      const { outcome, posts } = await visit(sourceAt('discuz'))
      expect(outcome?.error?.kind).toMatch(/tooLarge|parse/)
      expect(posts.map(({ key }) => key)).toEqual(['73#921', '73#922'])
    },
  )
})

it('memory stays flat over twenty bombs', async () => {
  answer = HOSTILE.find(([name]) => name.startsWith('a gzip bomb'))?.[2] as Answer
  const source = sourceAt('discuz')
  for (let warm = 0; warm < 5; warm++) await visit(source)
  const before = process.memoryUsage.rss()
  for (let n = 0; n < 20; n++) await visit(source)
  expect((process.memoryUsage.rss() - before) / MB).toBeLessThan(60)
})
