/**
 * Our own HTTP client for Crawlee: bytes kept as received, a size cap (a gzip bomb stops at it), private addresses
 * refused after resolution, no redirect followed unseen, an honest User-Agent.
 */
import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { type Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { BaseHttpClient, HttpRequest, StreamingHttpResponse } from '@crawlee/http'
import { Agent, request as send } from 'undici'
import { CrawlError } from './site.ts'

const PRIVATE = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, bits)
for (const [net, bits] of [
  // Loopback, and IPv4 addresses in IPv6 clothes: translated (NAT64), tunnelled (6to4), compatible.
  ['::', 96],
  ['64:ff9b::', 96],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6')

export const isPrivateAddress = (ip: string): boolean => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  return mapped ? PRIVATE.check(mapped, 'ipv4') : PRIVATE.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4')
}

export const MAX_BYTES = 4 << 20
const TIMEOUT_MS = 30_000
/** Header in which the server's own Content-Type travels; Crawlee re-encodes what it takes for text. */
export const RECEIVED_TYPE = 'x-received-content-type'

export interface ClientOptions {
  userAgent: string
  /** Hosts (`host:port`) that may stand on a private address: replicas, intranet. */
  allowPrivate: ReadonlySet<string>
  signal?: AbortSignal | undefined
  maxBytes?: number
}

export interface Received {
  status: number
  headers: Record<string, string>
  stream: Readable
}

export class PoliteClient implements BaseHttpClient {
  readonly #options: ClientOptions
  readonly #guarded: Agent
  readonly #open: Agent

  constructor(options: ClientOptions) {
    this.#options = options
    const common = { connections: 1, pipelining: 1, headersTimeout: 15_000, bodyTimeout: 15_000 }
    this.#guarded = new Agent({ ...common, connect: { lookup: guardedLookup, timeout: 10_000 } })
    this.#open = new Agent({ ...common, connect: { timeout: 10_000 } })
  }

  async close(): Promise<void> {
    await Promise.all([this.#guarded.destroy(), this.#open.destroy()])
  }

  /** One GET without redirects. @throws CrawlError network, tooLarge. */
  async open(address: string, headers: Record<string, string> = {}): Promise<Received> {
    const url = new URL(address)
    const mayBePrivate = this.#options.allowPrivate.has(url.host)
    const literal = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(literal) && isPrivateAddress(literal) && !mayBePrivate)
      throw new CrawlError('network', address, '内网地址不可访问')
    const abort = new AbortController()
    const stop = () => abort.abort(this.#options.signal?.reason)
    // A timer that is cleared: AbortSignal.timeout keeps every page alive until it fires.
    const timer = setTimeout(() => abort.abort(new Error('timeout')), TIMEOUT_MS)
    this.#options.signal?.addEventListener('abort', stop)
    const release = () => {
      clearTimeout(timer)
      this.#options.signal?.removeEventListener('abort', stop)
    }
    try {
      const answer = await send(url, {
        method: 'GET',
        headers: {
          'user-agent': this.#options.userAgent,
          accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5',
          'accept-language': 'zh-CN',
          'accept-encoding': 'gzip, deflate, br',
          ...headers,
        },
        dispatcher: mayBePrivate ? this.#open : this.#guarded,
        signal: abort.signal,
      })
      const plain = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, String(value ?? '')]),
      )
      const stream = this.#capped(answer.body, plain, address)
      stream.on('close', release)
      return { status: answer.statusCode, headers: plain, stream }
    } catch (error) {
      release()
      throw asCrawlError(error, address)
    }
  }

  /** Unpacked and cut off at the cap. */
  #capped(body: Readable, headers: Record<string, string>, url: string): Readable {
    const max = this.#options.maxBytes ?? MAX_BYTES
    const tooLarge = () => new CrawlError('tooLarge', url, `页面超过 ${max >> 20} MB`)
    let size = 0
    const cap = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length
        if (size > max) done(tooLarge())
        else done(null, chunk)
      },
    })
    const encoding = headers['content-encoding'] ?? ''
    const unpack = /gzip/.test(encoding)
      ? createGunzip()
      : /br/.test(encoding)
        ? createBrotliDecompress()
        : /deflate/.test(encoding)
          ? createInflate()
          : null
    const chain: Readable[] = unpack ? [body, unpack, cap] : [body, cap]
    for (let at = 0; at + 1 < chain.length; at++) {
      const [from, to] = [chain[at] as Readable, chain[at + 1] as Transform]
      from.on('error', error => to.destroy(asCrawlError(error, url)))
      to.on('close', () => {
        if (!from.readableEnded) from.destroy()
      })
      from.pipe(to)
    }
    return cap
  }

  async stream(request: HttpRequest): Promise<StreamingHttpResponse> {
    const url = String(request.url)
    const headers = Object.fromEntries(
      Object.entries(request.headers ?? {}).flatMap(([name, value]) =>
        value === undefined ? [] : [[name.toLowerCase(), String(value)]],
      ),
    )
    const { status, headers: received, stream } = await this.open(url, headers)
    const { 'content-type': type, 'content-encoding': _unpacked, ...rest } = received
    return {
      stream,
      request,
      redirectUrls: [],
      url,
      statusCode: status,
      headers: { ...rest, [RECEIVED_TYPE]: type ?? '', 'content-type': 'application/octet-stream' },
      trailers: {},
      complete: true,
      downloadProgress: { percent: 1, transferred: 0 },
      uploadProgress: { percent: 1, transferred: 0 },
    } as unknown as StreamingHttpResponse
  }

  async sendRequest(): Promise<never> {
    throw new Error('Crawlee must read pages through stream()')
  }
}

/** Resolves names, refuses those that stand on a private address. */
export const guardedLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '')
    const list = addresses as unknown as { address: string; family: number }[]
    const found = list.find(({ address }) => isPrivateAddress(address))
    if (found) return done(new Error(`private address ${found.address}`), '')
    if (options.all) return done(null, list as never)
    return done(null, list[0]?.address ?? '', list[0]?.family)
  })
}

/** What people read instead of the words of undici and Node. */
const SAID: readonly [RegExp, string][] = [
  [/ECONNREFUSED/, '对方拒绝连接'],
  [/ENOTFOUND|EAI_AGAIN/, '查不到这个域名'],
  [/TIMEOUT|ETIMEDOUT|\btimeout\b/i, '对方没有在时限内回答'],
  [/UND_ERR_SOCKET|ECONNRESET|EPIPE|other side closed/, '对方中断了连接'],
  [/CERT|SSL|TLS|self.signed/i, '网站的证书有问题'],
  [/EHOSTUNREACH|ENETUNREACH/, '本机到不了对方的网络'],
]

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

/** The connection broke while it was asked over: one that stood idle may have been closed meanwhile. */
export const isCutOff = (error: unknown): boolean =>
  error instanceof CrawlError && /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(codeOf(error.cause))

export const asCrawlError = (error: unknown, url: string): CrawlError => {
  if (error instanceof CrawlError) return error
  const message = error instanceof Error ? error.message : String(error)
  const isPrivate = message.includes('private address')
  const said = SAID.find(([words]) => words.test(`${codeOf(error)} ${message}`))?.[1] ?? message
  return new CrawlError('network', url, isPrivate ? '内网地址不可访问' : `网络不通：${said}`, {
    cause: error,
  })
}
