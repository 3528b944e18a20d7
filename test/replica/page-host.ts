import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One page under every address of a host on loopback, for pictures of it. */
export async function startPageHost(html: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((_request, reply) =>
    reply.setHeader('content-type', 'text/html; charset=utf-8').end(html),
  )
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/thread-1-1-1.html`,
    close: () => new Promise(done => server.close(() => done())),
  }
}
