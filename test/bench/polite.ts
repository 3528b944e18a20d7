/**
 * Thirty hosts that answer in 1-3 s, each with what it asks for: a delay, some a Crawl-delay, some a ceiling. In real
 * time, for a minute: how much of what is allowed was used, and whether more was.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { crawl } from '../../crawlers/crawl.ts'
import { memoryPace } from '../../crawlers/pace.ts'
import type { SourceConfig } from '../../crawlers/site.ts'
import { randomFrom } from '../replica/random.ts'
import { pageAt } from './crawl-pages.ts'

const HOSTS = 30
const DELAY_SECONDS = 2
const CRAWL_DELAY_SECONDS = 4
const CEILING = 6
const THREADS = 500

interface Host {
  source: SourceConfig
  delayMs: number
  ceiling: number
  /** Beginning and end of every answer. */
  answers: { from: number; to: number }[]
  close(): Promise<void>
}

async function startHost(at: number): Promise<Host> {
  const random = randomFrom(at)
  const answers: Host['answers'] = []
  // Every sixth asks for more time, every sixth allows few pages a day.
  const isSlow = at % 6 === 0
  const ceiling = at % 6 === 3 ? CEILING : 100_000
  const server = createServer(async (request, response) => {
    const answer = { from: performance.now(), to: Number.POSITIVE_INFINITY }
    answers.push(answer)
    await wait(1_000 + random.below(2_000))
    const page = pageAt(request.url ?? '/', THREADS)
    response.setHeader('content-type', page === null ? 'text/plain' : 'text/html; charset=utf-8')
    response.end(
      page ?? `User-agent: *\nDisallow: /x${isSlow ? `\nCrawl-delay: ${CRAWL_DELAY_SECONDS}` : ''}`,
    )
    answer.to = performance.now()
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const source: SourceConfig = {
    id: `host-${at}`,
    name: `第 ${at} 站`,
    engine: 'discuz',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    boards: [{ key: '2', name: '百姓呼声' }],
    delaySeconds: DELAY_SECONDS,
    dailyCeiling: ceiling,
    basis: '测速',
    owner: '办公室',
    retentionDays: 1,
    allowPrivate: true,
  }
  return {
    source,
    delayMs: (isSlow ? CRAWL_DELAY_SECONDS : DELAY_SECONDS) * 1000,
    ceiling,
    answers,
    async close() {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
}

/** Time that answers and the delays after them take up, of the time that there was; a host that was read out counts 1. */
function shareOf({ answers, delayMs, ceiling }: Host, end: number): number {
  if (answers.length >= ceiling) return 1
  const first = answers[0]
  if (!first) return 0
  const used = answers.reduce(
    (sum, { from, to }) => sum + Math.min(to + delayMs, end) - Math.min(from, end),
    0,
  )
  return used / (end - first.from)
}

/** Requests that came before the delay was over, or beyond the ceiling. */
const tooMany = ({ answers, delayMs, ceiling }: Host): number =>
  answers.filter(({ from }, i) => i >= ceiling || (i > 1 && from < (answers[i - 1]?.to ?? 0) + delayMs - 50))
    .length

export async function politeRun(
  seconds: number,
): Promise<{ share: number; requests: number; broken: number; hosts: number }> {
  const hosts = await Promise.all(Array.from({ length: HOSTS }, (_, at) => startHost(at)))
  const stop = AbortSignal.timeout(seconds * 1000)
  try {
    await crawl(
      hosts.map(({ source }) => source),
      {
        memory: { thread: async () => null, readTo: async () => null, validators: async () => null },
        pace: memoryPace(Date.now),
        now: Date.now,
        userAgent: 'changzhou-yuqing/bench',
        signal: stop,
        deliver: async () => 0,
      },
    )
    const end = performance.now()
    return {
      share: hosts.reduce((sum, host) => sum + shareOf(host, end), 0) / hosts.length,
      requests: hosts.reduce((sum, { answers }) => sum + answers.length, 0),
      broken: hosts.reduce((sum, host) => sum + tooMany(host), 0),
      hosts: hosts.length,
    }
  } finally {
    await Promise.all(hosts.map(host => host.close()))
  }
}
