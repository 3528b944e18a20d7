/**
 * design §9: thread pages of 20 floors on loopback, pacing off, against bare fetch + cheerio.load, 16 at a time. Rounds
 * take turns, because a machine's speed changes. `CRAWL_PAGES` sets how many pages we read (20,000).
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CRAWL_HEAP } from '../../crawlers/heap.ts'
import { MUTATIONS, mutantOf } from '../crawlers/mutate.ts'
import { engines, readSaved } from '../crawlers/pages.ts'
import { politeRun } from './polite.ts'
import { type BenchRow, printRows } from './row.ts'

const PAGES = Number(process.env.CRAWL_PAGES ?? 20_000)
const ROUNDS = 4
const SLOW_SAMPLE = 4_000
const MOST_RESIDENT_MB = 300
const POLITE_SECONDS = 90

interface Side {
  pages: number
  posts: number
  seconds: number
  cpu: number
  resident: number[]
}

const run = promisify(execFile)
const here = (file: string) => join(import.meta.dirname, file)

async function side(which: 'bare' | 'ours', address: string, pages: number): Promise<Side> {
  const flags = which === 'ours' ? CRAWL_HEAP : []
  const args = [...flags, here('crawl-run.ts'), which, address, String(pages)]
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 26 })
  return JSON.parse(stdout) as Side
}

const sum = (sides: Side[], of: 'pages' | 'seconds' | 'cpu') =>
  sides.reduce((total, each) => total + each[of], 0)
const round = (value: number) => Math.round(value * 100) / 100

/** How long the slowest of the fuzz's pages takes, ms of processor time. */
function slowest(): { ms: number; what: string } {
  let found = { ms: 0, what: '' }
  for (let seed = 0; seed < SLOW_SAMPLE; seed++) {
    const engine = engines[seed % engines.length] as (typeof engines)[number]
    const { saved, page, mutation } = mutantOf(engine, seed)
    const before = process.cpuUsage()
    readSaved(engine, saved, page)
    const { user, system } = process.cpuUsage(before)
    const ms = (user + system) / 1000
    if (ms > found.ms && seed > 50) found = { ms, what: `${engine} ${saved.name} ${mutation}` }
  }
  return found
}

const perRound = Math.ceil(PAGES / ROUNDS)
const server = spawn(process.execPath, [here('crawl-server.ts'), String(PAGES)], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [printed] = (await once(server.stdout, 'data')) as [Buffer]
const address = printed.toString().trim()
const [bare, ours]: [Side[], Side[]] = [[], []]
let whole: Side
try {
  for (let at = 0; at < ROUNDS; at++) {
    bare.push(await side('bare', address, Math.ceil(perRound / 2)))
    ours.push(await side('ours', address, perRound))
  }
  // Flat: one process that reads them all.
  whole = await side('ours', address, PAGES)
} finally {
  server.kill()
}
const speed = (sides: Side[]) => sum(sides, 'pages') / sum(sides, 'seconds')
const effort = (sides: Side[]) => (sum(sides, 'cpu') / sum(sides, 'pages')) * 1000
// The heap fills at first; what leaks grows on.
const early = Math.max(...whole.resident.slice(0, Math.ceil(whole.resident.length / 2)))
const most = Math.max(...whole.resident)
const slow = slowest()
const polite = await politeRun(POLITE_SECONDS)

const rows: BenchRow[] = [
  {
    what: 'thread pages of 20 floors, one connection; reference: fetch + cheerio.load, 16 at a time',
    value: round(speed(ours)),
    unit: 'pages/s',
    reference: round(speed(bare)),
    ratio: round(speed(ours) / speed(bare)),
    goal: '>= 1.5',
    met: speed(ours) / speed(bare) >= 1.5,
  },
  {
    what: 'processor time of a page, engine and start included',
    value: round(effort(ours)),
    unit: 'ms',
    reference: round(effort(bare)),
    ratio: round(effort(bare) / effort(ours)),
    goal: 'for information',
    met: true,
  },
  {
    what: `most resident memory over ${whole.pages} pages in one process`,
    value: most,
    unit: 'MB',
    goal: `< ${MOST_RESIDENT_MB} MB`,
    met: most < MOST_RESIDENT_MB,
  },
  {
    what: 'growth of memory in the second half of them',
    value: most - early,
    unit: 'MB',
    goal: '< 25 MB',
    met: most - early < 25,
  },
  {
    what: `slowest of ${SLOW_SAMPLE} broken pages (${MUTATIONS.length} ways to break one): ${slow.what}`,
    value: round(slow.ms),
    unit: 'ms',
    goal: '< 1000 ms',
    met: slow.ms < 1000,
  },
  {
    what: `share of the allowed rate that is used: ${polite.hosts} hosts, answers of 1-3 s, delays and ceilings; ${polite.requests} requests in ${POLITE_SECONDS} s`,
    value: round(polite.share),
    unit: '',
    goal: '>= 0.85',
    met: polite.share >= 0.85,
  },
  {
    what: 'of these, before the delay was over or beyond the ceiling',
    value: polite.broken,
    unit: 'requests',
    goal: '0',
    met: polite.broken === 0,
  },
]
printRows(rows)
