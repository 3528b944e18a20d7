/** Thread pages of 20 floors on loopback, `ARGV[2]` of them listed; prints its address. A process of its own. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pageAt } from './crawl-pages.ts'

const count = Number(process.argv[2])
const server = createServer((request, response) => {
  const page = pageAt(request.url ?? '/', count)
  if (page === null) response.writeHead(404).end()
  else response.setHeader('content-type', 'text/html; charset=utf-8').end(page)
})
server.listen(0, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
)
