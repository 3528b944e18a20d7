import { WARCRecord, WARCSerializer } from 'warcio'
import type { PageHead } from './pages.ts'

export interface WarcPage {
  head: PageHead
  body: Uint8Array
}

export interface WarcPicture {
  url: string
  /** ISO instant. */
  capturedAt: string
  png: Uint8Array
}

/** Bodies are kept unpacked, so headers that speak of packing or of another length would mislead a replay tool. */
const DROPPED = new Set([
  'content-encoding',
  'transfer-encoding',
  'content-length',
  'connection',
  'keep-alive',
])

const httpHeaders = (headers: Record<string, string>, length: number): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !DROPPED.has(name.toLowerCase()))
      // A header of the web must not begin a header of its own.
      .map(([name, value]) => [name, value.replace(/[\r\n]+/g, ' ')]),
  ),
  'content-length': String(length),
})

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** WARC/1.1, each record a gzip member: `response` for pages as received, `resource` for pictures of them. */
export async function makeWarc(
  pages: readonly WarcPage[],
  pictures: readonly WarcPicture[],
  made: { at: string; software: string },
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  const add = async (record: WARCRecord) => {
    parts.push(await WARCSerializer.serialize(record, { gzip: true }))
  }
  await add(
    WARCRecord.createWARCInfo(
      { filename: 'evidence.warc.gz', warcVersion: 'WARC/1.1', warcHeaders: { 'WARC-Date': made.at } },
      { software: made.software, format: 'WARC File Format 1.1' },
    ),
  )
  for (const { head, body } of pages)
    await add(
      WARCRecord.create(
        {
          url: head.url,
          date: head.receivedAt,
          type: 'response',
          warcVersion: 'WARC/1.1',
          statusline: `HTTP/1.1 ${head.status}`,
          httpHeaders: httpHeaders(head.headers, body.byteLength),
        },
        once(body),
      ),
    )
  for (const { url, capturedAt, png } of pictures)
    await add(
      WARCRecord.create(
        {
          url: `urn:screenshot:${url}`,
          date: capturedAt,
          type: 'resource',
          warcVersion: 'WARC/1.1',
          warcHeaders: { 'Content-Type': 'image/png' },
        },
        once(png),
      ),
    )
  return Buffer.concat(parts)
}
