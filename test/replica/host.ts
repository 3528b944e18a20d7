/** A web server on loopback that writes down who asked for what, and misbehaves where it is told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import iconv from 'iconv-lite'
import type { SourceConfig } from '../../crawlers/site.ts'
import type { RawPost } from '../../pipeline/post.ts'

export interface Asked {
  url: string
  at: number
  userAgent: string
}

/** Null: the page as it is. `silence`: no answer until `after` resolves, then a broken connection. */
export type Mishap =
  | { status: number; body: string; headers?: Record<string, string> }
  | { silence: Promise<void> }
export type Mood = (asked: Asked) => Mishap | null

/** A post as a perfect crawl holds it; our own clock, the raw wording and the address left out. */
export type Truth = Omit<RawPost, 'seenAt' | 'publishedRaw' | 'url'>

/** One place that is read, whatever kind it is. */
export interface ReplicaSite {
  url: string
  source: SourceConfig
  requests: Asked[]
  /** What it does instead of answering, request by request; tests set it. */
  host: {
    mood: Mood | null
    /** Requests that it was answering at the same time, at most. */
    most: number
  }
  robots: string
  /** What a perfect crawl holds now. */
  truth(): Truth[]
  /** Wording that must never be stored as a text. */
  nonPosts: string[]
  close(): Promise<void>
}

export interface HostOptions {
  now: () => number
  robots: string
  port?: number | undefined
  answer(request: IncomingMessage, response: ServerResponse, url: URL): void | Promise<void>
}

export interface Host extends Pick<ReplicaSite, 'url' | 'requests' | 'host' | 'robots' | 'close'> {}

export async function startHost({ now, robots, port = 0, answer }: HostOptions): Promise<Host> {
  const requests: Asked[] = []
  const host: ReplicaSite['host'] = { mood: null, most: 0 }
  let busy = 0

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = { url: request.url ?? '', at: now(), userAgent: request.headers['user-agent'] ?? '' }
    requests.push(asked)
    host.most = Math.max(host.most, ++busy)
    response.once('close', () => busy--)
    const mishap = host.mood?.(asked)
    if (mishap && 'silence' in mishap) {
      await mishap.silence
      response.destroy()
    } else if (mishap) {
      response.writeHead(mishap.status, { 'content-type': 'text/html; charset=utf-8', ...mishap.headers })
      response.end(mishap.body)
    } else if (asked.url === '/robots.txt')
      response.writeHead(200, { 'content-type': 'text/plain' }).end(robots)
    else await answer(request, response, new URL(asked.url, 'http://replica'))
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(error => {
      console.error(error)
      response.destroy()
    })
  })
  await new Promise<void>(done => server.listen(port, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    host,
    robots,
    async close() {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
}

export type Charset = 'utf-8' | 'gbk'
export const encoded = (text: string, charset: Charset): Buffer =>
  iconv.encode(text, charset === 'gbk' ? 'gb18030' : 'utf8')

export function sendText(
  response: ServerResponse,
  text: string,
  { status = 200, charset = 'utf-8' as Charset, type = 'text/html' } = {},
): void {
  response.writeHead(status, { 'content-type': `${type}; charset=${charset}` })
  response.end(encoded(text, charset))
}

/** A source on loopback, read as fast as it answers. */
export const replicaSource = (
  known: Pick<SourceConfig, 'id' | 'name' | 'engine' | 'url' | 'boards'> & Partial<SourceConfig>,
): SourceConfig => ({
  delaySeconds: 0,
  dailyCeiling: 100_000,
  basis: '模拟站点',
  owner: '办公室',
  retentionDays: 30,
  listPages: 50,
  visitSeconds: 10,
  allowPrivate: true,
  ...known,
})

/** At the precision that a page shows. */
export const shown = (
  at: number,
  precision: 'second' | 'minute',
): Pick<Truth, 'publishedAt' | 'publishedPrecision'> => {
  const unit = precision === 'second' ? 1_000 : 60_000
  return { publishedAt: new Date(Math.floor(at / unit) * unit).toISOString(), publishedPrecision: precision }
}
export const NO_COUNTS: Truth['counts'] = { views: null, replies: null, reposts: null, likes: null }
