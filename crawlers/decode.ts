import { isUtf8 } from 'node:buffer'
import chardet from 'chardet'
import iconv from 'iconv-lite'

/** gb2312 and gbk pages use characters of gb18030; it is the superset that every browser takes. */
function known(label: string | undefined): string | null {
  const name = label?.trim().toLowerCase().replace(/["']/g, '')
  if (!name) return null
  if (/^(gb2312|gbk|gb_2312.*|x-gbk|cp936|gb18030)$/.test(name)) return 'gb18030'
  return iconv.encodingExists(name) ? name : null
}

const ascii = (body: Uint8Array, length: number): string =>
  Buffer.from(body.buffer, body.byteOffset, Math.min(length, body.byteLength)).toString('latin1')

function declared(body: Uint8Array): string | null {
  const head = ascii(body, 4096)
  const xml = /<\?xml[^>]*encoding=["']?([\w-]+)/i.exec(head)
  const meta = /<meta[^>]*charset=["']?\s*([\w-]+)/i.exec(head)
  return known(xml?.[1]) ?? known(meta?.[1])
}

function byOrderMark(body: Uint8Array): string | null {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8'
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le'
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be'
  return null
}

/** Enough for a guess, from the first byte that is no ASCII. */
const TELLING = 16_384
const tellingPart = (body: Uint8Array): Uint8Array => {
  const from = Math.max(
    0,
    body.findIndex(byte => byte > 0x7f),
  )
  return body.subarray(from, from + TELLING)
}

/**
 * Charset by configuration, byte order mark, header, meta, then sniffing (sites.md §1.2). A header or meta that says
 * utf-8 over bytes that are not (a common lie of converted boards) gives way to what the bytes are.
 */
export function charsetOf(body: Uint8Array, contentType: string | undefined, forced?: string): string {
  const fromHeader = known(/charset=([^;]+)/i.exec(contentType ?? '')?.[1])
  const said = known(forced) ?? byOrderMark(body) ?? fromHeader ?? declared(body)
  if (said && (forced || said !== 'utf-8' || isUtf8(body))) return said
  if (isUtf8(body)) return 'utf-8'
  const sniffed = known(chardet.detect(tellingPart(body)) ?? undefined)
  if (sniffed && sniffed !== 'utf-8' && !/^(iso|windows|ascii)/.test(sniffed)) return sniffed
  return said ?? 'gb18030'
}

const UTF8 = new TextDecoder('utf-8')

/** Bytes that are none of the charset become U+FFFD. */
export const decode = (body: Uint8Array, charset: string): string =>
  charset === 'utf-8' || charset === 'utf8' ? UTF8.decode(body) : iconv.decode(Buffer.from(body), charset)
